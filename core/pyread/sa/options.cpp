#include "core/pyread/sa/tables.h"

#include <QSet>

/// Dialect options: which names SQLAlchemy accepts on which construct, and their values.
namespace tribikos::py::sa {

using namespace Qt::StringLiterals;

namespace {

const QSet<QString> &dialectNames()
{
    static const QSet<QString> names{u"postgresql"_s, u"mysql"_s, u"mariadb"_s,
                                     u"sqlite"_s,     u"mssql"_s, u"oracle"_s};
    return names;
}

/// "owner.dialect" -> the options it takes; "*" takes any. What isn't here takes none.
const QHash<QString, QStringList> &accepted()
{
    static const QHash<QString, QStringList> table{
        {u"Table.mysql"_s, {u"*"_s}},
        {u"Table.mariadb"_s, {u"*"_s}},
        {u"Table.postgresql"_s,
         {u"ignore_search_path"_s, u"tablespace"_s, u"partition_by"_s, u"with_oids"_s, u"with"_s,
          u"on_commit"_s, u"inherits"_s, u"using"_s}},
        {u"Table.sqlite"_s, {u"autoincrement"_s, u"with_rowid"_s, u"strict"_s}},
        {u"Index.postgresql"_s,
         {u"include"_s, u"using"_s, u"where"_s, u"ops"_s, u"concurrently"_s, u"with"_s,
          u"tablespace"_s, u"nulls_not_distinct"_s}},
        {u"Index.mysql"_s, {u"using"_s, u"length"_s, u"prefix"_s, u"with_parser"_s}},
        {u"Index.mariadb"_s, {u"using"_s, u"length"_s, u"prefix"_s, u"with_parser"_s}},
        {u"Index.sqlite"_s, {u"where"_s}},
        {u"PrimaryKeyConstraint.postgresql"_s, {u"include"_s}},
        {u"PrimaryKeyConstraint.mysql"_s, {u"using"_s}},
        {u"PrimaryKeyConstraint.mariadb"_s, {u"using"_s}},
        {u"PrimaryKeyConstraint.sqlite"_s, {u"on_conflict"_s}},
        {u"UniqueConstraint.postgresql"_s, {u"include"_s, u"nulls_not_distinct"_s}},
        {u"UniqueConstraint.mysql"_s, {u"using"_s}},
        {u"UniqueConstraint.mariadb"_s, {u"using"_s}},
        {u"UniqueConstraint.sqlite"_s, {u"on_conflict"_s}},
        {u"CheckConstraint.postgresql"_s, {u"not_valid"_s}},
        {u"CheckConstraint.sqlite"_s, {u"on_conflict"_s}},
        {u"ForeignKeyConstraint.postgresql"_s, {u"not_valid"_s}},
        {u"Column.sqlite"_s,
         {u"on_conflict_primary_key"_s, u"on_conflict_not_null"_s, u"on_conflict_unique"_s}},
    };
    return table;
}

DialectOption optionValue(Interpreter &interpreter, const QString &name, const Value &value)
{
    if (value.isBool())
        return value.isTrue();
    if (value.isInt())
        return value.toInt();
    if (isText(value))
        return textOf(interpreter, value, name);
    if (auto *element = value.as<Element>(); element && !value.as<ColumnClause>())
        return element->expr(interpreter);
    if (const auto *dict = value.as<Dict>()) {
        OptionMap map;
        for (const auto &[key, item] : dict->entries())
            map.entries.append({interpreter.str(key), interpreter.str(item)});
        return map;
    }
    if (const auto *unknown = value.as<Unknown>())
        unknown->refuse(interpreter);
    if (value.isFloat())
        return interpreter.str(value);
    if (auto *column = value.as<ColumnClause>())
        return column->name;
    if (auto *table = value.as<TableObject>())
        return table->name.text();
    QStringList list;
    for (const Value &item : interpreter.items(value)) {
        if (auto *column = item.as<ColumnClause>())
            list.append(column->name);
        else if (auto *table = item.as<TableObject>())
            list.append(table->name.text());
        else
            list.append(textOf(interpreter, item, name));
    }
    return list;
}

void checkName(Interpreter &interpreter, const QString &name, const QString &owner)
{
    const QString dialect = name.section(u'_', 0, 0);
    const QString option = name.section(u'_', 1);
    if (option.isEmpty() || dialect.isEmpty())
        interpreter.raise(u"TypeError"_s, u"Additional arguments should be named "
                                          "<dialectname>_<argument>, got '%1'"_s.arg(name));
    if (!dialectNames().contains(dialect))
        interpreter.raise(
            u"TypeError"_s,
            u"Additional arguments should be named "
            "<dialectname>_<argument>, got '%1': there is no dialect '%2'"_s.arg(name, dialect));
    if (dialect == u"mssql" || dialect == u"oracle") // not ours: printed by no dialect that we have
        return;
    const QStringList names = accepted().value(owner + u'.' + dialect);
    if (!names.contains(u"*"_s) && !names.contains(option))
        interpreter.raise(classOf(interpreter, u"exc.ArgumentError"_s),
                          u"Argument '%1' is not accepted by dialect '%2' on behalf of %3"_s.arg(
                              name, dialect, owner));
}

} // namespace

DialectOptions dialectOptions(Interpreter &interpreter,
                              const std::vector<std::pair<QString, Value>> &keywords,
                              const QString &owner)
{
    DialectOptions options;
    for (const auto &[name, value] : keywords) {
        checkName(interpreter, name, owner);
        if (!value.isNone())
            options.insert(name, optionValue(interpreter, name, value));
    }
    return options;
}

} // namespace tribikos::py::sa
