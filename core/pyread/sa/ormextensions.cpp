#include "core/pyread/sa/modules.h"
#include "core/pyread/sa/orm.h"
#include "core/pyread/sa/types.h"

/// Flask-SQLAlchemy's `db` and SQLModel: other doors to the same tables.
namespace tribikos::py::sa {

using namespace Qt::StringLiterals;

namespace {

/// db = SQLAlchemy(app, metadata=…, model_class=Base)
class FlaskDatabase final : public Object
{
public:
    QString typeName() const override { return u"SQLAlchemy"_s; }
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override
    {
        if (const auto own = m_own.constFind(name); own != m_own.cend())
            return *own;
        if (name == u"Model")
            return Value(model);
        if (name == u"metadata")
            return Value(metadata);
        if (name == u"Table")
            return interpreter.function(name, [this](Interpreter &in, const CallArgs &args) {
                CallArgs own = args; // the metadata may be left out
                if (own.positional.size() < 2 || !own.positional[1].as<MetaDataObject>())
                    own.positional.insert(own.positional.begin() + (own.positional.empty() ? 0 : 1),
                                          Value(metadata));
                return in.call(classOf(in, u"Table"_s), own);
            });
        if (name == u"session") // the application's own; offline the script is all there is
            return interpreter.call(classOf(interpreter, u"Session"_s));
        if (name == u"Session")
            return Value(classOf(interpreter, name));
        if (name == u"_make_scoped_session")
            return interpreter.function(name, [](Interpreter &in, const CallArgs &) {
                return in.call(classOf(in, u"Session"_s));
            });
        if (name == u"init_app" || name == u"engine")
            return Value(interpreter.make<InertObject>());
        if (auto found = ormName(interpreter, name))
            return found;
        return sqlalchemyName(interpreter, name);
    }

    bool setAttr(Interpreter &, const QString &name, const Value &value) override
    {
        m_own.insert(name, value);
        return true;
    }

    MetaDataObject *metadata = nullptr;
    Class *model = nullptr;

private:
    QHash<QString, Value> m_own{}; // what the application has put there
};

Value flaskDatabase(Interpreter &interpreter, const CallArgs &args)
{
    auto *made = interpreter.make<FlaskDatabase>();
    const Value *given = args.keyword(u"metadata"_s);
    const Value *modelClass = args.keyword(u"model_class"_s);
    std::vector<Class *> bases;
    if (modelClass && modelClass->as<Class>()) {
        bases.push_back(modelClass->as<Class>());
        if (const Value *own = bases.front()->lookup(u"metadata"_s))
            made->metadata = own->as<MetaDataObject>();
    }
    if (given && given->as<MetaDataObject>())
        made->metadata = given->as<MetaDataObject>();
    if (!made->metadata)
        made->metadata = interpreter.call(classOf(interpreter, u"MetaData"_s)).as<MetaDataObject>();
    made->model = interpreter.makeClass(u"Model"_s, bases);
    made->model->set(u"__abstract__"_s, Value(true));
    made->model->set(
        u"query"_s,
        interpreter.unknown(u"Model.query"_s, u"it is a session of the running application"_s));
    makeDeclarative(interpreter, made->model, made->metadata, {.namesTables = true});
    return made;
}

std::optional<Value> flaskName(Interpreter &interpreter, const QString &name)
{
    if (name != u"SQLAlchemy" && name != u"SQLA")
        return interpreter.unknown(u"flask_sqlalchemy."_s + name);
    State &state = State::of(interpreter);
    Class *&cls = state.classes[u"flask."_s + name];
    if (!cls)
        cls = interpreter.makeClass(name, {}, [](Interpreter &in, Class *, const CallArgs &args) {
            return flaskDatabase(in, args);
        });
    return Value(cls);
}

/// Field(primary_key=True, foreign_key="team.id", max_length=20, sa_column=Column(…), sa_type=…)
Value modelField(Interpreter &interpreter, const CallArgs &args)
{
    if (const Value *column = args.keyword(u"sa_column"_s); column && column->as<ColumnObject>())
        return *column;
    CallArgs own;
    const auto pass = [&](const QString &from, const QString &to) {
        if (const Value *value = args.keyword(from); value && !value->isNone())
            own.keywords.push_back({to, *value});
    };
    if (const Value *type = args.keyword(u"sa_type"_s); type && !type->isNone()) {
        own.positional.push_back(*type);
    } else if (const Value *length = args.keyword(u"max_length"_s); length && length->isInt()) {
        CallArgs string;
        string.keywords.push_back({u"length"_s, *length});
        own.positional.push_back(interpreter.call(classOf(interpreter, u"String"_s), string));
    }
    if (const Value *target = args.keyword(u"foreign_key"_s); target && !target->isNone()) {
        CallArgs key;
        key.positional.push_back(*target);
        if (const Value *rule = args.keyword(u"ondelete"_s))
            key.keywords.push_back({u"ondelete"_s, *rule});
        own.positional.push_back(interpreter.call(classOf(interpreter, u"ForeignKey"_s), key));
    }
    if (const Value *more = args.keyword(u"sa_column_args"_s); more && !more->isNone()) {
        for (const Value &item : interpreter.items(*more))
            own.positional.push_back(item);
    }
    for (const QString &name : {u"primary_key"_s, u"index"_s, u"unique"_s, u"nullable"_s})
        pass(name, name);
    if (const Value *more = args.keyword(u"sa_column_kwargs"_s); more && more->as<Dict>()) {
        for (const auto &[key, value] : more->as<Dict>()->entries())
            own.keywords.push_back({textOf(interpreter, key, u"sa_column_kwargs"_s), value});
    }
    const Value made = constructMappedColumn(interpreter, nullptr, own);
    made.as<ColumnObject>()->isTaken = true; // most belong to no table
    return made;
}

Class *modelBase(Interpreter &interpreter)
{
    State &state = State::of(interpreter);
    const QString key = u"SQLModel"_s;
    if (Class *known = state.classes.value(key))
        return known;
    Class *base = interpreter.makeClass(key);
    base->module = u"sqlmodel"_s;
    makeDeclarative(interpreter, base, nullptr, {.fieldsAreColumns = true});
    state.classes.insert(key, base);
    return base;
}

std::optional<Value> modelName(Interpreter &interpreter, const QString &name)
{
    if (name == u"SQLModel")
        return Value(modelBase(interpreter));
    if (name == u"Field")
        return interpreter.function(name, modelField);
    if (name == u"Relationship")
        return Value(interpreter.make<InertObject>());
    if (name == u"AutoString") // as SQLModel has it: VARCHAR, with a length where MySQL wants one
        return interpreter.unknown(u"sqlmodel.AutoString"_s); // see foreigntypes.cpp
    if (auto found = ormName(interpreter, name))
        return found;
    return sqlalchemyName(interpreter, name);
}

} // namespace

void registerOrmExtensions(ModuleRegistry &registry)
{
    // Flask-AppBuilder's SQLA is Flask-SQLAlchemy's with a base of its own.
    for (const QString &module : {u"flask_sqlalchemy"_s, u"flask_appbuilder"_s})
        registry.add(module, [module](Interpreter &interpreter) {
            return interpreter.make<Module>(module, flaskName);
        });
    for (const QString &module :
         {u"sqlmodel"_s, u"sqlmodel.main"_s, u"sqlmodel.sql"_s, u"sqlmodel.sql.sqltypes"_s})
        registry.add(module, [module](Interpreter &interpreter) {
            return interpreter.make<Module>(module, modelName);
        });
}

} // namespace tribikos::py::sa
