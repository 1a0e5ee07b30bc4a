#include "core/pyread/sa/exprtypes.h"
#include "core/pyread/sa/names.h"
#include "core/pyread/sa/operators.h"
#include "core/pyread/sa/types.h"

/// The operators of JSON, ARRAY, HSTORE and PostgreSQL's ranges.
namespace tribikos::py::sa {

using namespace Qt::StringLiterals;

namespace {

bool isArray(const SqlTypePtr &type)
{
    return affinityOf(type) == TypeAffinity::Array;
}

bool isRange(const SqlTypePtr &type)
{
    return type && type->name.endsWith(u"RANGE");
}

bool isPostgresJson(const SqlTypePtr &type)
{
    return isJsonType(type) && type->module == u"postgresql";
}

bool isJsonItem(const ExprPtr &expression)
{
    return expression->kind == Expr::Kind::Binary
           && (expression->text == u"JSON[]" || expression->text == u"JSON{}");
}

/// A JSON key: a text or a number, or an expression.
ExprPtr keyExpr(Interpreter &interpreter, const Value &key)
{
    if (auto *element = key.as<Element>())
        return element->expr(interpreter);
    if (isText(key))
        return stringExpr(textOf(interpreter, key, u"a key"_s));
    if (key.isInt())
        return integerExpr(key.toInt());
    interpreter.unsupported(
        u"asks a JSON value for an item by a key that is neither text nor number"_s);
}

Value jsonItem(Interpreter &interpreter, Element &self, const Value &key)
{
    const bool isPath = key.as<Tuple>() || key.as<List>();
    ExprPtr path;
    if (isPath) {
        Expr list{.kind = Expr::Kind::List};
        for (const Value &part : interpreter.items(key))
            list.args.append(keyExpr(interpreter, part));
        path = sharedExpr(std::move(list));
    } else {
        path = keyExpr(interpreter, key);
    }
    return makeElement(interpreter,
                       binaryExpr(isPath ? u"JSON{}"_s : u"JSON[]"_s, self.expr(interpreter), path),
                       self.sqlType(interpreter), u"BinaryExpression"_s);
}

Value arrayItem(Interpreter &interpreter, Element &self, const Value &key)
{
    const SqlTypePtr type = self.sqlType(interpreter);
    const auto *slice = key.as<Slice>();
    const auto bound = [&](const Value &value) { return boundExpr(interpreter, value); };
    const ExprPtr index = slice ? sharedExpr({.kind = Expr::Kind::Slice,
                                              .args = {bound(slice->start), bound(slice->stop)}})
                                : bound(key);
    return makeElement(interpreter, binaryExpr(u"[]"_s, self.expr(interpreter), index),
                       slice || type->dimensions > 1 ? type : type->item, u"BinaryExpression"_s);
}

/// self <sql> other; other is bound as \a type.
Value compared(Interpreter &interpreter, Element &self, const CallArgs &args, const QString &sql,
               const SqlTypePtr &type)
{
    Arguments a(interpreter, args, sql);
    const Value other = a.required(u"other"_s);
    a.finish();
    return makeElement(interpreter,
                       binaryExpr(sql, self.expr(interpreter), boundExpr(interpreter, other, type)),
                       plainType(u"Boolean"_s), u"BinaryExpression"_s);
}

template<const char *const *sql>
Value keyTest(Interpreter &interpreter, Element &self, const CallArgs &args)
{
    return compared(interpreter, self, args, QString::fromLatin1(*sql), nullptr);
}

template<const char *const *sql>
Value sameTest(Interpreter &interpreter, Element &self, const CallArgs &args)
{
    return compared(interpreter, self, args, QString::fromLatin1(*sql), self.sqlType(interpreter));
}

constexpr const char *hasKey = "?";
constexpr const char *hasAll = "?&";
constexpr const char *hasAny = "?|";
constexpr const char *overlaps = "&&";
constexpr const char *containedBy = "<@";
constexpr const char *pathExists = "@?";
constexpr const char *pathMatch = "@@";
constexpr const char *any = "ANY";
constexpr const char *all = "ALL";

/// ARRAY.any(5): 5 = ANY (self)
template<const char *const *word>
Value member(Interpreter &interpreter, Element &self, const CallArgs &args)
{
    Arguments a(interpreter, args, QString::fromLatin1(*word));
    const Value other = a.required(u"other"_s);
    const Value op = a.optional(u"operator"_s);
    a.finish();
    if (!op.isNone())
        interpreter.unsupported(
            u"compares with the items of an array by an operator= of its own"_s);
    const SqlTypePtr type = self.sqlType(interpreter);
    const ExprPtr items = sharedExpr({.kind = Expr::Kind::Unary,
                                      .text = QString::fromLatin1(*word),
                                      .args = {self.expr(interpreter)}});
    return makeElement(
        interpreter,
        binaryExpr(u"="_s, boundExpr(interpreter, other, type ? type->item : nullptr), items),
        plainType(u"Boolean"_s), u"BinaryExpression"_s);
}

/// j["a"].as_integer() and its like
template<const char *const *name>
Value typedItem(Interpreter &interpreter, Element &self, const CallArgs &args)
{
    const ExprPtr own = self.expr(interpreter);
    if (!isJsonItem(own))
        interpreter.raise(classOf(interpreter, u"exc.InvalidRequestError"_s),
                          u"The JSON cast operator only works with a JSON index expression e.g. "
                          "col['q'].as_string()"_s);
    Arguments a(interpreter, args, u"as_…"_s);
    SqlType type{.name = QString::fromLatin1(*name), .module = u"sqlalchemy"_s};
    if (type.name == u"Numeric") {
        const auto number = [&](const QString &what) {
            return int(optionalInt(interpreter, a.required(what), what).value_or(0));
        };
        type.precision = number(u"precision"_s);
        type.scale = number(u"scale"_s);
        a.optional(u"asdecimal"_s);
    }
    a.finish();
    Expr made = *own;
    made.type =
        type.name == u"JSON" ? self.sqlType(interpreter) : std::make_shared<const SqlType>(type);
    return makeElement(interpreter, made, made.type, u"BinaryExpression"_s);
}

constexpr const char *asText = "Unicode";
constexpr const char *asInteger = "Integer";
constexpr const char *asFloat = "Float";
constexpr const char *asNumeric = "Numeric";
constexpr const char *asBoolean = "Boolean";
constexpr const char *asJson = "JSON";

} // namespace

Value itemOf(Interpreter &interpreter, Element &self, const Value &key)
{
    const SqlTypePtr type = self.sqlType(interpreter);
    if (isJsonType(type))
        return jsonItem(interpreter, self, key);
    if (isArray(type))
        return arrayItem(interpreter, self, key);
    if (type && type->name == u"HSTORE")
        return makeElement(interpreter,
                           binaryExpr(u"->"_s, self.expr(interpreter), boundExpr(interpreter, key)),
                           plainType(u"Text"_s), u"BinaryExpression"_s);
    interpreter.raise(u"NotImplementedError"_s,
                      u"Operator 'getitem' is not supported on this expression"_s);
}

std::optional<Value> containsOf(Interpreter &interpreter, Element &self, const CallArgs &args)
{
    const SqlTypePtr type = self.sqlType(interpreter);
    const bool isOwn =
        isPostgresJson(type) || isArray(type) || isRange(type) || (type && type->name == u"HSTORE");
    if (!isOwn || !args.keywords.empty())
        return std::nullopt;
    return compared(interpreter, self, args, u"@>"_s, isRange(type) ? nullptr : type);
}

const MethodTable<Element> &datatypeMethods()
{
    static const MethodTable<Element> table{{u"has_key"_s, keyTest<&hasKey>},
                                            {u"has_all"_s, keyTest<&hasAll>},
                                            {u"has_any"_s, keyTest<&hasAny>},
                                            {u"path_exists"_s, keyTest<&pathExists>},
                                            {u"path_match"_s, keyTest<&pathMatch>},
                                            {u"overlap"_s, sameTest<&overlaps>},
                                            {u"overlaps"_s, sameTest<&overlaps>},
                                            {u"contained_by"_s, sameTest<&containedBy>},
                                            {u"any"_s, member<&any>},
                                            {u"all"_s, member<&all>},
                                            {u"as_string"_s, typedItem<&asText>},
                                            {u"as_integer"_s, typedItem<&asInteger>},
                                            {u"as_float"_s, typedItem<&asFloat>},
                                            {u"as_numeric"_s, typedItem<&asNumeric>},
                                            {u"as_boolean"_s, typedItem<&asBoolean>},
                                            {u"as_json"_s, typedItem<&asJson>}};
    return table;
}

bool hasMethod(Interpreter &interpreter, Element &self, const QString &name)
{
    if (!datatypeMethods().contains(name))
        return true;
    const SqlTypePtr type = self.sqlType(interpreter);
    const ExprPtr own = self.expr(interpreter);
    if (name.startsWith(u"as_"))
        return isJsonType(type) || isJsonItem(own);
    const bool isHstore = type && type->name == u"HSTORE";
    if (name.startsWith(u"has_"))
        return isHstore || (isPostgresJson(type) && type->name == u"JSONB");
    if (name.startsWith(u"path_"))
        return isPostgresJson(type) && type->name == u"JSONB";
    if (name == u"any" || name == u"all" || name == u"overlap")
        return isArray(type);
    if (name == u"overlaps")
        return isRange(type) || isArray(type);
    return isArray(type) || isRange(type) || isHstore || isPostgresJson(type);
}

std::optional<Value> datatypeAttr(Interpreter &interpreter, Element &self, const QString &name)
{
    const ExprPtr own = self.expr(interpreter);
    if (name != u"astext" || !isJsonItem(own) || !isPostgresJson(self.sqlType(interpreter)))
        return std::nullopt;
    return makeElement(interpreter,
                       binaryExpr(own->text == u"JSON{}" ? u"JSON#>>"_s : u"JSON->>"_s,
                                  own->args.at(0), own->args.at(1)),
                       plainType(u"Text"_s), u"BinaryExpression"_s);
}

} // namespace tribikos::py::sa
