#include "core/pyread/sa/annotations.h"

#include "core/pyread/ast.h"
#include "core/pyread/sa/types.h"
#include "core/pyread/sa/typingforms.h"
#include "core/pyread/source.h"

#include <algorithm>

namespace tribikos::py::sa {

using namespace Qt::StringLiterals;

namespace {

class HintReader
{
public:
    HintReader(Interpreter &interpreter, const Class &cls, const Class::Annotation &annotation)
        : m_interpreter(interpreter)
        , m_cls(cls)
        , m_annotation(annotation)
    {}
    TypeHint read()
    {
        expression(static_cast<const ast::Expr *>(m_annotation.expression));
        return m_hint;
    }

private:
    void expression(const ast::Expr *node);
    void subscript(const ast::Subscript &node);
    void quoted(const QString &text);
    void value(const Value &found);
    void form(const TypingForm &found);
    Value evaluate(const ast::Expr *node);
    void literal(const Value &label);
    static QString lastName(const ast::Expr *node);
    static std::vector<const ast::Expr *> parts(const ast::Expr *index);

    static constexpr int maxDepth = 50;
    Interpreter &m_interpreter;
    const Class &m_cls;
    const Class::Annotation &m_annotation;
    TypeHint m_hint{};
    std::vector<std::shared_ptr<const Source>> m_sources{}; // of quoted annotations
    int m_depth = 0;
};

QString HintReader::lastName(const ast::Expr *node)
{
    if (const auto *name = ast::as<ast::Name>(node))
        return name->id;
    if (const auto *attribute = ast::as<ast::Attribute>(node))
        return attribute->name;
    return {};
}

std::vector<const ast::Expr *> HintReader::parts(const ast::Expr *index)
{
    if (const auto *tuple = ast::as<ast::TupleExpr>(index))
        return {tuple->items.begin(), tuple->items.end()};
    return {index};
}

Value HintReader::evaluate(const ast::Expr *node)
{
    Class::Annotation part = m_annotation;
    part.expression = node;
    return m_interpreter.annotation(m_cls, part);
}

void HintReader::expression(const ast::Expr *node)
{
    if (!node || ++m_depth > maxDepth)
        return;
    if (const auto *constant = ast::as<ast::Constant>(node)) {
        if (constant->value.isNone())
            m_hint.isOptional = true;
        else if (constant->value.isStr())
            quoted(constant->value.str());
        return;
    }
    if (const auto *binary = ast::as<ast::Binary>(node); binary && binary->op == BinaryOp::Or) {
        expression(binary->left);
        expression(binary->right);
        return;
    }
    if (const auto *indexed = ast::as<ast::Subscript>(node)) {
        subscript(*indexed);
        return;
    }
    m_hint.text = lastName(node);
    value(evaluate(node));
}

void HintReader::subscript(const ast::Subscript &node)
{
    static const QStringList mapped{u"Mapped"_s, u"DynamicMapped"_s, u"WriteOnlyMapped"_s};
    static const QStringList transparent{u"Optional"_s, u"Union"_s, u"Final"_s, u"Required"_s};
    const QString name = lastName(node.value);
    const auto inner = parts(node.index);
    if (mapped.contains(name)) {
        m_hint.isMapped = true;
        m_hint.isCollection = name != u"Mapped";
        expression(inner.front());
    } else if (transparent.contains(name)) {
        m_hint.isOptional = m_hint.isOptional || name == u"Optional";
        for (const ast::Expr *part : inner)
            expression(part);
    } else if (name == u"Annotated") {
        expression(inner.front());
        for (size_t i = 1; i < inner.size(); ++i) {
            if (auto *column = evaluate(inner[i]).as<ColumnObject>())
                m_hint.column = column;
        }
    } else if (name == u"Literal") {
        for (const ast::Expr *part : inner)
            literal(evaluate(part));
    } else {
        m_hint.text = name;
        m_hint.isCollection = name != u"dict" && name != u"Dict";
        value(evaluate(node.value));
    }
}

/// A string, or a member of an enumeration that is one (StrEnum).
void HintReader::literal(const Value &label)
{
    const auto *member = label.as<Instance>();
    const bool isText = member && member->cls->isEnum
                        && std::ranges::any_of(member->cls->mro, [](const Class *base) {
                               return base->name == u"str" && !base->globals;
                           });
    const std::optional<Value> value =
        isText ? m_interpreter.findAttr(label, u"value"_s) : std::optional(label);
    if (value && value->isStr())
        m_hint.literals.append(value->str());
}

void HintReader::quoted(const QString &text)
{
    const auto source = parse(u"("_s.append(text).append(u")\n").toUtf8(), m_cls.where.file);
    if (!source || (*source)->tree->body.size() != 1)
        return;
    m_sources.push_back(*source);
    if (const auto *statement = ast::as<ast::ExprStmt>((*source)->tree->body.front()))
        expression(statement->value);
}

void HintReader::value(const Value &found)
{
    if (const auto *alias = found.as<TypingForm>()) {
        m_hint.aliases.push_back(found);
        form(*alias);
    } else if (found.as<Class>()) {
        m_hint.base = found;
    }
}

void HintReader::form(const TypingForm &found)
{
    if (++m_depth > maxDepth)
        return;
    if (found.name == u"Literal") {
        for (const Value &label : found.args)
            literal(label);
        return;
    }
    m_hint.isOptional = m_hint.isOptional || found.name == u"Optional";
    for (size_t i = 0; i < found.args.size(); ++i) {
        const Value &part = found.args[i];
        if (auto *column = part.as<ColumnObject>())
            m_hint.column = column;
        else if (part.isNone())
            m_hint.isOptional = true;
        else if (found.name != u"Annotated" || i == 0)
            value(part);
    }
}

SqlTypePtr plainType(const QString &name)
{
    return std::make_shared<const SqlType>(SqlType{.name = name, .module = u"sqlalchemy"_s});
}

/// SQLAlchemy's default map, by the Python class' name.
SqlTypePtr defaultType(const QString &name)
{
    static const QHash<QString, QString> names{
        {u"int"_s, u"Integer"_s},        {u"str"_s, u"String"_s},
        {u"bool"_s, u"Boolean"_s},       {u"float"_s, u"Float"_s},
        {u"bytes"_s, u"LargeBinary"_s},  {u"datetime"_s, u"DateTime"_s},
        {u"date"_s, u"Date"_s},          {u"time"_s, u"Time"_s},
        {u"timedelta"_s, u"Interval"_s}, {u"Decimal"_s, u"Numeric"_s},
        {u"UUID"_s, u"Uuid"_s}};
    const auto found = names.constFind(name);
    return found == names.cend() ? nullptr : plainType(*found);
}

const Value *mapped(Interpreter &interpreter, const Dict *typeMap, const Value &key)
{
    for (const auto &[known, type] :
         typeMap ? typeMap->entries() : std::vector<std::pair<Value, Value>>()) {
        if (known.isSame(key))
            return typeMap->find(interpreter, known);
    }
    return nullptr;
}

/// The type of an enumeration that a map gives \a configured for: itself (\a isExact) or a base of it. The rules are
/// those of Enum._resolve_for_python_type() in SQLAlchemy.
SqlTypePtr enumType(Interpreter &interpreter, const Value &enumClass, const Value *configured,
                    bool isExact)
{
    const auto *pattern = configured ? configured->as<TypeObject>() : nullptr;
    const bool isOther = pattern && pattern->type.name.compare(u"Enum", Qt::CaseInsensitive) != 0;
    if (isOther || (pattern && isExact && !pattern->type.labels.isEmpty()))
        return typeFrom(interpreter, *configured);
    CallArgs args;
    args.positional = {enumClass};
    const QString callable = u"values_callable"_s;
    if (const Value *values = pattern ? pattern->arguments.keyword(callable) : nullptr)
        args.keywords = {{callable, *values}};
    const Value made = interpreter.call(classOf(interpreter, u"Enum"_s), args);
    SqlType type = made.as<TypeObject>()->type;
    if (pattern) { // Enum(enum.Enum, native_enum=False): the labels are the class', the rest is the pattern's
        const QStringList labels = type.labels;
        const QString name = type.typeName;
        type = pattern->type;
        type.labels = labels;
        if (type.typeName.isEmpty())
            type.typeName = name;
    }
    return std::make_shared<const SqlType>(std::move(type));
}

} // namespace

TypeHint readHint(Interpreter &interpreter, const Class &cls, const Class::Annotation &annotation)
{
    return HintReader(interpreter, cls, annotation).read();
}

std::optional<SqlTypePtr> typeOfHint(Interpreter &interpreter, const TypeHint &hint,
                                     const Dict *typeMap)
{
    for (const Value &alias : hint.aliases) {
        if (const Value *type = mapped(interpreter, typeMap, alias))
            return typeFrom(interpreter, *type);
    }
    if (!hint.literals.isEmpty())
        return std::make_shared<const SqlType>(SqlType{.name = u"Enum"_s,
                                                       .module = u"sqlalchemy"_s,
                                                       .labels = hint.literals,
                                                       .nativeEnum = false});
    const auto *cls = hint.base.as<Class>();
    if (!cls) { // imported only for type checking, or from a package that isn't here
        const SqlTypePtr type = hint.isCollection ? nullptr : defaultType(hint.text);
        return type ? std::optional(type) : std::nullopt;
    }
    for (Class *base : cls->mro) {
        if (base != cls && cls->name == u"bool" && !cls->globals)
            break; // is looked up as bool, not as int
        if (const Value *type = mapped(interpreter, typeMap, Value(base)))
            return cls->isEnum ? enumType(interpreter, hint.base, type, base == cls)
                               : typeFrom(interpreter, *type);
    }
    if (cls->isEnum)
        return enumType(interpreter, hint.base, nullptr, false);
    if (hint.isCollection)
        return std::nullopt;
    for (const Class *base : cls->mro) {
        if (const SqlTypePtr type = base->globals ? nullptr : defaultType(base->name))
            return type;
    }
    return std::nullopt;
}

} // namespace tribikos::py::sa
