#include "core/pyread/sa/tables.h"

#include "core/base/unwritten.h"
#include "core/pyread/sa/bindddl.h"
#include "core/pyread/sa/reflection.h"

#include "core/pyread/sa/statements.h"
#include "core/pyread/sa/types.h"

#include <algorithm>

/// MetaData, Table and sa.table().
namespace tribikos::py::sa {

using namespace Qt::StringLiterals;

namespace {

/// table.c
class ColumnCollection final : public Object
{
public:
    explicit ColumnCollection(const TableObject &table)
        : m_table(table)
    {}
    QString typeName() const override { return u"ReadOnlyColumnCollection"_s; }
    bool isIterable() const override { return true; }
    std::optional<qint64> length(Interpreter &) override { return qint64(m_table.columns.size()); }

    void iterate(Interpreter &, const Visitor &visit) override
    {
        for (ColumnClause *column : m_table.columns) {
            if (!visit(column))
                return;
        }
    }
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override
    {
        if (ColumnClause *column = m_table.find(name))
            return Value(column);
        if (name == u"keys")
            return interpreter.function(name, [this](Interpreter &in, const CallArgs &) {
                std::vector<Value> names;
                for (const ColumnClause *column : m_table.columns)
                    names.push_back(Value(column->name));
                return in.list(std::move(names));
            });
        if (name == u"values")
            return interpreter.function(name, [this](Interpreter &in, const CallArgs &) {
                return in.list(in.items(this));
            });
        if (name == u"get")
            return interpreter.function(name, [this](Interpreter &, const CallArgs &args) {
                ColumnClause *column =
                    args.positional.empty() ? nullptr : m_table.find(args.positional[0].str());
                const Value otherwise = args.positional.size() > 1 ? args.positional[1] : Value();
                if (!column)
                    return otherwise;
                if (const auto *spare = otherwise.as<ColumnObject>())
                    spare->isTaken = true; // its like is there
                return Value(column);
            });
        return std::nullopt;
    }
    Value getItem(Interpreter &interpreter, const Value &key) override
    {
        if (key.isInt() && key.toInt() >= 0 && size_t(key.toInt()) < m_table.columns.size())
            return m_table.columns[size_t(key.toInt())];
        if (ColumnClause *column = m_table.find(textOf(interpreter, key, u"a column's name"_s)))
            return column;
        interpreter.raise(u"KeyError"_s, interpreter.repr(key));
    }
    std::optional<bool> contains(Interpreter &, const Value &item) override
    {
        if (const auto *column = item.as<ColumnClause>())
            return column->table == &m_table;
        return m_table.find(item.str()) != nullptr;
    }

private:
    const TableObject &m_table;
};

Value createTable(Interpreter &interpreter, TableObject &self, const CallArgs &args)
{
    createThroughBind(interpreter, self, args);
    return {};
}

Value dropTable(Interpreter &interpreter, TableObject &self, const CallArgs &args)
{
    dropThroughBind(interpreter, self, args);
    return {};
}

/// One that each statement names anew: t_1, t_2 …
QString anonymousAlias(Interpreter &interpreter)
{
    return anonymousAliasMark + QString::number(++State::of(interpreter).aliases);
}

Value aliasOf(Interpreter &interpreter, TableObject &self, const CallArgs &args)
{
    Arguments a(interpreter, args, u"alias"_s);
    const QString alias = textOrEmpty(interpreter, a.optional(u"name"_s), u"name"_s);
    a.finish();
    auto *copy = interpreter.make<TableObject>(self.cls);
    copy->name = self.name;
    copy->alias = alias.isEmpty() ? anonymousAlias(interpreter) : alias;
    copy->isLight = true;
    for (const ColumnClause *column : self.columns) {
        auto *own = interpreter.make<ColumnClause>(
            classOf(interpreter, u"ColumnClause"_s), column->name,
            const_cast<ColumnClause *>(column)->sqlType(interpreter));
        own->isOfTable = column->isOfTable || dynamic_cast<const ColumnObject *>(column);
        copy->append(interpreter, own);
    }
    return copy;
}

Value appendColumn(Interpreter &interpreter, TableObject &self, const CallArgs &args)
{
    for (const Value &item : args.positional)
        self.take(interpreter, item);
    return {};
}

/// values(…).data([(1, "x"), …])
Value valuesData(Interpreter &interpreter, TableObject &self, const CallArgs &args)
{
    Arguments a(interpreter, args, u"data"_s);
    const Value rows = a.required(u"values"_s);
    a.finish();
    if (!self.source || self.source->kind != Expr::Kind::Values)
        interpreter.raise(u"AttributeError"_s, u"'Table' object has no attribute 'data'"_s);
    Expr made = *self.source;
    for (const Value &row : interpreter.items(rows)) {
        Expr cells{.kind = Expr::Kind::List};
        const std::vector<Value> items = interpreter.items(row);
        for (size_t i = 0; i < items.size(); ++i)
            cells.args.append(boundExpr(
                interpreter, items[i],
                i < self.columns.size() ? self.columns[i]->sqlType(interpreter) : nullptr));
        made.args.append(sharedExpr(std::move(cells)));
    }
    auto *copy = interpreter.make<TableObject>(self.cls);
    copy->name = self.name;
    copy->isLight = true;
    copy->source = checkedExpr(interpreter, sharedExpr(std::move(made)));
    for (ColumnClause *column : self.columns)
        copy->append(interpreter,
                     interpreter.make<ColumnClause>(classOf(interpreter, u"ColumnClause"_s),
                                                    column->name, column->sqlType(interpreter)));
    return copy;
}

/// values(…).cte("w")
Value valuesCte(Interpreter &interpreter, TableObject &self, const CallArgs &args)
{
    Arguments a(interpreter, args, u"cte"_s);
    const QString name = textOf(interpreter, a.required(u"name"_s), u"name"_s);
    a.finish();
    if (!self.source || self.source->kind != Expr::Kind::Values)
        interpreter.raise(u"AttributeError"_s, u"'Table' object has no attribute 'cte'"_s);
    Expr names{.kind = Expr::Kind::List};
    for (const ColumnClause *column : self.columns)
        names.args.append(columnExpr(column->name));
    auto *copy = interpreter.make<TableObject>(self.cls);
    copy->name.name = name;
    copy->isLight = true;
    copy->source = sharedExpr({.kind = Expr::Kind::Cte,
                               .text = name,
                               .args = {self.source, sharedExpr(std::move(names))}});
    for (ColumnClause *column : self.columns)
        copy->append(interpreter,
                     interpreter.make<ColumnClause>(classOf(interpreter, u"ColumnClause"_s),
                                                    column->name, column->sqlType(interpreter)));
    return copy;
}

const MethodTable<TableObject> &tableMethods()
{
    static const MethodTable<TableObject> table{
        {u"create"_s, createTable},
        {u"drop"_s, dropTable},
        {u"alias"_s, aliasOf},
        {u"data"_s, valuesData},
        {u"cte"_s, valuesCte},
        {u"append_column"_s, appendColumn},
        {u"append_constraint"_s, appendColumn},
        {u"insert"_s,
         [](Interpreter &in, TableObject &t, const CallArgs &) { return makeInsert(in, &t); }},
        {u"update"_s,
         [](Interpreter &in, TableObject &t, const CallArgs &) { return makeUpdate(in, &t); }},
        {u"delete"_s,
         [](Interpreter &in, TableObject &t, const CallArgs &) { return makeDelete(in, &t); }},
        {u"select"_s, [](Interpreter &in, TableObject &t,
                         const CallArgs &) { return makeSelect(in, {Value(&t)}); }},
        {u"join"_s, [](Interpreter &in, TableObject &t,
                       const CallArgs &args) { return makeJoin(in, &t, args, false); }},
        {u"outerjoin"_s, [](Interpreter &in, TableObject &t,
                            const CallArgs &args) { return makeJoin(in, &t, args, true); }},
    };
    return table;
}

} // namespace

Convention conventionOf(Interpreter &interpreter, const TableObject &table)
{
    if (table.metadata && table.metadata->convention)
        return *table.metadata->convention;
    Host *host = State::of(interpreter).host;
    return host && !table.metadata ? host->namingConvention() : defaultConvention();
}

ColumnClause *TableObject::find(const QString &columnName) const
{
    for (ColumnClause *column : columns) {
        const auto *full = objectAs<const ColumnObject>(column);
        if (column->name == columnName
            || (full && full->key == columnName && !columnName.isEmpty()))
            return column;
    }
    return nullptr;
}

void TableObject::append(Interpreter &interpreter, ColumnClause *column)
{
    if (column->table && column->table != this)
        interpreter.raise(classOf(interpreter, u"exc.ArgumentError"_s),
                          u"Column object '%1' already assigned to Table '%2'"_s.arg(
                              column->name, column->table->name.text()));
    m_ref = nullptr;
    column->table = this;
    const auto same = std::find_if(columns.begin(), columns.end(), [&](const ColumnClause *other) {
        return other->name == column->name && !column->name.isEmpty();
    });
    if (same != columns.end())
        *same = column;
    else
        columns.push_back(column);
    interpreter.checkLength(qsizetype(columns.size()));
    if (auto *full = objectAs<ColumnObject>(column); full && !isLight) {
        for (const Value &item : std::exchange(full->waiting, {}))
            joinTable(interpreter, item);
    }
}

ColumnClause *ForeignKeyObject::referred(const MetaDataObject &metadata) const
{
    if (targetColumn)
        return targetColumn;
    for (const TableObject *each : metadata.tables)
        if (target.section(u'.', 0, -2) == each->name.text())
            return each->find(target.section(u'.', -1));
    return nullptr;
}

void TableObject::appendProxy(ColumnClause *column)
{
    column->table = this;
    m_ref = nullptr;
    columns.push_back(column);
}

void TableObject::append(Interpreter &, ConstraintObject *constraint)
{
    constraint->table = this;
    if (std::find(constraints.begin(), constraints.end(), constraint) == constraints.end())
        constraints.push_back(constraint);
}

void TableObject::take(Interpreter &interpreter, const Value &item)
{
    if (auto *column = item.as<ColumnClause>()) {
        append(interpreter, column);
    } else if (auto *constraint = item.as<ConstraintObject>()) {
        append(interpreter, constraint);
    } else if (auto *index = item.as<IndexObject>()) {
        index->table = this;
        if (std::find(indexes.begin(), indexes.end(), index) == indexes.end())
            indexes.push_back(index);
    } else if (const auto *unknown = item.as<Unknown>()) {
        unknown->refuse(interpreter);
    } else if (!item.isNone()
               && !item.as<MetaDataObject>()) { // which is an item too, and does nothing
        interpreter.raise(
            classOf(interpreter, u"exc.ArgumentError"_s),
            u"'SchemaItem' object, such as a 'Column' or a 'Constraint' expected, got %1"_s.arg(
                interpreter.repr(item)));
    }
}

TableRefPtr TableObject::ref(Interpreter &interpreter)
{
    if (m_ref)
        return m_ref;
    auto made = std::make_shared<TableRef>(
        TableRef{.name = name.name, .schema = name.schema, .alias = alias, .source = source});
    for (ColumnClause *column : columns) {
        made->columns.append({column->name, column->sqlType(interpreter)});
        if (column->isOfTable || dynamic_cast<const ColumnObject *>(column))
            State::of(interpreter).fullColumns.insert({made.get(), column->name});
    }
    m_ref = std::move(made);
    return m_ref;
}

ExprPtr TableObject::sourceExpr(Interpreter &interpreter)
{
    return sharedExpr({.kind = Expr::Kind::TableSource, .table = ref(interpreter)});
}

std::optional<Value> TableObject::nativeAttr(Interpreter &interpreter, const QString &attribute)
{
    if (attribute == u"c" || attribute == u"columns")
        return interpreter.make<ColumnCollection>(*this);
    const bool isOfValues = attribute == u"data" || attribute == u"cte";
    const bool isValues = source && source->kind == Expr::Kind::Values;
    if (!isOfValues || isValues)
        if (auto method = boundMethod(interpreter, *this, tableMethods(), attribute))
            return method;
    if (attribute == u"name" || attribute == u"fullname" || attribute == u"key")
        return Value(attribute == u"name" ? name.name : name.text());
    if (attribute == u"schema")
        return name.schema.isEmpty() ? Value() : Value(name.schema);
    if (attribute == u"metadata")
        return metadata ? Value(metadata) : Value();
    if (attribute == u"comment")
        return comment;
    static const QStringList ofKeys{u"foreign_keys"_s, u"foreign_key_constraints"_s, u"indexes"_s,
                                    u"constraints"_s, u"primary_key"_s};
    if (isReflected && ofKeys.contains(attribute))
        return reflectedKeys(interpreter, *this, attribute);
    if (attribute == u"indexes" || attribute == u"constraints") {
        std::vector<Value> items;
        if (attribute == u"indexes") {
            items.assign(indexes.begin(), indexes.end());
            for (ColumnClause *column : columns) { // those of index=True
                const auto *full = objectAs<const ColumnObject>(column);
                if (!full || !full->index)
                    continue;
                auto *made = interpreter.make<IndexObject>(classOf(interpreter, u"Index"_s));
                made->elements = {Value(column)};
                made->unique = full->unique;
                made->table = this;
                items.push_back(made);
            }
        } else
            items.assign(constraints.begin(), constraints.end());
        return interpreter.list(std::move(items));
    }
    return std::nullopt;
}

QString TableObject::repr(Interpreter &interpreter)
{
    return unwritten(u"Table(%1)"_s.arg(interpreter.repr(Value(name.text()))));
}

Value constructTable(Interpreter &interpreter, Class *cls, const CallArgs &args)
{
    Arguments a(interpreter, args, u"Table"_s);
    const NameArg name = nameFrom(interpreter, a.required(u"name"_s), u"name"_s);
    auto *metadata = a.required(u"metadata"_s).as<MetaDataObject>();
    if (!metadata)
        interpreter.raise(u"TypeError"_s, u"Table() takes a MetaData as its second argument"_s);
    const Value schema = a.keywordOnly(u"schema"_s);
    TableName tableName{.schema = textOrEmpty(interpreter, schema, u"schema"_s), .name = name.text};
    if (schema.isNone())
        tableName.schema = metadata->schema;
    TableObject *made = nullptr;
    for (TableObject *table : metadata->tables) {
        if (table->name == tableName)
            made = table;
    }
    const bool isNew = !made;
    if (isNew) {
        made = interpreter.make<TableObject>(cls);
        made->name = tableName;
        made->metadata = metadata;
    }
    const bool mayExtend = interpreter.truth(a.keywordOnly(u"extend_existing"_s, Value(false)))
                           || interpreter.truth(a.keywordOnly(u"keep_existing"_s, Value(false)));
    const std::vector<Value> items = a.rest();
    if (!isNew && !items.empty() && !mayExtend)
        interpreter.raise(
            classOf(interpreter, u"exc.InvalidRequestError"_s),
            u"Table '%1' is already defined for this MetaData instance."_s.arg(tableName.text()));
    made->comment = a.keywordOnly(u"comment"_s, made->comment);
    made->hasComment = !made->comment.isNone();
    if (a.has(u"prefixes"_s))
        made->prefixes = textList(interpreter, a.keywordOnly(u"prefixes"_s), u"prefixes"_s);
    const Value autoload = a.keywordOnly(u"autoload_with"_s);
    const Value oldAutoload = a.keywordOnly(u"autoload"_s);
    if (const Value info = a.keywordOnly(u"info"_s); info.as<Dict>() && isNew)
        made->info = interpreter.repr(info);
    for (const QString &silent : {u"quote"_s, u"quote_schema"_s, u"listeners"_s,
                                  u"include_columns"_s, u"implicit_returning"_s, u"must_exist"_s,
                                  u"autoload_replace"_s, u"resolve_fks"_s, u"_creator"_s})
        a.keywordOnly(silent);
    const DialectOptions options = dialectOptions(interpreter, a.restKeywords(), u"Table"_s);
    if (isNew)
        made->options = options;
    a.finish();
    for (const Value &item : items)
        made->take(interpreter, item);
    if (!autoload.isNone() || !oldAutoload.isNone())
        reflectTable(interpreter, *made);
    if (isNew)
        metadata->tables.push_back(made);
    return made;
}

Value lightTable(Interpreter &interpreter, const CallArgs &args)
{
    Arguments a(interpreter, args, u"table"_s);
    auto *made = interpreter.make<TableObject>(classOf(interpreter, u"TableClause"_s));
    made->isLight = true;
    made->name.name = textOf(interpreter, a.required(u"name"_s), u"name"_s);
    made->name.schema = textOrEmpty(interpreter, a.keywordOnly(u"schema"_s), u"schema"_s);
    for (const Value &item : a.rest()) {
        if (auto *column = item.as<ColumnClause>())
            made->append(interpreter, column);
        else
            interpreter.raise(
                classOf(interpreter, u"exc.ArgumentError"_s),
                u"table() takes column() objects, not %1"_s.arg(interpreter.typeName(item)));
    }
    a.finish();
    return made;
}

} // namespace tribikos::py::sa
