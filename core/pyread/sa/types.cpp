#include "core/pyread/sa/types.h"

#include "core/pyread/sa/names.h"
#include "core/pyread/sa/tables.h"

#include <array>

namespace tribikos::py::sa {

using namespace Qt::StringLiterals;

namespace {

/// Where a constructor's argument is kept; those not named here change no DDL.
using Setter = void (*)(Interpreter &, SqlType &, const Value &);

std::optional<int> intOf(Interpreter &interpreter, const Value &value, const QString &what)
{
    const auto number = optionalInt(interpreter, value, what);
    return number ? std::optional<int>(int(*number)) : std::nullopt;
}

const QHash<QString, Setter> &setters()
{
    static const QHash<QString, Setter> table{
        {u"length"_s,
         [](Interpreter &in, SqlType &t, const Value &v) { t.length = intOf(in, v, u"length"_s); }},
        {u"precision"_s, [](Interpreter &in, SqlType &t,
                            const Value &v) { t.precision = intOf(in, v, u"precision"_s); }},
        {u"second_precision"_s,
         [](Interpreter &in, SqlType &t, const Value &v) {
             t.precision = intOf(in, v, u"second_precision"_s);
         }},
        {u"scale"_s,
         [](Interpreter &in, SqlType &t, const Value &v) { t.scale = intOf(in, v, u"scale"_s); }},
        {u"fsp"_s,
         [](Interpreter &in, SqlType &t, const Value &v) { t.fsp = intOf(in, v, u"fsp"_s); }},
        {u"display_width"_s,
         [](Interpreter &in, SqlType &t, const Value &v) {
             t.displayWidth = intOf(in, v, u"display_width"_s);
         }},
        {u"timezone"_s,
         [](Interpreter &in, SqlType &t, const Value &v) { t.timezone = in.truth(v); }},
        {u"collation"_s, [](Interpreter &in, SqlType &t,
                            const Value &v) { t.collation = textOrEmpty(in, v, u"collation"_s); }},
        {u"charset"_s, [](Interpreter &in, SqlType &t,
                          const Value &v) { t.charset = textOrEmpty(in, v, u"charset"_s); }},
        {u"fields"_s, [](Interpreter &in, SqlType &t,
                         const Value &v) { t.fields = textOrEmpty(in, v, u"fields"_s); }},
        {u"name"_s, [](Interpreter &in, SqlType &t,
                       const Value &v) { t.typeName = textOrEmpty(in, v, u"name"_s); }},
        {u"native"_s,
         [](Interpreter &in, SqlType &t, const Value &v) { t.nativeEnum = in.truth(v); }},
        {u"native_uuid"_s,
         [](Interpreter &in, SqlType &t, const Value &v) { t.nativeEnum = in.truth(v); }},
        {u"as_uuid"_s,
         [](Interpreter &in, SqlType &t, const Value &v) { t.asText = !in.truth(v); }},
        {u"create_constraint"_s,
         [](Interpreter &in, SqlType &t, const Value &v) { t.createConstraint = in.truth(v); }},
        {u"unsigned"_s,
         [](Interpreter &in, SqlType &t, const Value &v) { t.isUnsigned = in.truth(v); }},
        {u"zerofill"_s,
         [](Interpreter &in, SqlType &t, const Value &v) { t.zerofill = in.truth(v); }},
        {u"binary"_s, [](Interpreter &in, SqlType &t, const Value &v) { t.binary = in.truth(v); }},
        {u"national"_s,
         [](Interpreter &in, SqlType &t, const Value &v) { t.national = in.truth(v); }},
        {u"ascii"_s, [](Interpreter &in, SqlType &t, const Value &v) { t.ascii = in.truth(v); }},
        {u"unicode"_s,
         [](Interpreter &in, SqlType &t, const Value &v) { t.unicode = in.truth(v); }},
        {u"varying"_s,
         [](Interpreter &in, SqlType &t, const Value &v) { t.varying = in.truth(v); }},
    };
    return table;
}

/// The nearest class of SQLAlchemy's own that \a cls is or derives from.
const Class *nativeClass(const Class *cls)
{
    for (const Class *base : cls->mro) {
        if (!base->nativeKey.isEmpty() && typeSpec(base->nativeKey))
            return base;
    }
    return nullptr;
}

SqlType startType(const QString &key)
{
    const qsizetype dot = key.indexOf(u'.');
    if (dot < 0)
        return {.name = key, .module = u"sqlalchemy"_s};
    return {.name = key.mid(dot + 1), .module = key.left(dot)};
}

/// An argument of a type class: its name, and what takes it (null: it changes no DDL).
using TypeArgument = std::pair<QString, Setter>;

const std::vector<TypeArgument> &typeArguments(const QString &key)
{
    static const QHash<QString, std::vector<TypeArgument>> byKey = [] {
        QHash<QString, std::vector<TypeArgument>> table;
        for (const TypeSpec &spec : typeSpecs())
            for (const QString &name :
                 QString::fromLatin1(spec.arguments).split(u',', Qt::SkipEmptyParts))
                table[QString::fromLatin1(spec.key)].emplace_back(name, setters().value(name));
        return table;
    }();
    static const std::vector<TypeArgument> none;
    const auto found = byKey.constFind(key);
    return found == byKey.cend() ? none : *found;
}

void applyArguments(Interpreter &interpreter, SqlType &type, const QString &key,
                    const CallArgs &args)
{
    Arguments a(interpreter, args, type.name);
    for (const auto &[name, setter] : typeArguments(key)) {
        const std::optional<Value> value = a.taken(name); // None can be passed, too
        if (!value)
            continue;
        if (setter)
            setter(interpreter, type, *value);
        else if (value->isNone() || value->isBool() || value->isInt() || isText(*value))
            type.pythonArguments.insert(name, interpreter.repr(*value));
    }
    a.finish();
}

} // namespace

Value constructType(Interpreter &interpreter, Class *cls, const CallArgs &)
{
    const Class *native = nativeClass(cls);
    if (!native)
        interpreter.unsupported(
            u"makes an instance of %1, which is no column type"_s.arg(cls->name));
    return interpreter.make<TypeObject>(cls, startType(native->nativeKey));
}

QStringList enumLabels(Interpreter &interpreter, const Value &enumClass,
                       const Value &valuesCallable)
{
    if (!valuesCallable.isNone())
        return textList(interpreter, interpreter.call(valuesCallable, {enumClass}),
                        u"values_callable"_s);
    QStringList labels;
    for (const Value &member : interpreter.items(enumClass))
        labels.append(textOf(interpreter, interpreter.getAttr(member, u"name"_s), u"name"_s));
    return labels;
}

namespace {

void takeEnumValues(Interpreter &interpreter, TypeObject &made, const std::vector<Value> &values,
                    const Value &valuesCallable)
{
    if (values.size() == 1) {
        if (const auto *unknown = values.front().as<Unknown>())
            unknown->refuse(interpreter);
        if (const auto *enumClass = values.front().as<Class>()) {
            made.enumClass = values.front();
            made.type.labels = enumLabels(interpreter, values.front(), valuesCallable);
            if (!made.type.labels
                     .isEmpty()) // else it is a pattern for others, which have names of their own
                made.type.typeName = enumClass->name.toLower();
            return;
        }
        if (!isText(values.front()) && interpreter.isIterable(values.front()))
            interpreter.raise(u"TypeError"_s,
                              u"Enum() takes its values one by one: put a * before the list"_s);
    }
    for (const Value &value : values)
        made.type.labels.append(textOf(interpreter, value, u"an enum's value"_s));
}

void takeEnumKeywords(Interpreter &interpreter, TypeObject &made,
                      const std::vector<std::pair<QString, Value>> &keywords)
{
    static const QStringList harmless{
        u"values_callable"_s,   u"inherit_schema"_s, u"validate_strings"_s,
        u"sort_key_function"_s, u"quote"_s,          u"omit_aliases"_s,
        u"convert_unicode"_s,   u"strict"_s,         u"retrieve_as_bitwise"_s,
        u"checkfirst"_s,        u"_create_events"_s, u"index"_s};
    for (const auto &[name, value] : keywords) {
        if (name == u"native_enum")
            made.type.nativeEnum = interpreter.truth(value);
        else if (name == u"create_type")
            made.type.createType = made.type.name == u"Enum" || interpreter.truth(value);
        else if (name == u"schema")
            made.type.schema = textOrEmpty(interpreter, value, name);
        else if (name == u"metadata")
            made.type.metadataBound = !value.isNone();
        else if (const Setter setter = setters().value(name))
            setter(interpreter, made.type, value);
        else if (name == u"inherit_schema" || name == u"retrieve_as_bitwise")
            made.type.pythonArguments.insert(name, interpreter.repr(value));
        else if (!harmless.contains(name))
            interpreter.raise(u"TypeError"_s, u"%1() got an unexpected keyword argument '%2'"_s.arg(
                                                  made.type.name, name));
    }
}

} // namespace

namespace {

void initializeEnum(Interpreter &interpreter, TypeObject &made, const CallArgs &args)
{
    const Value *callable = args.keyword(u"values_callable"_s);
    takeEnumValues(interpreter, made, args.positional, callable ? *callable : Value());
    takeEnumKeywords(interpreter, made, args.keywords);
    made.arguments = args; // for types that are made like it
    if (const Value *metadata = args.keyword(u"metadata"_s))
        bindType(made.type, *metadata);
}

void initializeArray(Interpreter &interpreter, TypeObject &made, const CallArgs &args)
{
    Arguments a(interpreter, args, u"ARRAY"_s);
    made.type.item = typeFrom(interpreter, a.required(u"item_type"_s));
    const auto keep = [&](const QString &name) {
        const Value value = a.optional(name);
        if (!value.isNone())
            made.type.pythonArguments.insert(name, interpreter.repr(value));
        return value;
    };
    keep(u"as_tuple"_s);
    made.type.dimensions =
        int(optionalInt(interpreter, keep(u"dimensions"_s), u"dimensions"_s).value_or(1));
    keep(u"zero_indexes"_s);
    a.finish();
}

void initializeDomain(Interpreter &interpreter, TypeObject &made, const CallArgs &args)
{
    Arguments a(interpreter, args, u"DOMAIN"_s);
    SqlType &type = made.type;
    type.typeName = textOf(interpreter, a.required(u"name"_s), u"name"_s);
    type.item = typeFrom(interpreter, a.required(u"data_type"_s));
    type.collation = textOrEmpty(interpreter, a.keywordOnly(u"collation"_s), u"collation"_s);
    const Value otherwise = a.keywordOnly(u"default"_s);
    if (isText(otherwise))
        type.domainDefault = textOf(interpreter, otherwise, {});
    else if (!otherwise.isNone())
        interpreter.unsupported(u"gives a DOMAIN an expression as its default"_s);
    if (!a.keywordOnly(u"constraint_name"_s).isNone())
        interpreter.unsupported(u"names the constraint of a DOMAIN: write it with op.execute()"_s);
    type.domainNotNull = interpreter.truth(a.keywordOnly(u"not_null"_s, Value(false)));
    const Value check = a.keywordOnly(u"check"_s);
    if (!check.isNone())
        type.check = interpreter.str(check);
    type.createType = interpreter.truth(a.keywordOnly(u"create_type"_s, Value(true)));
    type.schema = textOrEmpty(interpreter, a.keywordOnly(u"schema"_s), u"schema"_s);
    const Value metadata = a.keywordOnly(u"metadata"_s);
    type.metadataBound = !metadata.isNone();
    a.finish();
    bindType(type, metadata);
}

} // namespace

void initializeType(Interpreter &interpreter, Object *self, const CallArgs &args)
{
    auto *made = objectAs<TypeObject>(self);
    if (!made)
        return;
    const Class *native = nativeClass(made->cls);
    const QString key = native ? native->nativeKey : QString();
    if (native && !typeArguments(key).empty()) // most
        applyArguments(interpreter, made->type, key, args);
    else if (key == u"Enum" || key.endsWith(u".ENUM") || key == u"mysql.SET")
        initializeEnum(interpreter, *made, args);
    else if (key == u"ARRAY" || key == u"postgresql.ARRAY")
        initializeArray(interpreter, *made, args);
    else if (key == u"postgresql.DOMAIN")
        initializeDomain(interpreter, *made, args);
    else if (key == u"TypeDecorator" || key == u"UserDefinedType" || key == u"TypeEngine")
        made->arguments = args; // its implementation's
    else
        applyArguments(interpreter, made->type, key, args);
}

bool isType(const Value &value)
{
    if (value.as<TypeObject>() || value.as<Unknown>())
        return true;
    if (const auto *cls = value.as<Class>())
        return std::any_of(cls->mro.begin(), cls->mro.end(),
                           [](const Class *base) {
                               return base->name == u"TypeEngine"
                                      && base->module.startsWith(u"sqlalchemy");
                           })
               || !cls->unknownBases.empty();
    const auto *instance =
        value.as<Instance>(); // of a class with a type from elsewhere as its base
    return instance && instance->cls && !instance->cls->unknownBases.empty() && !value.as<Element>()
           && !value.as<TableObject>();
}

namespace {

/// `impl` of a class over one of sqlalchemy_utils' encrypted types, which draw themselves as that; null: no such class.
SqlTypePtr encryptedType(Interpreter &interpreter, const Class &cls)
{
    const Value *impl = cls.lookup(u"impl"_s);
    for (const Unknown *base : cls.unknownBases)
        if (impl && isType(*impl) && base->origin.startsWith(u"sqlalchemy_utils.")
            && base->origin.endsWith(u"EncryptedType"))
            return typeFrom(interpreter, *impl);
    return nullptr;
}

/// The class that \a value is, or is an instance of, as a dotted name; "" for none.
QString classNameOf(const Value &value)
{
    const auto dotted = [](const Class *cls) {
        return cls->module.isEmpty() ? cls->name : cls->module + u'.' + cls->name;
    };
    if (const auto *unknown = value.as<Unknown>()) {
        const auto *callee = unknown->isCall ? unknown->callee.as<Unknown>() : unknown;
        return callee ? callee->origin : QString();
    }
    if (const auto *cls = value.as<Class>())
        return dotted(cls);
    const auto *instance = value.as<Instance>();
    return instance ? dotted(instance->cls) : QString();
}

/// What the user's [types] say about it. SQLAlchemy's own classes are not theirs to change.
SqlTypePtr userType(Interpreter &interpreter, const Value &value)
{
    const QMap<QString, QString> &types = State::of(interpreter).userTypes;
    const QString name = types.isEmpty() ? QString() : classNameOf(value);
    if (name.isEmpty() || name == u"sqlalchemy" || name.startsWith(u"sqlalchemy."))
        return nullptr;
    const State &state = State::of(interpreter);
    const auto backend = state.host ? state.host->backend() : std::nullopt;
    for (qsizetype from = 0; from >= 0;) { // the longest name first, of its database before of all
        auto found =
            backend ? types.constFind(backendName(*backend) + u':' + name.mid(from)) : types.cend();
        if (found == types.cend())
            found = types.constFind(name.mid(from));
        if (found != types.cend())
            return std::make_shared<const SqlType>(
                SqlType{.name = *found, .module = u"reflected"_s});
        const qsizetype dot = name.indexOf(u'.', from);
        from = dot < 0 ? -1 : dot + 1;
    }
    return nullptr;
}

} // namespace

SqlTypePtr typeFrom(Interpreter &interpreter, const Value &value)
{
    if (value.isNone())
        return nullptr;
    if (SqlTypePtr own = userType(interpreter, value))
        return own;
    if (auto *type = value.as<TypeObject>())
        return type->resolved(interpreter);
    if (const auto *unknown = value.as<Unknown>()) {
        if (SqlTypePtr known = knownForeignType(interpreter, *unknown))
            return known;
        return std::make_shared<const SqlType>(
            SqlType{.name = unknown->isCall && unknown->callee.as<Unknown>()
                                ? unknown->callee.as<Unknown>()->origin
                                : unknown->origin,
                    .module = u"unknown"_s});
    }
    if (const auto *cls = value.as<Class>(); cls && isType(value)) {
        if (!cls->unknownBases.empty() && cls->lookup(u"impl"_s) == nullptr)
            return std::make_shared<const SqlType>(
                SqlType{.name = cls->name, .module = u"unknown"_s});
        return typeFrom(interpreter, interpreter.call(value, std::vector<Value>{}));
    }
    if (const auto *instance = value.as<Instance>();
        instance && !instance->cls->unknownBases.empty()) {
        if (SqlTypePtr encrypted = encryptedType(interpreter, *instance->cls))
            return encrypted;
        return std::make_shared<const SqlType>(
            SqlType{.name = instance->cls->name, .module = u"unknown"_s});
    }
    interpreter.raise(u"TypeError"_s,
                      u"a column type is expected here, not %1"_s.arg(interpreter.typeName(value)));
}

Value typeValue(Interpreter &interpreter, const SqlTypePtr &type)
{
    if (!type)
        return interpreter.make<TypeObject>(classOf(interpreter, u"NullType"_s),
                                            startType(u"NullType"_s));
    QString key = type->module == u"sqlalchemy" ? type->name : type->module + u'.' + type->name;
    if (!typeSpec(key))
        key = u"TypeEngine"_s;
    return interpreter.make<TypeObject>(classOf(interpreter, key), *type);
}

namespace {

/// Whether both would be written alike into a new revision, too: == is about the DDL alone.
bool areWrittenAlike(const SqlType &a, const SqlType &b)
{
    return a.asText == b.asText && a.pythonArguments == b.pythonArguments
           && a.pythonModule == b.pythonModule && a.pythonClass == b.pythonClass
           && a.pythonText == b.pythonText && a.pythonLike == b.pythonLike
           && a.catalogueText == b.catalogueText;
}

/// Thousands of columns are of a few dozen types: equal ones are one value. Types within a type stay apart, for
/// decorators are known by their addresses.
SqlTypePtr shared(const SqlType &type)
{
    if (type.item || !type.variants.isEmpty())
        return std::make_shared<const SqlType>(type);
    thread_local std::array<SqlTypePtr, 64> known;
    const size_t place = qHash(type.name, size_t(type.length.value_or(type.precision.value_or(0))));
    SqlTypePtr &entry = known[place % known.size()];
    if (!entry || !areWrittenAlike(*entry, type) || !(*entry == type))
        entry = std::make_shared<const SqlType>(type);
    return entry;
}

} // namespace

SqlTypePtr TypeObject::resolved(Interpreter &interpreter)
{
    if (!cls->nativeKey.isEmpty())
        return storage(interpreter);
    return namedForPython(interpreter, *this, storage(interpreter));
}

SqlTypePtr TypeObject::storage(Interpreter &interpreter)
{
    if (SqlTypePtr drawn = compiledType(interpreter, *this))
        return drawn;
    if (isNative(cls, u"TypeDecorator") || isNative(cls, u"UserDefinedType"))
        return resolveDecorator(interpreter, *this);
    const auto *decorated = decorator.as<TypeObject>();
    if (!decorated && enumClass.isNone())
        return shared(type);
    const auto own = std::make_shared<const SqlType>(type); // known by its address
    if (!enumClass.isNone())
        State::of(interpreter).enumClasses.insert(own.get(), {own, enumClass});
    if (decorated)
        keepDecorator(interpreter, own, *const_cast<TypeObject *>(decorated));
    return own;
}

QString TypeObject::repr(Interpreter &)
{
    QStringList parts;
    if (type.length)
        parts += u"length=%1"_s.arg(*type.length);
    if (type.precision)
        parts += u"precision=%1"_s.arg(*type.precision);
    if (type.scale)
        parts += u"scale=%1"_s.arg(*type.scale);
    if (type.timezone.value_or(false))
        parts += u"timezone=True"_s;
    return u"%1(%2)"_s.arg(type.name, parts.join(u", "_s));
}

QString TypeObject::str(Interpreter &interpreter)
{
    static const QHash<QString, QString> names{
        {u"String"_s, u"VARCHAR"_s},    {u"Unicode"_s, u"VARCHAR"_s},
        {u"Text"_s, u"TEXT"_s},         {u"UnicodeText"_s, u"TEXT"_s},
        {u"Integer"_s, u"INTEGER"_s},   {u"SmallInteger"_s, u"SMALLINT"_s},
        {u"BigInteger"_s, u"BIGINT"_s}, {u"Numeric"_s, u"NUMERIC"_s},
        {u"Float"_s, u"FLOAT"_s},       {u"Boolean"_s, u"BOOLEAN"_s},
        {u"Date"_s, u"DATE"_s},         {u"DateTime"_s, u"DATETIME"_s},
        {u"Time"_s, u"TIME"_s},         {u"LargeBinary"_s, u"BLOB"_s},
        {u"JSON"_s, u"JSON"_s},         {u"NullType"_s, u"NULL"_s},
        {u"VARCHAR"_s, u"VARCHAR"_s},   {u"CHAR"_s, u"CHAR"_s},
        {u"TEXT"_s, u"TEXT"_s},         {u"INTEGER"_s, u"INTEGER"_s},
        {u"SMALLINT"_s, u"SMALLINT"_s}, {u"BIGINT"_s, u"BIGINT"_s},
        {u"NUMERIC"_s, u"NUMERIC"_s},   {u"DECIMAL"_s, u"DECIMAL"_s},
        {u"FLOAT"_s, u"FLOAT"_s},       {u"BOOLEAN"_s, u"BOOLEAN"_s},
        {u"DATE"_s, u"DATE"_s},         {u"DATETIME"_s, u"DATETIME"_s},
        {u"BLOB"_s, u"BLOB"_s},         {u"JSONB"_s, u"JSONB"_s}};
    const SqlTypePtr own = resolved(interpreter);
    if (own && own->module == u"reflected")
        return own->name;
    QString name = own ? names.value(own->name) : QString();
    if (name.isEmpty() || !own->collation.isEmpty() || own->module == u"mysql")
        interpreter.unsupported(
            u"turns the type %1 into a string, which SQLAlchemy does for each database in its own "
            "way: write the type out"_s.arg(type.name));
    if (name == u"FLOAT" || name == u"BLOB") // SQLAlchemy's generic compiler writes no size there
        return name;
    if (own->length)
        return u"%1(%2)"_s.arg(name).arg(*own->length);
    if (own->precision && own->scale)
        return u"%1(%2, %3)"_s.arg(name).arg(*own->precision).arg(*own->scale);
    return own->precision ? u"%1(%2)"_s.arg(name).arg(*own->precision) : name;
}

namespace {

Value withVariant(Interpreter &interpreter, TypeObject &self, const CallArgs &args)
{
    Arguments a(interpreter, args, u"with_variant"_s);
    const SqlTypePtr variant = typeFrom(interpreter, a.required(u"type_"_s));
    SqlType copy = *self.resolved(interpreter);
    for (const Value &name : a.rest())
        copy.variants.append({textOf(interpreter, name, u"a dialect's name"_s), variant});
    for (const auto &[name, value] :
         a.restKeywords()) // with_variant(t, dialect_name="mysql") of 1.4
        copy.variants.append({textOf(interpreter, value, name), variant});
    interpreter.charge(copy.variants.size() * 64); // kept with every copy
    if (copy.variants.isEmpty())
        interpreter.raise(classOf(interpreter, u"exc.ArgumentError"_s),
                          u"At least one dialect name is required"_s);
    const Value made = typeValue(interpreter, std::make_shared<const SqlType>(std::move(copy)));
    if (auto *object = made.as<TypeObject>())
        object->decorator = self.decorator.isNone() ? Value(&self) : self.decorator;
    return made;
}

/// Enum.create(bind, checkfirst=True) and .drop(): operations of their own.
template<typename Kind>
Value createOrDrop(Interpreter &interpreter, TypeObject &self, const CallArgs &args)
{
    Arguments a(interpreter, args, u"create"_s);
    a.optional(u"bind"_s);
    const Value checkFirst = a.optional(u"checkfirst"_s, Value(true));
    a.finish();
    Kind operation;
    operation.type = self.resolved(interpreter);
    operation.checkFirst = interpreter.truth(checkFirst);
    hostOf(interpreter).record(interpreter, operation);
    return {};
}

Value itself(Interpreter &, TypeObject &self, const CallArgs &)
{
    return &self;
}

const MethodTable<TypeObject> &typeMethods()
{
    static const MethodTable<TypeObject> table{
        {u"with_variant"_s, withVariant},
        {u"create"_s, createOrDrop<CreateType>},
        {u"drop"_s, createOrDrop<DropType>},
        {u"copy"_s, itself},
        {u"evaluates_none"_s, itself},
        {u"as_generic"_s, itself},
        {u"adapt"_s, itself},
    };
    return table;
}

Value optionalNumber(const std::optional<int> &number)
{
    return number ? Value(*number) : Value();
}

} // namespace

std::optional<Value> TypeObject::nativeAttr(Interpreter &interpreter, const QString &name)
{
    if (auto method = boundMethod(interpreter, *this, typeMethods(), name))
        return method;
    if (isNative(cls, u"TypeDecorator")) {
        if (name == u"impl")
            return decoratorImpl(interpreter, *this);
        if (name == u"load_dialect_impl")
            return interpreter.function(name, [this](Interpreter &in, const CallArgs &) {
                return decoratorImpl(in, *this);
            });
    }
    if (name == u"length")
        return optionalNumber(type.length);
    if (name == u"precision")
        return optionalNumber(type.precision);
    if (name == u"scale")
        return optionalNumber(type.scale);
    if (name == u"timezone")
        return Value(type.timezone.value_or(false));
    if (name == u"collation")
        return type.collation.isEmpty() ? Value() : Value(type.collation);
    if (name == u"name")
        return type.typeName.isEmpty() ? Value() : Value(type.typeName);
    if (name == u"schema")
        return type.schema.isEmpty() ? Value() : Value(type.schema);
    if (name == u"item_type" && type.item)
        return typeValue(interpreter, type.item);
    if (name == u"enum_class")
        return enumClass;
    if (name == u"enums") {
        std::vector<Value> labels;
        for (const QString &label : type.labels)
            labels.push_back(Value(label));
        return interpreter.list(std::move(labels));
    }
    return std::nullopt;
}

} // namespace tribikos::py::sa
