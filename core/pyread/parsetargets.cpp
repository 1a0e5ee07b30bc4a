// What is assigned to, and what functions take.
#include "core/pyread/parser.h"

namespace tribikos::py {

using namespace Qt::StringLiterals;

/// What `for` and comprehensions assign to, up to \a end.
ast::Expr *Parser::targetList(Tok end)
{
    const Token begin = peek();
    const auto item = [this]() -> ast::Expr * {
        if (!at(Tok::Star))
            return primary();
        auto *starred = make<ast::Starred>(take());
        starred->value = primary();
        return finish(starred);
    };
    ast::Expr *target = item();
    if (at(Tok::Comma)) {
        auto *tuple = make<ast::TupleExpr>(begin);
        tuple->items.push_back(target);
        while (accept(Tok::Comma) && !at(end))
            tuple->items.push_back(item());
        target = finish(tuple);
    }
    checkTarget(target, true, false);
    return target;
}

void Parser::checkTarget(ast::Expr *target, bool bindNames, bool starAllowed)
{
    using ast::ExprKind;
    const auto each = [&](const ast::Exprs &items) {
        int stars = 0;
        for (ast::Expr *item : items) {
            stars += item->kind == ExprKind::Starred;
            checkTarget(item, bindNames, true);
        }
        if (stars > 1)
            failAt(tokenOf(target), u"multiple starred expressions in assignment"_s);
    };
    switch (target->kind) {
    case ExprKind::Name:
        if (bindNames)
            bind(static_cast<ast::Name *>(target)->id);
        return;
    case ExprKind::Attribute:
    case ExprKind::Subscript: return;
    case ExprKind::Tuple: return each(static_cast<ast::TupleExpr *>(target)->items);
    case ExprKind::List: return each(static_cast<ast::ListExpr *>(target)->items);
    case ExprKind::Starred:
        if (starAllowed)
            return checkTarget(static_cast<ast::Starred *>(target)->value, bindNames, false);
        failAt(tokenOf(target), u"starred assignment target must be in a list or tuple"_s);
    default: failAt(tokenOf(target), u"cannot assign to this expression"_s);
    }
}

/// `/` in a parameter list: what stands before it can't be passed by name.
void Parser::positionalMark(std::vector<ast::Parameter> &before, bool starSeen)
{
    using Kind = ast::Parameter::Kind;
    const Token mark = take();
    if (before.empty() || starSeen || before.front().kind == Kind::PositionalOnly)
        failAt(mark, u"'/' must come first, once, after a parameter"_s);
    for (ast::Parameter &earlier : before)
        earlier.kind = Kind::PositionalOnly;
}

/// The name of a parameter with its annotation and its default value.
void Parser::parameterRest(ast::Parameter &parameter, bool annotated, bool &defaults)
{
    using Kind = ast::Parameter::Kind;
    const Token begin = peek();
    parameter.name = identifier(expect(Tok::Name, u"a parameter name"));
    bind(parameter.name);
    if (annotated && accept(Tok::Colon))
        parameter.annotation = parameter.kind == Kind::Star ? starItem() : ternary();
    if (at(Tok::Assign)) {
        if (parameter.kind == Kind::Star || parameter.kind == Kind::DoubleStar)
            fail(u"var-positional and var-keyword arguments cannot have default values"_s);
        take();
        parameter.defaultValue = ternary();
        defaults = defaults || parameter.kind == Kind::Plain;
    } else if (defaults && parameter.kind == Kind::Plain) {
        failAt(begin, u"non-default argument follows default argument"_s);
    }
}

std::vector<ast::Parameter> Parser::parameters(Tok end, bool annotated)
{
    using Kind = ast::Parameter::Kind;
    std::vector<ast::Parameter> result;
    QSet<QString> names;
    Kind kindNow = Kind::Plain;
    bool defaults = false;
    while (!at(end)) {
        const Token begin = peek();
        ast::Parameter parameter;
        parameter.kind = kindNow;
        if (!result.empty() && result.back().kind == Kind::DoubleStar)
            fail(u"arguments cannot follow var-keyword argument"_s);
        if (at(Tok::Slash)) {
            positionalMark(result, kindNow != Kind::Plain);
            if (!accept(Tok::Comma))
                break;
            continue;
        }
        if (accept(Tok::DoubleStar)) {
            parameter.kind = Kind::DoubleStar;
        } else if (accept(Tok::Star)) {
            if (kindNow == Kind::KeywordOnly)
                failAt(begin, u"* argument may appear only once"_s);
            kindNow = Kind::KeywordOnly;
            if (accept(Tok::Comma)) {
                if (at(end) || at(Tok::DoubleStar))
                    failAt(begin, u"named arguments must follow bare *"_s);
                continue;
            }
            parameter.kind = Kind::Star;
        }
        parameterRest(parameter, annotated, defaults);
        if (names.contains(parameter.name))
            failAt(begin, u"duplicate argument '%1' in function definition"_s.arg(parameter.name));
        names.insert(parameter.name);
        result.push_back(parameter);
        if (!accept(Tok::Comma))
            break;
    }
    return result;
}

} // namespace tribikos::py
