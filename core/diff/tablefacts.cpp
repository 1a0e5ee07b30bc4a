#include "core/diff/tablefacts.h"

#include "core/diff/looseexpression.h"
#include "core/diff/rules.h"
#include "core/ops/implicitname.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

/// A foreign key's or unique constraint's deferral; what is the default everywhere is nothing.
template<typename T>
QString deferral(const T &constraint)
{
    if (!constraint.deferrable.value_or(false))
        return {};
    const bool isDeferred = constraint.initially.compare(u"DEFERRED"_s, Qt::CaseInsensitive) == 0;
    return isDeferred ? u" DEFERRABLE INITIALLY DEFERRED"_s : u" DEFERRABLE"_s;
}

} // namespace

const Table *FactContext::table(const TableName &name)
{
    if (m_tables.isEmpty())
        for (const Table &table : m_schema.tables)
            m_tables.insert(foldedName(table.name, backend), &table);
    return m_tables.value(foldedName(name, backend));
}

const TypeShape &FactContext::shapeOf(const QString &typeText)
{
    const auto known = m_shapes.constFind(typeText);
    return known != m_shapes.cend() ? *known
                                    : *m_shapes.insert(typeText, typeShape(typeText, backend));
}

TableFacts::TableFacts(FactContext &context, const Table &table)
    : m_context(context)
    , m_table(table)
    , m_backend(context.backend)
    , m_rules(rulesFor(m_backend))
    , m_dialect(dialectFor(m_backend))
{}

TableFact TableFacts::read() const
{
    TableFact fact{.name = m_table.name,
                   .isOpaque = m_table.isOpaque,
                   .isPartition = m_table.options.contains(u"postgresql_partition_of"_s)};
    const qsizetype count = m_table.columns.size();
    fact.shown = count == 1 ? u"1 column"_s : u"%1 columns"_s.arg(count);
    if (m_rules.hasComments && m_table.hasComment)
        fact.comment = m_table.comment;
    for (const Column &column : m_table.columns)
        fact.columns.insert(folded(column.name), columnFact(column));
    addKey(fact);
    for (const Constraint &constraint : m_table.constraints) {
        if (const auto *unique = std::get_if<UniqueConstraint>(&constraint))
            addUnique(fact, *unique);
        else if (const auto *key = std::get_if<ForeignKey>(&constraint))
            addForeignKey(fact, *key);
        else if (const auto *exclude = std::get_if<ExcludeConstraint>(&constraint))
            addExclude(fact, *exclude);
    }
    addChecks(fact);
    for (const Index &index : m_table.indexes)
        addIndex(fact, index);
    return fact;
}

QString TableFacts::folded(const QStringList &names) const
{
    QStringList all;
    for (const QString &name : names)
        all.append(folded(name));
    return all.join(u',');
}

QStringList TableFacts::identifiers(const QStringList &names) const
{
    QStringList all;
    for (const QString &name : names)
        all.append(m_dialect.ident(name));
    return all;
}

/// \a expression as the dialect writes it; what it can't write is shown as it is.
QString TableFacts::text(const ExprPtr &expression) const
{
    if (!expression)
        return {};
    const Result<QString> rendered = m_dialect.expression(expression, {});
    return rendered ? *rendered : expression->text;
}

ColumnFact TableFacts::columnFact(const Column &column) const
{
    ColumnFact fact{.name = column.name};
    const Result<QString> type = column.type ? m_dialect.typeText(column.type) : QString();
    fact.typeShown = type ? *type : column.type->name;
    if (type)
        fact.type = m_context.shapeOf(*type);
    if (!column.collation.isEmpty()) {
        fact.type.collation = column.collation.toLower();
        fact.typeShown += u" COLLATE "_s + column.collation;
    }
    fact.isNullable = isNullable(column, fact.type);
    readDefault(column, fact);
    if (m_rules.hasComments && column.hasComment)
        fact.comment = column.comment;
    QStringList shown{fact.typeShown};
    if (!fact.isNullable)
        shown.append(u"NOT NULL"_s);
    if (!fact.defaultShown.isEmpty())
        shown.append(fact.defaultShown);
    fact.shown = shown.join(u' ').trimmed();
    return fact;
}

QStringList TableFacts::keyColumns() const
{
    if (const PrimaryKey *key = m_table.primaryKey())
        return key->columns;
    QStringList names;
    for (const Column &column : m_table.columns)
        if (column.primaryKey)
            names.append(column.name);
    return names;
}

bool TableFacts::isNullable(const Column &column, const TypeShape &type) const
{
    const QStringList key = keyColumns();
    if (!key.contains(column.name))
        return column.nullable.value_or(!column.identity);
    // SQLite: INTEGER PRIMARY KEY is the rowid, and a table without rowids has no NULL in its key.
    const bool isRowid = type.word == u"integer" && key.size() == 1;
    const bool isStored = m_table.options.contains(u"sqlite_with_rowid"_s);
    if (m_rules.keyIsNotNull || isRowid || isStored)
        return false;
    return column.nullable.value_or(false);
}

/// GENERATED … AS IDENTITY, without what it has anyway.
QString TableFacts::identityText(const Identity &identity) const
{
    QStringList options;
    const auto say = [&](const QString &word, std::optional<qint64> value,
                         std::initializer_list<qint64> usual) {
        if (value && !std::ranges::count(usual, *value))
            options.append(word + u' ' + QString::number(*value));
    };
    say(u"START WITH"_s, identity.start, {identity.minValue.value_or(1)});
    say(u"INCREMENT BY"_s, identity.increment, {1});
    say(u"MINVALUE"_s, identity.minValue, {1});
    say(u"MAXVALUE"_s, identity.maxValue, {0x7fff, 0x7fffffff, 0x7fffffffffffffff});
    say(u"CACHE"_s, identity.cache, {1});
    if (identity.cycle.value_or(false))
        options.append(u"CYCLE"_s);
    return u"GENERATED %1 AS IDENTITY"_s.arg(identity.always ? u"ALWAYS"_s : u"BY DEFAULT"_s)
           + (options.isEmpty() ? QString() : u" ("_s + options.join(u' ') + u')');
}

void TableFacts::readDefault(const Column &column, ColumnFact &fact) const
{
    fact.isDefaultKnown = !column.serverDefaultOpaque;
    if (column.computed) {
        const QString expression = text(column.computed->expression);
        const bool isStored = column.computed->persisted.value_or(m_backend == Backend::PostgreSql);
        fact.isGenerated = true;
        fact.defaultShown =
            u"GENERATED ALWAYS AS (%1) %2"_s.arg(expression, isStored ? u"STORED"_s : u"VIRTUAL"_s);
        fact.defaultKey = normalExpression(fact.defaultShown, m_backend);
        fact.isDefaultKnown = !isRewritten(expression, m_backend);
        return;
    }
    if (column.identity && m_backend == Backend::PostgreSql) {
        fact.defaultShown = identityText(*column.identity);
        fact.defaultKey = fact.defaultShown;
        return;
    }
    if (!column.serverDefault)
        return;
    const bool isString = column.serverDefault->kind == Expr::Kind::Value
                          && column.serverDefault->value.kind == Literal::Kind::String;
    const QString written =
        isString ? u'\'' + QString(column.serverDefault->value.text).replace(u'\'', u"''"_s) + u'\''
                 : text(column.serverDefault);
    fact.defaultKey = normalDefault(written, fact.type, m_backend);
    if (!isString && isRewritten(written, m_backend) && looseWords(written, m_backend).size() > 1)
        fact.isDefaultKnown = false; // a constant alone is compared by its value
    if (fact.type.word == u"interval" && isString && fact.defaultKey
        && !fact.defaultKey->endsWith(u" us"))
        fact.isDefaultKnown =
            false; // a spelling such as P1DT2H, which the server prints in its own
    if (fact.defaultKey && fact.defaultKey->startsWith(u"nextval (")) // SERIAL's own
        fact.defaultKey.reset();
    if (fact.defaultKey)
        fact.defaultShown = u"DEFAULT "_s + written;
}

void TableFacts::add(TableFact &fact, const QString &key, ObjectFact object) const
{
    if (object.nameKey.isEmpty())
        object.nameKey = folded(object.name);
    fact.objects.insert({int(object.kind), key}, std::move(object));
}

void TableFacts::addKey(TableFact &fact) const
{
    const QStringList columns = keyColumns();
    if (columns.isEmpty())
        return;
    ObjectFact object{
        .kind = Difference::Kind::PrimaryKey, .value = folded(columns), .shown = listed(columns)};
    fact.objects.insert({int(Difference::Kind::PrimaryKey), {}},
                        object); // its name is never compared
}

void TableFacts::addUnique(TableFact &fact, const UniqueConstraint &unique) const
{
    QStringList sorted = unique.columns;
    sorted.sort(m_rules.foldsCase ? Qt::CaseInsensitive : Qt::CaseSensitive);
    ObjectFact object{.kind = Difference::Kind::UniqueConstraint,
                      .name = unique.name.text,
                      .shown =
                          listed(unique.columns) + optionsText(unique.options) + deferral(unique)};
    if (!m_rules.keepsText)
        object.value = optionsText(unique.options) + deferral(unique);
    // PostgreSQL makes one of two that say the same.
    object.isOptional = m_backend == Backend::PostgreSql && unique.columns == keyColumns();
    const QStringList made = serverNames(m_table, UniqueConstraint{.columns = unique.columns}, 1);
    if (m_rules.namesConstraints && made.contains(unique.name.text))
        object.nameKey = anyName;
    add(fact, folded(sorted), object);
}

/// The columns that the key refers to; the target's primary key when it does not say.
QString TableFacts::targetColumns(const ForeignKey &key) const
{
    if (!key.targetColumns.isEmpty())
        return folded(key.targetColumns);
    const Table *target = m_context.table(key.target);
    return target && target->primaryKey() ? folded(target->primaryKey()->columns) : QString();
}

QString TableFacts::action(const QString &written) const
{
    const QString word = written.simplified().toUpper();
    return word == u"NO ACTION" || word == m_rules.defaultAction ? QString() : word;
}

void TableFacts::addForeignKey(TableFact &fact, const ForeignKey &key) const
{
    const QString onDelete = action(key.onDelete);
    const QString onUpdate = action(key.onUpdate);
    QString shown = listed(key.columns) + u" REFERENCES "_s + m_dialect.tableIdent(key.target);
    if (!key.targetColumns.isEmpty())
        shown += u' ' + listed(key.targetColumns);
    if (!onDelete.isEmpty())
        shown += u" ON DELETE "_s + onDelete;
    if (!onUpdate.isEmpty())
        shown += u" ON UPDATE "_s + onUpdate;
    ObjectFact object{.kind = Difference::Kind::ForeignKey,
                      .name = key.name.text,
                      .nameKey = anyName, // Alembic does not compare it
                      .shown = shown + deferral(key)};
    object.value = QStringList{targetColumns(key), onDelete, onUpdate, deferral(key)}.join(u'|');
    object.isValueKnown = !key.options.contains(u"unseen_actions"_s);
    add(fact, folded(key.columns) + u'>' + foldedName(key.target, m_backend).text(), object);
}

void TableFacts::addCheck(TableFact &fact, const CheckConstraint &check, int ordinal) const
{
    const QString condition = text(check.condition);
    ObjectFact object{.kind = Difference::Kind::CheckConstraint,
                      .name = check.name.text,
                      .shown = condition,
                      .isOptional = check.isTypeBound};
    object.value = normalExpression(condition, m_backend);
    object.isValueKnown = !isRewritten(condition, m_backend);
    // The names that servers give take their time: they begin with the table's or with this word.
    const bool mayBeGiven = check.name.text.startsWith(m_table.name.name + u'_')
                            || check.name.text.startsWith(u"CONSTRAINT_");
    const bool isServerNamed =
        m_rules.namesConstraints && mayBeGiven
        && serverNames(m_table, CheckConstraint{.condition = check.condition}, ordinal)
               .contains(check.name.text);
    if (isServerNamed)
        object.name.clear();
    const QString key = object.name.isEmpty() ? u"?"_s + object.value : folded(object.name);
    // Where the server rewrites the text, an unnamed check that is not found again may be one of the others.
    object.isOptional = object.isOptional || (!m_rules.keepsText && object.name.isEmpty());
    add(fact, key, object);
}

void TableFacts::addExclude(TableFact &fact, const ExcludeConstraint &exclude) const
{
    QStringList elements;
    for (const auto &[element, op] : exclude.elements)
        elements.append(normalExpression(text(element), m_backend) + u" WITH "_s + op);
    ObjectFact object{.kind = Difference::Kind::CheckConstraint,
                      .name = exclude.name.text,
                      .what = u"exclusion"_s};
    object.shown = u"EXCLUDE USING %1 (%2)"_s.arg(
        exclude.method.isEmpty() ? u"gist"_s : exclude.method.toLower(), elements.join(u", "_s));
    if (exclude.where)
        object.shown += u" WHERE "_s + normalExpression(text(exclude.where), m_backend);
    object.shown += deferral(exclude);
    object.value = object.shown;
    add(fact, object.name.isEmpty() ? u"?"_s + object.value : folded(object.name), object);
}

/// The table's checks and those written on its columns.
void TableFacts::addChecks(TableFact &fact) const
{
    int ordinal = 0;
    for (const Constraint &constraint : m_table.constraints)
        if (const auto *check = std::get_if<CheckConstraint>(&constraint))
            addCheck(fact, *check, ++ordinal);
    for (const Column &column : m_table.columns)
        for (qsizetype i = 0; i < column.checks.size(); ++i)
            addCheck(fact, {.name = column.checkNames.value(i), .condition = column.checks[i]},
                     ++ordinal);
}

} // namespace tribikos
