#include "core/autogenerate/sqlalchemyview.h"

#include <QHash>
#include <QRegularExpression>
#include <algorithm>

/// As SQLAlchemy's SQLite dialect reads PRAGMAs and the text of CREATE TABLE.
namespace tribikos {

using namespace Qt::StringLiterals;

namespace {

/// ischema_names of SQLAlchemy's SQLite dialect.
QString sqliteClass(const QString &word)
{
    static const QHash<QString, QString> classes{
        {u"BIGINT"_s, u"BIGINT"_s},   {u"BLOB"_s, u"BLOB"_s},
        {u"BOOL"_s, u"BOOLEAN"_s},    {u"BOOLEAN"_s, u"BOOLEAN"_s},
        {u"CHAR"_s, u"CHAR"_s},       {u"DATE"_s, u"DATE"_s},
        {u"DATE_CHAR"_s, u"DATE"_s},  {u"DATETIME"_s, u"DATETIME"_s},
        {u"DECIMAL"_s, u"DECIMAL"_s}, {u"DATETIME_CHAR"_s, u"DATETIME"_s},
        {u"DOUBLE"_s, u"DOUBLE"_s},   {u"FLOAT"_s, u"FLOAT"_s},
        {u"INT"_s, u"INTEGER"_s},     {u"INTEGER"_s, u"INTEGER"_s},
        {u"JSON"_s, u"JSON"_s},       {u"NUMERIC"_s, u"NUMERIC"_s},
        {u"REAL"_s, u"REAL"_s},       {u"SMALLINT"_s, u"SMALLINT"_s},
        {u"TEXT"_s, u"TEXT"_s},       {u"TIME"_s, u"TIME"_s},
        {u"TIME_CHAR"_s, u"TIME"_s},  {u"TIMESTAMP"_s, u"TIMESTAMP"_s},
        {u"VARCHAR"_s, u"VARCHAR"_s}, {u"NVARCHAR"_s, u"NVARCHAR"_s},
        {u"NCHAR"_s, u"NCHAR"_s}};
    if (const QString known = classes.value(word); !known.isEmpty())
        return known;
    const auto has = [&](const QString &part) { return word.contains(part); };
    if (has(u"INT"_s))
        return u"INTEGER"_s;
    if (has(u"CHAR"_s) || has(u"CLOB"_s) || has(u"TEXT"_s))
        return u"TEXT"_s;
    if (has(u"BLOB"_s) || word.isEmpty())
        return u"NullType"_s;
    return has(u"REAL"_s) || has(u"FLOA"_s) || has(u"DOUB"_s) ? u"REAL"_s : u"NUMERIC"_s;
}

/// The numbers in parentheses, as arguments of \a type's constructor.
void setConstructorNumbers(SqlType &type, const QList<int> &numbers)
{
    static const QHash<QString, int> most{
        {u"CHAR"_s, 2}, {u"VARCHAR"_s, 2},   {u"NVARCHAR"_s, 2}, {u"NCHAR"_s, 2},
        {u"TEXT"_s, 2}, {u"NUMERIC"_s, 4},   {u"DECIMAL"_s, 4},  {u"FLOAT"_s, 3},
        {u"REAL"_s, 3}, {u"DOUBLE"_s, 3},    {u"BLOB"_s, 1},     {u"DATETIME"_s, 1},
        {u"TIME"_s, 1}, {u"TIMESTAMP"_s, 1}, {u"BOOLEAN"_s, 2}};
    if (numbers.isEmpty() || numbers.size() > most.value(type.name))
        return; // "Could not instantiate type": without arguments
    static const QStringList lengths{u"CHAR"_s,  u"VARCHAR"_s, u"NVARCHAR"_s,
                                     u"NCHAR"_s, u"TEXT"_s,    u"BLOB"_s};
    if (lengths.contains(type.name)) {
        type.length = numbers[0];
    } else if (type.name == u"NUMERIC" || type.name == u"DECIMAL") {
        type.precision = numbers[0];
        if (numbers.size() > 1)
            type.scale = numbers[1];
    } else if (type.name == u"FLOAT" || type.name == u"REAL" || type.name == u"DOUBLE") {
        type.precision = numbers[0];
    } else if (type.name == u"BOOLEAN") {
        type.pythonArguments.insert(u"create_constraint"_s, QString::number(numbers[0]));
    } else if (numbers[0] != 0) {
        type.pythonArguments.insert(u"timezone"_s, QString::number(numbers[0]));
    }
}

SqlTypePtr sqliteType(const QString &written)
{
    static const QRegularExpression shape(u"^([\\w ]+)(\\(.*?\\))?"_s);
    static const QRegularExpression digits(u"\\d+"_s);
    const QRegularExpressionMatch match = shape.match(written.toUpper());
    SqlType type{.name = sqliteClass(match.captured(1)), .module = u"sqlalchemy"_s};
    if (type.name == u"JSON")
        type.module = u"sqlite"_s;
    QList<int> numbers;
    for (auto found = digits.globalMatch(match.captured(2)); found.hasNext();)
        numbers.append(found.next().captured().toInt());
    setConstructorNumbers(type, numbers);
    return sharedType(type);
}

/// PRAGMA's dflt_value, in the parentheses that Alembic gives to what looks like an expression.
ExprPtr sqliteDefault(const ExprPtr &written)
{
    if (!written)
        return nullptr;
    QString text = written->text;
    if (written->kind == Expr::Kind::Value)
        text = u'\'' + QString(written->value.text).replace(u'\'', u"''"_s) + u'\'';
    if (text.startsWith(u'(') && text.endsWith(u')'))
        text = text.mid(1, text.size() - 2).trimmed();
    return textExpr(isUnparenthesizedSqlite(text) ? u'(' + text + u')' : text);
}

Column viewOfColumn(const Column &written, bool isStoredKey, ViewContext &context)
{
    const QString type = written.type ? written.type->name : QString();
    SqlTypePtr &known = context.types[type];
    if (!known)
        known = sqliteType(type);
    Column column{.name = written.name, .type = known};
    column.nullable = written.nullable.value_or(true) && !isStoredKey;
    column.primaryKey = written.primaryKey;
    if (written.computed) {
        column.computed = written.computed;
        column.computed->persisted = written.computed->persisted.value_or(false);
    } else {
        column.serverDefault = sqliteDefault(written.serverDefault);
    }
    return column;
}

QString namedAction(const QString &written)
{
    return written == u"NO ACTION" ? QString() : written;
}

/// Only what stands as FOREIGN KEY (…) REFERENCES t (…) keeps its name and actions.
ForeignKey viewOfForeignKey(const ForeignKey &written, const Schema &database)
{
    ForeignKey key{.columns = written.columns,
                   .target = written.target,
                   .targetColumns = written.targetColumns};
    if (const Table *target = database.table(written.target);
        key.targetColumns.isEmpty() && target && target->primaryKey())
        key.targetColumns = target->primaryKey()->columns;
    key.isInline = written.isInline || written.targetColumns.isEmpty();
    if (key.isInline)
        return key;
    if (!written.name.isEmpty())
        key.name = finalName(written.name.text);
    key.onDelete = namedAction(written.onDelete);
    key.onUpdate = namedAction(written.onUpdate);
    key.deferrable = written.deferrable;
    key.initially = written.initially;
    return key;
}

/// The column that \a element names, whatever its order and collation; "" for an expression.
QString indexedColumn(const ExprPtr &element)
{
    static const QRegularExpression collated(u"^(?:\"([^\"]+)\"|(\\w+))\\s+COLLATE\\s+\\w+"
                                             "(?:\\s+(?:ASC|DESC))?$"_s,
                                             QRegularExpression::CaseInsensitiveOption);
    if (element->kind == Expr::Kind::Column)
        return element->text;
    if (element->kind == Expr::Kind::Unary && !element->args.isEmpty())
        return indexedColumn(element->args.first());
    const QRegularExpressionMatch match = collated.match(element->text);
    return element->kind == Expr::Kind::Text ? match.captured(1) + match.captured(2) : QString();
}

void addIndex(const Index &written, Table &view, QStringList *remarks)
{
    Index index{.name = finalName(written.name.text), .unique = written.unique};
    for (const ExprPtr &element : written.elements) {
        const QString column = indexedColumn(element);
        if (column.isEmpty()) {
            remarks->append(u"The index %1 of table %2 is on an expression, which Alembic does not "
                            "compare on SQLite."_s.arg(written.name.text, view.name.text()));
            return;
        }
        index.elements.append(columnExpr(column));
    }
    if (const auto where = written.options.constFind(u"sqlite_where"_s);
        where != written.options.cend())
        index.options.insert(where.key(), *where);
    view.indexes.append(index);
}

/// SQLAlchemy's pattern for a UNIQUE inside of a column knows words only between the name and it.
bool isSeenInline(const Column *column)
{
    static const QRegularExpression words(u"^[A-Za-z0-9_]+(?:[\\t ]+[A-Za-z0-9_]+)*$"_s);
    return column && column->type && words.match(column->type->name).hasMatch()
           && (!column->serverDefault || words.match(column->serverDefault->text).hasMatch())
           && column->checks.isEmpty();
}

/// Of two keys that say the same SQLAlchemy shows one.
bool hasSameKey(const Table &view, const ForeignKey &key)
{
    return std::ranges::any_of(view.constraints, [&](const Constraint &constraint) {
        const auto *other = std::get_if<ForeignKey>(&constraint);
        return other && other->columns == key.columns && other->target == key.target
               && other->targetColumns == key.targetColumns;
    });
}

void addConstraints(const Table &table, const Schema &database, Table &view)
{
    QList<Constraint> inlineKeys;
    for (const Constraint &constraint : table.constraints) {
        if (const auto *key = std::get_if<PrimaryKey>(&constraint)) {
            PrimaryKey seen{.columns = key->columns};
            if (!key->name.isEmpty())
                seen.name = finalName(key->name.text);
            view.constraints.append(seen);
        } else if (const auto *unique = std::get_if<UniqueConstraint>(&constraint)) {
            if (unique->isInline && !isSeenInline(table.column(unique->columns.value(0))))
                continue;
            UniqueConstraint seen{.columns = unique->columns};
            if (!unique->isInline && !unique->name.isEmpty())
                seen.name = finalName(unique->name.text);
            view.constraints.append(seen);
        } else if (const auto *foreign = std::get_if<ForeignKey>(&constraint)) {
            const ForeignKey seen = viewOfForeignKey(*foreign, database);
            (seen.isInline ? inlineKeys : view.constraints).append(seen);
        } else if (const auto *check = std::get_if<CheckConstraint>(&constraint)) {
            CheckConstraint seen{.condition = check->condition};
            if (!check->name.isEmpty())
                seen.name = finalName(check->name.text);
            view.constraints.append(seen);
        }
    }
    for (const Constraint &constraint : std::as_const(inlineKeys))
        if (!hasSameKey(view, std::get<ForeignKey>(constraint)))
            view.constraints.append(constraint);
    for (const Column &column : table.columns)
        for (qsizetype i = 0; i < column.checks.size(); ++i) {
            const Name name = column.checkNames.value(i);
            view.constraints.append(
                CheckConstraint{.name = name.isEmpty() ? Name() : finalName(name.text),
                                .condition = column.checks[i]});
        }
}

} // namespace

bool isUnparenthesizedSqlite(const QString &text)
{
    static const QRegularExpression plain(u"^(?:[0-9.]|'.+'|\\(.+\\))\\n?$"_s);
    return !text.isEmpty() && !plain.match(text).hasMatch();
}

SqlTypePtr classOfSqliteWords(const QString &words)
{
    return sqliteType(words);
}

Table viewOfSqliteTable(const Table &table, ViewContext &context)
{
    Table view{.name = table.name};
    const PrimaryKey *key = table.primaryKey();
    const bool isStored = table.options.contains(u"sqlite_with_rowid"_s);
    for (const Column &column : table.columns)
        view.columns.append(
            viewOfColumn(column, isStored && key && key->columns.contains(column.name), context));
    addConstraints(table, context.database, view);
    for (const Index &index : table.indexes)
        addIndex(index, view, context.remarks);
    return view;
}

} // namespace tribikos
