#include "core/pyread/sa/element.h"

#include "core/base/unwritten.h"
#include "core/pyread/sa/names.h"
#include "core/pyread/sa/operators.h"
#include "core/pyread/sa/redrawing.h"
#include "core/pyread/sa/tables.h"
#include "core/pyread/sa/types.h"

#include <QRegularExpression>
#include <QSet>

namespace tribikos::py::sa {

using namespace Qt::StringLiterals;

ExprPtr checkedExpr(Interpreter &interpreter, ExprPtr expression)
{
    constexpr qint64 heaviest = 1'000'000;
    if (expression->weight > heaviest)
        interpreter.unsupported(
            u"makes an SQL expression of more than %1 parts: Tribikos gives up"_s.arg(heaviest));
    checkRedrawn(interpreter, *expression);
    interpreter.charge(qint64(sizeof(Expr)) + expression->args.size() * qint64(sizeof(ExprPtr)));
    return expression;
}

namespace {

/// What operators and functions make knows its type: others look at it.
bool carriesType(Expr::Kind kind)
{
    switch (kind) {
    case Expr::Kind::Binary:
    case Expr::Kind::Unary:
    case Expr::Kind::Function:
    case Expr::Kind::Case:
    case Expr::Kind::Over:
    case Expr::Kind::Filter:
    case Expr::Kind::WithinGroup:
    case Expr::Kind::Extract:
    case Expr::Kind::ScalarSubquery:
    case Expr::Kind::Label:
    case Expr::Kind::Collate:
    case Expr::Kind::Between:
    case Expr::Kind::And:
    case Expr::Kind::Or: return true;
    default: return false;
    }
}

} // namespace

Value makeElement(Interpreter &interpreter, ExprPtr expression, SqlTypePtr type,
                  const QString &classKey)
{
    if (type && !expression->type && carriesType(expression->kind)) {
        Expr typed = *expression;
        typed.type = type;
        expression = sharedExpr(std::move(typed));
    }
    return interpreter.make<Element>(classOf(interpreter, classKey),
                                     checkedExpr(interpreter, std::move(expression)),
                                     std::move(type));
}

Value makeElement(Interpreter &interpreter, Expr expression, SqlTypePtr type,
                  const QString &classKey)
{
    return makeElement(interpreter, sharedExpr(std::move(expression)), std::move(type), classKey);
}

std::optional<Value> Element::nativeAttr(Interpreter &interpreter, const QString &name)
{
    if (elementMethods().contains(name) && hasMethod(interpreter, *this, name))
        return boundMethod(interpreter, *this, elementMethods(), name);
    const ExprPtr own = expr(interpreter);
    if (name == u"type")
        return typeValue(interpreter, sqlType(interpreter));
    if ((name == u"name" || name == u"key") && !own->text.isEmpty())
        return Value(own->text);
    if (name == u"text" && own->kind == Expr::Kind::Text)
        return Value(own->text);
    if (name == u"value" && own->kind == Expr::Kind::Value)
        return Value(own->value.text);
    if (auto made = datatypeAttr(interpreter, *this, name))
        return made;
    // What SQLAlchemy has there, too: not an AttributeError, which a script could catch.
    static const QSet<QString> more{u"table_valued"_s,
                                    u"column_valued"_s,
                                    u"render_derived"_s,
                                    u"as_comparison"_s,
                                    u"alias"_s,
                                    u"any_"_s,
                                    u"all_"_s,
                                    u"delete_path"_s,
                                    u"defined"_s,
                                    u"lateral"_s,
                                    u"with_only_columns"_s,
                                    u"params"_s,
                                    u"unique_params"_s,
                                    u"compare"_s,
                                    u"reverse_operate"_s,
                                    u"operate"_s,
                                    u"aggregate_order_by"_s,
                                    u"columns"_s,
                                    u"with_ordinality"_s,
                                    u"scalar_table_valued"_s};
    if (more.contains(name))
        interpreter.unsupported(u"uses %1(), which Tribikos doesn't know: write the statement with "
                                "op.execute()"_s.arg(name));
    return std::nullopt;
}

bool Element::truth(Interpreter &interpreter)
{
    if (truthOfIdentity)
        return *truthOfIdentity;
    interpreter.raise(u"TypeError"_s, u"Boolean value of this clause is not defined"_s);
}

namespace {

/// \a expression as SQLAlchemy's default dialect has it, where that is plain: func.now(), count(*).
std::optional<QString> plainText(const Expr &expression)
{
    static const QRegularExpression simple(u"^[a-z_][a-z0-9_]*$"_s);
    static const QStringList ansi{u"current_date"_s, u"current_time"_s, u"current_timestamp"_s,
                                  u"current_user"_s, u"localtime"_s,    u"localtimestamp"_s,
                                  u"session_user"_s, u"user"_s};
    static const QStringList others{u"sysdate"_s,       u"cube"_s,       u"rollup"_s,
                                    u"grouping_sets"_s, u"next_value"_s, u"aggregate_strings"_s};
    if (expression.kind == Expr::Kind::Star)
        return u"*"_s;
    const bool isLiteral = expression.kind == Expr::Kind::Column && expression.flag;
    if ((expression.kind == Expr::Kind::Text && expression.binds.isEmpty()) || isLiteral)
        return expression.text.contains(u':') ? std::nullopt : std::optional(expression.text);
    if (expression.kind != Expr::Kind::Function || !simple.match(expression.text).hasMatch()
        || others.contains(expression.text) || !expression.schema.isEmpty() || expression.flag)
        return std::nullopt;
    QStringList args;
    for (const ExprPtr &each : expression.args) {
        const auto text = plainText(*each);
        if (!text)
            return std::nullopt;
        args.append(*text);
    }
    if (ansi.contains(expression.text))
        return args.isEmpty() ? std::optional(expression.text.toUpper()) : std::nullopt;
    return expression.text + u'(' + args.join(u", "_s) + u')';
}

} // namespace

QString Element::str(Interpreter &interpreter)
{
    const ExprPtr own = expr(interpreter);
    if (own->kind == Expr::Kind::Text || (own->kind == Expr::Kind::Column && own->flag))
        return own->text;
    if (const auto plain = own->kind == Expr::Kind::Function ? plainText(*own) : std::nullopt)
        return *plain;
    interpreter.unsupported(
        u"turns an SQL expression into a string, whose text depends on the database"_s);
}

QString Element::repr(Interpreter &)
{
    return unwritten(u"<%1>"_s.arg(cls->name));
}

ExprPtr clauseFrom(Interpreter &interpreter, const Value &value, bool textAllowed)
{
    if (auto *element = value.as<Element>())
        return element->expr(interpreter);
    if (const auto *unknown = value.as<Unknown>())
        unknown->refuse(interpreter);
    if (value.isBool())
        return sharedExpr({.kind = value.isTrue() ? Expr::Kind::True : Expr::Kind::False});
    if (value.isNone())
        return sharedExpr({.kind = Expr::Kind::Null});
    if (textAllowed && isText(value))
        return textExpr(textOf(interpreter, value, u"SQL"_s));
    interpreter.raise(
        classOf(interpreter, u"exc.ArgumentError"_s),
        isText(value)
            ? u"Textual SQL expression %1 should be explicitly declared as text(%1)"_s.arg(
                interpreter.repr(value))
            : u"SQL expression expected, got %1"_s.arg(interpreter.typeName(value)));
}

ExprPtr labelOrColumn(Interpreter &interpreter, const Value &value)
{
    if (isText(value))
        return sharedExpr(
            {.kind = Expr::Kind::Label, .text = textOf(interpreter, value, u"a column"_s)});
    return columnExprFrom(interpreter, value);
}

ExprPtr columnExprFrom(Interpreter &interpreter, const Value &value)
{
    if (isText(value))
        return columnExpr(textOf(interpreter, value, u"a column"_s));
    if (value.as<TableObject>() || value.as<Element>())
        return value.as<TableObject>() ? value.as<TableObject>()->sourceExpr(interpreter)
                                       : value.as<Element>()->expr(interpreter);
    if (const auto attribute = interpreter.findAttr(value, u"__clause_element__"_s))
        return columnExprFrom(interpreter, interpreter.call(*attribute, std::vector<Value>{}));
    return boundExpr(interpreter, value);
}

} // namespace tribikos::py::sa
