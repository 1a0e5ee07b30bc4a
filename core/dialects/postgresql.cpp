#include "core/dialects/postgresqldialect.h"

#include <QRegularExpression>
#include <cmath>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

QString includeText(const BaseDialect &dialect, const DialectOptions &options)
{
    const QStringList columns = optionList(options, u"postgresql_include"_s);
    return columns.isEmpty() ? QString() : u" INCLUDE ("_s + dialect.identList(columns) + u')';
}

QString notValid(const DialectOptions &options)
{
    return optionFlag(options, u"postgresql_not_valid"_s).value_or(false) ? u" NOT VALID"_s
                                                                          : QString();
}

QString withOptions(const DialectOptions &options)
{
    const auto found = options.constFind(u"postgresql_with"_s);
    const auto *map = found == options.cend() ? nullptr : std::get_if<OptionMap>(&*found);
    QStringList parts;
    if (map)
        for (const auto &[key, value] : map->entries)
            parts += key + (value.isEmpty() ? QString() : u" = "_s + value);
    return parts.join(u", "_s);
}

} // namespace

QString PostgresqlDialect::function(const QString &name, const QString &arguments,
                                    bool hasArguments) const
{
    static const QHash<QString, QString> others{{u"pow"_s, u"power"_s},
                                                {u"aggregate_strings"_s, u"string_agg"_s}};
    return BaseDialect::function(others.value(name.toLower(), name), arguments, hasArguments);
}

QString PostgresqlDialect::operatorSign(const QString &op) const
{
    return op == u"^" ? u"#"_s : op;
}

QString PostgresqlDialect::array(const QString &items, const SqlTypePtr &type,
                                 Rendering &rendering) const
{
    const bool isTyped = items.isEmpty() && type && type->item && type->item->name != u"NullType";
    return u"ARRAY[%1]"_s.arg(items)
           + (isTyped ? u"::"_s + this->type(type, rendering) : QString());
}

QString PostgresqlDialect::bindCast(const SqlTypePtr &given, Rendering &rendering) const
{
    // The types that the driver's own parameters can't carry (SQLAlchemy's render_bind_cast).
    const SqlType *shown = variantOf(given);
    const TypeAffinity kind = given ? affinity(given) : TypeAffinity::None;
    const bool isCast = kind == TypeAffinity::Json || kind == TypeAffinity::Array
                        || kind == TypeAffinity::Uuid || (shown && shown->name.endsWith(u"RANGE"));
    return isCast && shown->module != u"unknown" ? u"::"_s + type(given, rendering) : QString();
}

QString PostgresqlDialect::caseInsensitiveLike(const QString &left, const QString &right,
                                               bool isNegated) const
{
    return left + (isNegated ? u" NOT ILIKE "_s : u" ILIKE "_s) + right;
}

QString PostgresqlDialect::limit(const QString &count, const QString &offset) const
{
    QString text = count.isEmpty() ? QString() : u" \n LIMIT "_s + count;
    if (!offset.isEmpty())
        text += (count.isEmpty() ? u"\n LIMIT ALL"_s : QString()) + u" OFFSET "_s + offset;
    return text;
}

QString PostgresqlDialect::createSequenceText(const CreateSequence &create,
                                              Rendering &rendering) const
{
    const QString options = identityOptions(create.options);
    QString text = u"CREATE SEQUENCE "_s + (create.ifNotExists ? u"IF NOT EXISTS "_s : QString())
                   + tableIdent(create.name);
    if (create.dataType)
        text += u" AS "_s + type(create.dataType, rendering);
    return options.isEmpty() ? text : text + u' ' + options;
}

QString PostgresqlDialect::sequenceValue(const Expr &sequence, Rendering &) const
{
    return u"nextval('"_s + tableIdent({sequence.schema, sequence.text}).replace(u'\'', "''"_L1)
           + u"')"_s;
}

QString PostgresqlDialect::bindMarker(const QString &name, const RenderContext &context) const
{
    if (context.doublePercent)
        return bindPercent + u'(' + name + u")s"_s;
    return u':' + name;
}

QString PostgresqlDialect::uuidText(const QString &value, const SqlType *type) const
{
    if (type && (type->asText || (type->name == u"Uuid" && !type->nativeEnum)))
        return BaseDialect::uuidText(value, type);
    return value;
}

QString PostgresqlDialect::bytesLiteral(const QString &hex, const Rendering &rendering) const
{
    return stringLiteral(u"\\x"_s + hex, rendering);
}

QString PostgresqlDialect::intervalLiteral(double seconds, Rendering &rendering) const
{
    // A run sends what Python's driver would: days are days there, however long one may be.
    constexpr double day = 86400;
    const double days = rendering.context.offline ? 0 : std::floor(seconds / day);
    if (days != 0)
        return makeInterval(seconds - days * day)
            .replace(u"(secs"_s, u"(days=>%1, secs"_s.arg(qint64(days)));
    return makeInterval(seconds);
}

QString PostgresqlDialect::columnSpec(const Table &table, const Column &column,
                                      Rendering &rendering) const
{
    QString spec;
    spec.reserve(column.name.size() + 48); // a type, a default, NOT NULL
    spec += columnIdent(column) + u' ';
    const bool hasSequence = !column.sequence.isEmpty() && !column.sequenceOptional;
    const SqlType *shown = variantOf(column.type);
    const bool isSerial = isAutoIncrement(table, column, rendering) && !column.identity
                          && !hasSequence && !column.hasClientDefault && shown
                          && shown->module != u"reflected";
    if (isSerial) {
        spec += serialType(*shown);
    } else {
        spec += type(column.type, rendering);
        if (!column.collation.isEmpty())
            spec += u" COLLATE "_s + ident(column.collation, true);
        const QString value = defaultText(column.serverDefault, rendering);
        if (!value.isEmpty())
            spec += u" DEFAULT "_s + value;
    }
    if (column.computed)
        spec += u' ' + computedText(*column.computed, rendering);
    if (column.identity)
        spec += u' ' + identityText(*column.identity);
    const bool nullable = isNullable(table, column);
    if (!nullable && !column.identity)
        spec += u" NOT NULL"_s;
    else if (nullable && column.identity)
        spec += u" NULL"_s;
    return spec;
}

QString PostgresqlDialect::computedText(const Computed &computed, Rendering &rendering) const
{
    if (computed.persisted == false)
        return rendering.fail(u"PostgreSQL has no virtual generated columns; use persisted=True"_s);
    return u"GENERATED ALWAYS AS ("_s + ddlExpression(computed.expression, rendering)
           + u") STORED"_s;
}

QString PostgresqlDialect::identityText(const Identity &identity) const
{
    const QString options = identityOptions(identity);
    return u"GENERATED %1 AS IDENTITY"_s.arg(identity.always ? u"ALWAYS"_s : u"BY DEFAULT"_s)
           + (options.isEmpty() ? QString() : u" ("_s + options + u')');
}

QString PostgresqlDialect::primaryKeyText(const Table &table, const PrimaryKey &key,
                                          Rendering &rendering) const
{
    return BaseDialect::primaryKeyText(table, key, rendering) + includeText(*this, key.options);
}

QString PostgresqlDialect::uniqueText(const Table &, const UniqueConstraint &unique,
                                      Rendering &rendering) const
{
    if (unique.columns.isEmpty())
        return {};
    QString text = constraintPreamble(unique.name, rendering) + u"UNIQUE "_s;
    if (const auto distinct = optionFlag(unique.options, u"postgresql_nulls_not_distinct"_s))
        text += *distinct ? u"NULLS NOT DISTINCT "_s : u"NULLS DISTINCT "_s;
    return text + u'(' + identList(unique.columns) + u')' + includeText(*this, unique.options)
           + deferrability(unique.deferrable, unique.initially, rendering);
}

QString PostgresqlDialect::foreignKeyText(const TableName &table, const ForeignKey &key,
                                          Rendering &rendering) const
{
    return BaseDialect::foreignKeyText(table, key, rendering) + notValid(key.options);
}

QString PostgresqlDialect::checkText(const CheckConstraint &check, Rendering &rendering) const
{
    return BaseDialect::checkText(check, rendering) + notValid(check.options);
}

QString PostgresqlDialect::excludeText(const ExcludeConstraint &exclude, Rendering &rendering) const
{
    QStringList elements;
    for (const auto &[element, op] : exclude.elements) {
        QString text = ddlExpression(element, rendering);
        if (element && element->kind == Expr::Kind::Column
            && exclude.operatorClasses.contains(element->text))
            text += u' ' + exclude.operatorClasses.value(element->text);
        elements += text + u" WITH "_s + op;
    }
    const QString method = exclude.method.isEmpty() ? u"gist"_s : exclude.method.toLower();
    return constraintPreamble(exclude.name, rendering) + u"EXCLUDE USING "_s + method + u" ("_s
           + elements.join(u", "_s) + u')'
           + (exclude.where ? u" WHERE ("_s + ddlExpression(exclude.where, rendering) + u')'
                            : QString())
           + deferrability(exclude.deferrable, exclude.initially, rendering);
}

bool PostgresqlDialect::isReferentialAction(const QString &phrase, bool onDelete) const
{
    static const QRegularExpression withColumns(u"^SET (?:NULL|DEFAULT)\\s*\\(.+\\)$"_s,
                                                QRegularExpression::CaseInsensitiveOption);
    return (onDelete && phrase.contains(withColumns))
           || BaseDialect::isReferentialAction(phrase, onDelete);
}

QString PostgresqlDialect::tableOptions(const Table &table, Rendering &) const
{
    const DialectOptions &options = table.options;
    QString text;
    if (const QStringList parents = optionList(options, u"postgresql_inherits"_s);
        !parents.isEmpty())
        text += u"\n INHERITS ( "_s + identList(parents) + u" )"_s;
    if (const auto by = optionText(options, u"postgresql_partition_by"_s))
        text += u"\n PARTITION BY "_s + *by;
    if (const auto method = optionText(options, u"postgresql_using"_s))
        text += u"\n USING "_s + *method;
    if (const QString with = withOptions(options); !with.isEmpty())
        text += u"\n WITH ("_s + with + u')';
    if (const auto oids = optionFlag(options, u"postgresql_with_oids"_s))
        text += *oids ? u"\n WITH OIDS"_s : u"\n WITHOUT OIDS"_s;
    if (const auto action = optionText(options, u"postgresql_on_commit"_s))
        text += u"\n ON COMMIT "_s + QString(*action).replace(u'_', u' ').toUpper();
    if (const auto space = optionText(options, u"postgresql_tablespace"_s))
        text += u"\n TABLESPACE "_s + ident(*space);
    return text;
}

QString PostgresqlDialect::indexElement(const ExprPtr &element, const Index &index,
                                        Rendering &rendering) const
{
    const bool isLabelled = element && element->kind == Expr::Kind::Label;
    const ExprPtr inner = isLabelled ? element->args.value(0) : element;
    const bool isOperation = inner
                             && (inner->kind == Expr::Kind::Binary || inner->kind == Expr::Kind::And
                                 || inner->kind == Expr::Kind::Or);
    QString text = ddlExpression(element, rendering);
    if (isOperation)
        text = u'(' + text + u')';
    const auto found = index.options.constFind(u"postgresql_ops"_s);
    const auto *classes = found == index.options.cend() ? nullptr : std::get_if<OptionMap>(&*found);
    const bool isNamed =
        element
        && (element->kind == Expr::Kind::Column || element->kind == Expr::Kind::Label
            || element->kind == Expr::Kind::Text);
    if (const auto name = classes && isNamed ? classes->value(element->text) : std::nullopt)
        text += u' ' + *name;
    return text;
}

QString PostgresqlDialect::createIndexText(const CreateIndex &create, Rendering &rendering) const
{
    const DialectOptions &options = create.index.options;
    QString text = u"CREATE "_s + (create.index.unique ? u"UNIQUE "_s : QString()) + u"INDEX "_s;
    if (optionFlag(options, u"postgresql_concurrently"_s).value_or(false))
        text += u"CONCURRENTLY "_s;
    if (create.ifNotExists)
        text += u"IF NOT EXISTS "_s;
    text += objectName(create.index.name, rendering) + u" ON "_s + tableIdent(create.table) + u' ';
    if (const auto method = optionText(options, u"postgresql_using"_s))
        text += u"USING "_s + method->toLower() + u' ';
    text += u'(' + indexElements(create.index, rendering) + u')' + includeText(*this, options);
    if (const auto distinct = optionFlag(options, u"postgresql_nulls_not_distinct"_s))
        text += *distinct ? u" NULLS NOT DISTINCT"_s : u" NULLS DISTINCT"_s;
    if (const QString with = withOptions(options); !with.isEmpty())
        text += u" WITH ("_s + with + u')';
    if (const auto space = optionText(options, u"postgresql_tablespace"_s))
        text += u" TABLESPACE "_s + ident(*space);
    return text + indexWhere(create.index, u"postgresql_where"_s, rendering);
}

QString PostgresqlDialect::dropIndexText(const DropIndex &drop, Rendering &rendering) const
{
    QString text = BaseDialect::dropIndexText(drop, rendering);
    if (optionFlag(drop.options, u"postgresql_concurrently"_s).value_or(false))
        text.insert(int(qstrlen("DROP INDEX ")), u"CONCURRENTLY "_s);
    return text;
}

/// The options in which the identity differs, in alphabetical order of SQLAlchemy's names.
QString PostgresqlDialect::identityChange(const AlterColumn &alter) const
{
    const Identity now = *alter.serverDefault->identity;
    Identity old;
    if (alter.existingServerDefault && alter.existingServerDefault->identity)
        old = *alter.existingServerDefault->identity;
    QString text;
    if (now.always != old.always)
        text += u" SET GENERATED "_s + (now.always ? u"ALWAYS"_s : u"BY DEFAULT"_s);
    const auto set = [&](bool differs, const Identity &only) {
        if (differs)
            text += u" SET "_s + identityOptions(only);
    };
    set(now.cache && now.cache != old.cache, {.cache = now.cache});
    set(now.cycle && now.cycle != old.cycle, {.cycle = now.cycle});
    set(now.increment && now.increment != old.increment, {.increment = now.increment});
    set(now.maxValue && now.maxValue != old.maxValue, {.maxValue = now.maxValue});
    set(now.minValue && now.minValue != old.minValue, {.minValue = now.minValue});
    set(now.noMaxValue && !old.noMaxValue, {.noMaxValue = true});
    set(now.noMinValue && !old.noMinValue, {.noMinValue = true});
    set(now.start && now.start != old.start, {.start = now.start});
    return text;
}

void PostgresqlDialect::alterDefault(const AlterColumn &alter, Rendering &rendering,
                                     QStringList &statements) const
{
    const QString start = alterColumn(alter);
    const DefaultChange &now = *alter.serverDefault;
    const DefaultChange old = alter.existingServerDefault.value_or(DefaultChange{});
    if (now.computed || old.computed) {
        rendering.fail(
            u"A column can't be made, or cease to be, a generated one: add a new column instead "
            "of %1"_s.arg(alter.column));
    } else if (now.identity) {
        // Alembic takes "not given" for "there is one" and changes instead of adding.
        const bool adds = alter.existingServerDefault && old.isNone();
        rendering.say(
            statements,
            start + (adds ? u" ADD "_s + identityText(*now.identity) : identityChange(alter)));
    } else if (old.identity && now.expression) {
        rendering.fail(u"Alembic can't make %1 have a default instead of an identity in one step: "
                       "drop the identity with server_default=None first"_s.arg(alter.column));
    } else if (old.identity) {
        rendering.say(statements, start + u" DROP IDENTITY"_s);
    } else if (now.expression) {
        rendering.say(statements,
                      start + u" SET DEFAULT "_s + defaultText(now.expression, rendering));
    } else {
        rendering.say(statements, start + u" DROP DEFAULT"_s);
    }
}

void PostgresqlDialect::add(const AlterColumn &alter, Rendering &rendering,
                            QStringList &statements) const
{
    if (alter.using_ && !alter.type) {
        rendering.fail(u"postgresql_using for column %1 needs the new type too; give type_"_s.arg(
            alter.column));
        return;
    }
    dropOldTypeChecks(alter, rendering, statements);
    const QString start = alterColumn(alter);
    if (alter.type)
        rendering.say(statements,
                      start + u" TYPE "_s + type(alter.type, rendering)
                          + (alter.using_ ? u" USING "_s + alter.using_->text : QString()));
    if (alter.nullable)
        rendering.say(statements,
                      start + (*alter.nullable ? u" DROP NOT NULL"_s : u" SET NOT NULL"_s));
    if (alter.serverDefault)
        alterDefault(alter, rendering, statements);
    if (rendering.error)
        return;
    const QString column = alterTableIdent(alter.table) + u'.' + ident(alter.column);
    if (alter.comment)
        rendering.say(statements, u"COMMENT ON COLUMN "_s + column + u" IS "_s
                                      + stringLiteral(*alter.comment, rendering));
    else if (alter.clearComment)
        rendering.say(statements, u"COMMENT ON COLUMN "_s + column + u" IS NULL"_s);
    if (alter.newName && *alter.newName != alter.column)
        rendering.say(statements, u"ALTER TABLE "_s + alterTableIdent(alter.table) + u" RENAME "_s
                                      + ident(alter.column) + u" TO "_s + ident(*alter.newName));
    addNewTypeChecks(alter, rendering, statements);
}

const Dialect &postgresqlDialect()
{
    static const PostgresqlDialect dialect;
    return dialect;
}

} // namespace tribikos
