#include "core/pyread/sa/bindddl.h"
#include "core/pyread/sa/tableorder.h"

#include <algorithm>

/// MetaData: the set of tables that models and some scripts define.
namespace tribikos::py::sa {

using namespace Qt::StringLiterals;

namespace {

/// naming_convention={"ix": "…", UniqueConstraint: "…"}; functions as tokens can't be kept.
Convention conventionFrom(Interpreter &interpreter, const Value &value)
{
    static const QHash<QString, QString> byClass{{u"Index"_s, u"ix"_s},
                                                 {u"UniqueConstraint"_s, u"uq"_s},
                                                 {u"CheckConstraint"_s, u"ck"_s},
                                                 {u"ForeignKeyConstraint"_s, u"fk"_s},
                                                 {u"PrimaryKeyConstraint"_s, u"pk"_s}};
    Convention convention;
    const auto *dict = value.as<Dict>();
    if (!dict) {
        if (const auto *unknown = value.as<Unknown>())
            unknown->refuse(interpreter);
        interpreter.raise(u"TypeError"_s, u"naming_convention must be a dictionary"_s);
    }
    for (const auto &[key, text] : dict->entries()) {
        const auto *cls = key.as<Class>();
        const QString name =
            cls ? byClass.value(cls->name) : textOf(interpreter, key, u"naming_convention"_s);
        if (isText(text)) // a function is a token's, and is refused where a template asks for it
            convention.insert(name, textOf(interpreter, text, u"naming_convention"_s));
    }
    return convention;
}

Value createAll(Interpreter &interpreter, MetaDataObject &self, const CallArgs &args)
{
    createAllThroughBind(interpreter, self, args);
    return {};
}

Value dropAll(Interpreter &interpreter, MetaDataObject &self, const CallArgs &args)
{
    dropAllThroughBind(interpreter, self, args);
    return {};
}

/// Those that others refer to first, by name otherwise.
Value sortedTables(Interpreter &interpreter, const MetaDataObject &self)
{
    std::vector<TableObject *> tables = self.tables;
    std::ranges::stable_sort(tables, {}, [](const TableObject *each) { return each->name.text(); });
    std::vector<Value> items;
    for (const OrderedTable &each :
         orderTables(interpreter, tables, [](const ForeignKey &) { return false; }).tables)
        items.push_back(each.object);
    return interpreter.list(std::move(items));
}

/// The table of that name, with its columns, unless it is there.
void reflectInto(Interpreter &interpreter, MetaDataObject &self, const TableName &name)
{
    if (std::any_of(self.tables.begin(), self.tables.end(),
                    [&](const TableObject *table) { return table->name == name; }))
        return;
    auto *made = interpreter.make<TableObject>(classOf(interpreter, u"Table"_s));
    made->name = name;
    made->metadata = &self;
    if (name == hostOf(interpreter).versionTable()) {
        auto *column = interpreter.make<ColumnObject>(
            classOf(interpreter, u"Column"_s), u"version_num"_s,
            std::make_shared<const SqlType>(
                SqlType{.name = u"String"_s, .module = u"sqlalchemy"_s, .length = 32}));
        column->column.name = u"version_num"_s;
        made->isReflected = true;
        made->append(interpreter, column);
    } else {
        reflectTable(interpreter, *made);
    }
    self.tables.push_back(made);
}

/// reflect(bind, only=…): the tables that the migrations so far have made, keys left out.
Value reflectAll(Interpreter &interpreter, MetaDataObject &self, const CallArgs &args)
{
    const Schema *schema = hostOf(interpreter).currentSchema();
    const Value *views = args.keyword(u"views"_s);
    const Value *only = args.keyword(u"only"_s);
    const Value *schemaName = args.keyword(u"schema"_s);
    const QString wanted = schemaName ? textOrEmpty(interpreter, *schemaName, u"schema"_s) : self.schema;
    const bool isAll = !only || only->isNone();
    if (!schema || (isAll && !schema->opaqueReasons.isEmpty())
        || (views && interpreter.truth(*views)) || (!isAll && interpreter.isCallable(*only)))
        interpreter.needsConnection(u"reads all tables from the database (MetaData.reflect)"_s);
    self.hasForeignTables = true;
    if (!isAll) {
        for (const Value &name : interpreter.items(*only))
            reflectInto(interpreter, self, {wanted, textOf(interpreter, name, u"only"_s)});
        return {};
    }
    const QList<TableName> names = schema->tables.keys();
    for (const TableName &name : names) {
        if (name.schema == wanted)
            reflectInto(interpreter, self, name);
    }
    if (hostOf(interpreter).versionTable().schema == wanted)
        reflectInto(interpreter, self, hostOf(interpreter).versionTable());
    return {};
}

const MethodTable<MetaDataObject> &metaDataMethods()
{
    static const MethodTable<MetaDataObject> table{
        {u"create_all"_s, createAll}, {u"drop_all"_s, dropAll}, {u"reflect"_s, reflectAll}};
    return table;
}

} // namespace

void bindType(const SqlType &type, const Value &metadata)
{
    if (auto *bound = metadata.as<MetaDataObject>())
        bound->boundTypes.emplace_back(bound->tables.size(), std::make_shared<const SqlType>(type));
}

Value constructMetaData(Interpreter &interpreter, Class *cls, const CallArgs &args)
{
    auto *made = interpreter.make<MetaDataObject>(cls);
    Arguments a(interpreter, args, u"MetaData"_s);
    made->schema = textOrEmpty(interpreter, a.optional(u"schema"_s), u"schema"_s);
    a.optional(u"quote_schema"_s);
    const Value convention = a.optional(u"naming_convention"_s);
    if (!convention.isNone())
        made->convention = conventionFrom(interpreter, convention);
    a.optional(u"info"_s);
    a.finish();
    State::of(interpreter).metadatas.push_back(made);
    return made;
}

std::optional<Value> MetaDataObject::nativeAttr(Interpreter &interpreter, const QString &attribute)
{
    if (auto method = boundMethod(interpreter, *this, metaDataMethods(), attribute))
        return method;
    if (attribute == u"tables") {
        std::vector<std::pair<QString, Value>> items;
        for (TableObject *table : tables)
            items.push_back({table->name.text(), Value(table)});
        return interpreter.dict(items);
    }
    if (attribute == u"sorted_tables") {
        if (hasForeignTables) // their foreign keys would say the order
            interpreter.needsConnection(u"asks for the order of tables that it has read from the database"_s);
        return sortedTables(interpreter, *this);
    }
    if (attribute == u"schema")
        return schema.isEmpty() ? Value() : Value(schema);
    if (attribute == u"naming_convention") {
        std::vector<std::pair<QString, Value>> items;
        const Convention own = convention.value_or(defaultConvention());
        for (auto it = own.cbegin(); it != own.cend(); ++it)
            items.push_back({it.key(), Value(it.value())});
        return interpreter.dict(items);
    }
    return std::nullopt;
}

bool MetaDataObject::setAttr(Interpreter &interpreter, const QString &attribute, const Value &value)
{
    if (attribute == u"naming_convention") {
        convention = conventionFrom(interpreter, value);
        return true;
    }
    if (attribute == u"schema") {
        schema = textOrEmpty(interpreter, value, attribute);
        return true;
    }
    return Instance::setAttr(interpreter, attribute, value);
}

} // namespace tribikos::py::sa
