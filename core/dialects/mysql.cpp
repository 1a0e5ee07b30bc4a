#include "core/dialects/mysqldialect.h"

#include <QRegularExpression>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

QString MysqlDialect::function(const QString &name, const QString &arguments,
                               bool hasArguments) const
{
    const QString lower = name.toLower();
    if (lower == u"random")
        return u"rand("_s + arguments + u')';
    if (lower == u"sysdate")
        return u"SYSDATE()"_s;
    if (lower == u"utc_timestamp")
        return u"UTC_TIMESTAMP"_s + (hasArguments ? u'(' + arguments + u')' : QString());
    return BaseDialect::function(name, arguments, hasArguments);
}

QString MysqlDialect::concatenation(const QStringList &operands) const
{
    return u"concat("_s + operands.join(u", "_s) + u')';
}

QString MysqlDialect::distinction(const QString &left, const QString &right, bool isNegated) const
{
    const QString same = left + u" <=> "_s + right;
    return isNegated ? same : u"NOT ("_s + same + u')';
}

QString MysqlDialect::division(const QString &left, const QString &right, const SqlTypePtr &,
                               Rendering &) const
{
    return left + u" / "_s + right;
}

QString MysqlDialect::extract(const QString &field, const QString &from, Rendering &rendering) const
{
    return BaseDialect::extract(field == u"milliseconds" ? u"millisecond"_s : field, from,
                                rendering);
}

QString MysqlDialect::regexpReplace(const QString &text, const QString &pattern,
                                    const QString &replacement, const QString &flags,
                                    Rendering &rendering) const
{
    if (backend() == Backend::MariaDb && !flags.isEmpty())
        return u"REGEXP_REPLACE(%1, CONCAT('(?', %2, ')', %3), %4)"_s.arg(
            text, stringLiteral(flags, rendering), pattern, replacement);
    return BaseDialect::regexpReplace(text, pattern, replacement, flags, rendering);
}

QString MysqlDialect::limit(const QString &count, const QString &offset) const
{
    if (offset.isEmpty())
        return u" \n LIMIT "_s + count;
    return u" \n LIMIT "_s + offset + u", "_s
           + (count.isEmpty() ? u"18446744073709551615"_s : count);
}

QString MysqlDialect::createSequenceText(const CreateSequence &create, Rendering &rendering) const
{
    QString text = BaseDialect::createSequenceText(create, rendering);
    if (create.options.cycle == false && text.endsWith(u" NO CYCLE"))
        text.replace(text.size() - 9, 9, u" NOCYCLE"_s);
    return text;
}

QString MysqlDialect::sequenceValue(const Expr &sequence, Rendering &) const
{
    return u"nextval("_s + tableIdent({sequence.schema, sequence.text}) + u')';
}

QString MysqlDialect::defaultClause(const QString &text, const Rendering &rendering) const
{
    // Servers that take any expression want it in parentheses; offline the server's version is not
    // known.
    static const QRegularExpression quotedStart(u"^\\s*['\"(]"_s);
    static const QRegularExpression onUpdate(u"ON +UPDATE"_s,
                                             QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression precise(u"^(?:now\\(\\d+\\)|current_timestamp\\(\\d+\\))"_s,
                                            QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression other(u"\\W"_s, QRegularExpression::UseUnicodePropertiesOption);
    if (text.isEmpty())
        return {};
    const bool wraps = !rendering.context.offline && !text.contains(quotedStart)
                       && !text.contains(onUpdate) && !text.contains(precise)
                       && text.contains(other);
    return u" DEFAULT "_s + (wraps ? u'(' + text + u')' : text);
}

QString MysqlDialect::columnSpec(const Table &table, const Column &column,
                                 Rendering &rendering) const
{
    QString spec = columnIdent(column) + u' ' + type(column.type, rendering);
    if (!column.collation.isEmpty())
        spec += u" COLLATE "_s + column.collation;
    if (column.computed)
        spec += u' ' + computedText(*column.computed, rendering);
    const SqlType *shown = variantOf(column.type);
    if (!isNullable(table, column))
        spec += u" NOT NULL"_s;
    else if (shown && shown->name == u"TIMESTAMP")
        spec += u" NULL"_s;
    if (column.hasComment)
        spec += u" COMMENT "_s + stringLiteral(column.comment, rendering);
    if (isAutoIncrement(table, column, rendering) && !column.serverDefault)
        return spec + u" AUTO_INCREMENT"_s;
    return spec + defaultClause(defaultText(column.serverDefault, rendering), rendering);
}

QString MysqlDialect::matchText(const ForeignKey &key, Rendering &rendering) const
{
    if (key.match.isEmpty())
        return {};
    return rendering.fail(
        u"%1 ignores MATCH and, with it, ON DELETE and ON UPDATE; leave it out"_s.arg(
            backendTitle(backend())));
}

QString MysqlDialect::primaryKeyText(const Table &table, const PrimaryKey &key,
                                     Rendering &rendering) const
{
    const QString text = BaseDialect::primaryKeyText(table, key, rendering);
    const auto method = option(key.options, u"using"_s);
    return method ? text + u" USING "_s + ident(*method) : text;
}

QString MysqlDialect::tableOptions(const Table &table, Rendering &rendering) const
{
    static const QStringList spaced{u"DATA_DIRECTORY"_s,        u"INDEX_DIRECTORY"_s,
                                    u"DEFAULT_CHARACTER_SET"_s, u"CHARACTER_SET"_s,
                                    u"DEFAULT_CHARSET"_s,       u"DEFAULT_COLLATE"_s};
    static const QStringList quoted{u"COMMENT"_s, u"PASSWORD"_s, u"CONNECTION"_s};
    static const QStringList joinedByBlank{u"TABLESPACE"_s, u"DEFAULT CHARACTER SET"_s,
                                           u"CHARACTER SET"_s, u"COLLATE"_s};
    static const QStringList partitions{u"PARTITION_BY"_s, u"PARTITIONS"_s, u"SUBPARTITION_BY"_s,
                                        u"SUBPARTITIONS"_s};
    QMap<QString, QString> values;
    const QString prefix = backendName(backend()) + u'_';
    for (auto i = table.options.cbegin(); i != table.options.cend(); ++i)
        if (i.key().startsWith(prefix))
            values.insert(i.key().mid(prefix.size()).toUpper(),
                          optionText(table.options, i.key()).value_or(QString()));
    if (table.hasComment)
        values.insert(u"COMMENT"_s, table.comment);
    QStringList names = values.keys();
    // The character set comes before the collation, partitions come last in their own order.
    std::ranges::stable_sort(names, {}, [](const QString &name) {
        const qsizetype partition = partitions.indexOf(name);
        return partition >= 0 ? 2 + partition : qsizetype(name == u"COLLATE");
    });
    QStringList parts;
    for (QString name : std::as_const(names)) {
        const QString value = quoted.contains(name) ? stringLiteral(values.value(name), rendering)
                                                    : values.value(name);
        const bool isPartition = partitions.contains(name);
        if (isPartition || spaced.contains(name))
            name.replace(u'_', u' ');
        parts += name + (isPartition || joinedByBlank.contains(name) ? u' ' : u'=') + value;
    }
    return parts.join(u' ');
}

QString MysqlDialect::renameTarget(const RenameTable &rename) const
{
    return alterTableIdent({rename.table.schema, rename.newName});
}

void MysqlDialect::createTypes(const Table &table, RenderContext &, Rendering &rendering,
                               QStringList &) const
{
    for (const Column &column : table.columns)
        if (const SqlType *shown = variantOf(column.type);
            shown && shown->module == u"postgresql"
            && (shown->name == u"ENUM" || shown->name == u"DOMAIN"))
            unsupportedType(*shown, rendering);
}

QString MysqlDialect::indexElement(const ExprPtr &element, const Index &,
                                   Rendering &rendering) const
{
    const QString text = ddlExpression(element, rendering);
    const bool wraps =
        element
        && (element->kind == Expr::Kind::Function || element->kind == Expr::Kind::Binary
            || (element->kind == Expr::Kind::Unary && element->text != u"DESC"
                && element->text != u"ASC"));
    return wraps ? u'(' + text + u')' : text;
}

QString MysqlDialect::indexLength(const Index &index, const QString &column) const
{
    const QString name = backendName(backend()) + u"_length"_s;
    const auto found = index.options.constFind(name);
    if (found == index.options.cend())
        return {};
    if (const auto *lengths = std::get_if<OptionMap>(&*found)) {
        const auto length = lengths->value(column);
        return length ? u'(' + *length + u')' : QString();
    }
    return u'(' + optionText(index.options, name).value_or(QString()) + u')';
}

QString MysqlDialect::createIndexText(const CreateIndex &create, Rendering &rendering) const
{
    const Index &index = create.index;
    QString text = u"CREATE "_s + (index.unique ? u"UNIQUE "_s : QString());
    if (const auto prefix = option(index.options, u"prefix"_s))
        text += *prefix + u' ';
    text += u"INDEX "_s + (create.ifNotExists ? u"IF NOT EXISTS "_s : QString())
            + objectName(index.name, rendering) + u" ON "_s + tableIdent(create.table) + u" ("_s;
    QStringList elements;
    for (const ExprPtr &element : index.elements)
        elements +=
            indexElement(element, index, rendering)
            + indexLength(index, element && element->kind == Expr::Kind::Column ? element->text
                                                                                : QString());
    text += elements.join(u", "_s) + u')';
    if (const auto parser = option(index.options, u"with_parser"_s))
        text += u" WITH PARSER "_s + *parser;
    if (const auto method = option(index.options, u"using"_s))
        text += u" USING "_s + ident(*method);
    return text;
}

QString MysqlDialect::dropIndexText(const DropIndex &drop, Rendering &rendering) const
{
    TableName table = drop.table.value_or(TableName{{}, u"no_table"_s});
    if (table.schema.isEmpty())
        table.schema = drop.schema;
    return u"DROP INDEX "_s + (drop.ifExists ? u"IF EXISTS "_s : QString())
           + objectName(drop.name, rendering) + u" ON "_s + tableIdent(table);
}

QString MysqlDialect::alteredSpec(const AlterColumn &alter, Rendering &rendering) const
{
    const SqlTypePtr &shown = alter.type ? alter.type : alter.existingType;
    if (!shown)
        return rendering.fail(
            u"%1 repeats the whole column in MODIFY and CHANGE, so the change of %2 needs "
            "existing_type"_s.arg(backendTitle(backend()), alter.column));
    const bool nullable = alter.nullable.value_or(alter.existingNullable.value_or(true));
    QString spec = type(shown, rendering) + (nullable ? u" NULL"_s : u" NOT NULL"_s);
    if (alter.autoincrement.value_or(alter.existingAutoincrement.value_or(false)))
        spec += u" AUTO_INCREMENT"_s;
    const auto &value = alter.serverDefault ? alter.serverDefault : alter.existingServerDefault;
    if (value && value->expression)
        spec += u" DEFAULT "_s + defaultText(value->expression, rendering);
    const QString comment = alter.clearComment ? QString()
                            : alter.comment    ? *alter.comment
                                               : alter.existingComment.value_or(QString());
    return comment.isEmpty() ? spec : spec + u" COMMENT "_s + stringLiteral(comment, rendering);
}

/// Whether Alembic takes the column for a DateTime, which it changes by CHANGE: the generic Interval is none.
bool MysqlDialect::isMoment(const AlterColumn &alter) const
{
    const SqlTypePtr &shown = alter.type ? alter.type : alter.existingType;
    const bool removesDefault = alter.serverDefault && alter.serverDefault->isNone();
    return !alter.isTypeClass && !removesDefault && affinity(shown) == TypeAffinity::DateTime
           && affinityOfClass(variantOf(shown)->name) != TypeAffinity::Interval;
}

/// Whether the change is written as MODIFY or CHANGE, with all that the column has.
bool MysqlDialect::repeatsColumn(const AlterColumn &alter) const
{
    return alter.newName || alter.nullable || alter.type || alter.autoincrement || alter.comment
           || alter.clearComment || isMoment(alter);
}

void MysqlDialect::add(const AlterColumn &alter, Rendering &rendering,
                       QStringList &statements) const
{
    const DefaultChange now = alter.serverDefault.value_or(DefaultChange{});
    const DefaultChange old = alter.existingServerDefault.value_or(DefaultChange{});
    if (alter.serverDefault && (now.identity || old.identity || now.computed || old.computed)) {
        BaseDialect::add(alter, rendering, statements); // which says why not
        return;
    }
    const QString table = u"ALTER TABLE "_s + alterTableIdent(alter.table);
    const QString column = ident(alter.column);
    const bool repeats = repeatsColumn(alter);
    if (repeats && (old.identity || old.computed)) {
        rendering.fail(
            u"%1 repeats the whole column in MODIFY and CHANGE, and Alembic can't write what "
            "generates %2: write the statement with op.execute()"_s.arg(backendTitle(backend()),
                                                                        alter.column));
        return;
    }
    QString sql;
    if (alter.newName || (repeats && isMoment(alter)))
        sql = table + u" CHANGE "_s + column + u' ' + ident(alter.newName.value_or(alter.column))
              + u' ' + alteredSpec(alter, rendering);
    else if (repeats)
        sql = table + u" MODIFY "_s + column + u' ' + alteredSpec(alter, rendering);
    else if (alter.serverDefault)
        sql = table + u" ALTER COLUMN "_s + column
              + (now.expression ? u" SET DEFAULT "_s + defaultText(now.expression, rendering)
                                : u" DROP DEFAULT"_s);
    if (rendering.error)
        return;
    if (!sql.isEmpty())
        rendering.say(statements, sql);
    addNewTypeChecks(alter, rendering, statements);
}

void MysqlDialect::add(const DropConstraint &drop, Rendering &rendering,
                       QStringList &statements) const
{
    // What answers behind mysql:// may be MariaDB, which has no DROP CHECK; DROP CONSTRAINT both have, MySQL since 8.0.19.
    const QString start = u"ALTER TABLE "_s + tableIdent(drop.table) + u" DROP "_s;
    if (drop.kind.isEmpty())
        rendering.fail(u"%1 has no DROP CONSTRAINT for every kind; give type_ for %2"_s.arg(
            backendTitle(backend()), drop.name.text));
    else if (drop.kind == u"primary")
        rendering.say(statements, start + u"PRIMARY KEY "_s);
    else if (drop.name.isEmpty())
        rendering.fail(
            u"The constraint to drop from %1 has no name; give it the name that the database "
            "knows"_s.arg(drop.table.text()));
    else
        rendering.say(statements, start
                                      + (drop.kind == u"unique"       ? u"INDEX"_s
                                         : drop.kind == u"foreignkey" ? u"FOREIGN KEY"_s
                                         : rendering.context.offline  ? dropCheckWord()
                                                                      : u"CONSTRAINT"_s)
                                      + u' ' + objectName(drop.name, rendering));
}

void MysqlDialect::add(const SetTableComment &set, Rendering &rendering,
                       QStringList &statements) const
{
    const QString text = set.isDrop    ? u"''"_s
                         : set.comment ? stringLiteral(*set.comment, rendering)
                                       : u"NULL"_s;
    rendering.say(statements, u"ALTER TABLE "_s + tableIdent(set.table) + u" COMMENT "_s + text);
}

const Dialect &mysqlDialect()
{
    static const MysqlDialect dialect;
    return dialect;
}

const Dialect &mariadbDialect()
{
    static const MariadbDialect dialect;
    return dialect;
}

} // namespace tribikos
