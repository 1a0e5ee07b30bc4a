// Parentheses, lists, sets, dictionaries and comprehensions.
#include "core/pyread/parser.h"

namespace tribikos::py {

using namespace Qt::StringLiterals;

bool Parser::atComprehension()
{
    return at(Tok::KwFor) || (at(Tok::KwAsync) && kind(1) == Tok::KwFor);
}

/// The clauses, up to but without the closing bracket.
ast::Expr *Parser::comprehension(const Token &begin, ast::Comprehension::Makes makes,
                                 ast::Expr *element, ast::Expr *value)
{
    auto *node = make<ast::Comprehension>(begin);
    node->makes = makes;
    node->element = element;
    node->value = value;
    if (element->kind == ast::ExprKind::Starred)
        failAt(tokenOf(element), u"iterable unpacking cannot be used in comprehension"_s);
    while (atComprehension()) {
        accept(Tok::KwAsync);
        take();
        ast::Clause clause;
        {
            const Scope own(*this, nullptr); // its names live in the comprehension alone
            clause.target = targetList(Tok::KwIn);
        }
        expect(Tok::KwIn, u"'in'");
        clause.iterable = disjunction();
        while (accept(Tok::KwIf))
            clause.conditions.push_back(disjunction());
        node->clauses.push_back(std::move(clause));
    }
    return finish(node);
}

ast::Expr *Parser::parenthesised()
{
    const Depth depth(*this);
    const Token begin = take();
    if (accept(Tok::RightParen))
        return finish(make<ast::TupleExpr>(begin));
    if (at(Tok::KwYield)) {
        ast::Expr *value = yieldExpr();
        expect(Tok::RightParen, u"')'");
        return value;
    }
    ast::Expr *first = starItem();
    if (atComprehension()) {
        ast::Expr *made =
            comprehension(begin, ast::Comprehension::Makes::Generator, first, nullptr);
        expect(Tok::RightParen, u"')'");
        return finish(made);
    }
    if (!at(Tok::Comma)) {
        if (first->kind == ast::ExprKind::Starred)
            failAt(begin, u"cannot use starred expression here"_s);
        if (!at(Tok::RightParen))
            unexpected();
        take();
        return first;
    }
    auto *tuple = make<ast::TupleExpr>(begin);
    tuple->items.push_back(first);
    while (accept(Tok::Comma) && !at(Tok::RightParen))
        tuple->items.push_back(starItem());
    if (!at(Tok::RightParen))
        unexpected();
    take();
    return finish(tuple);
}

ast::Expr *Parser::listDisplay()
{
    const Depth depth(*this);
    const Token begin = take();
    auto *list = make<ast::ListExpr>(begin);
    if (accept(Tok::RightBracket))
        return finish(list);
    list->items.push_back(starItem());
    if (atComprehension()) {
        ast::Expr *made =
            comprehension(begin, ast::Comprehension::Makes::List, list->items.front(), nullptr);
        expect(Tok::RightBracket, u"']'");
        return finish(made);
    }
    while (accept(Tok::Comma) && !at(Tok::RightBracket))
        list->items.push_back(starItem());
    if (!at(Tok::RightBracket))
        unexpected();
    take();
    return finish(list);
}

ast::Expr *Parser::braceDisplay()
{
    const Depth depth(*this);
    const Token begin = take();
    if (accept(Tok::RightBrace))
        return finish(make<ast::DictExpr>(begin));
    if (accept(Tok::DoubleStar))
        return dictDisplay(begin, nullptr, binary());
    ast::Expr *first = starItem();
    if (accept(Tok::Colon)) {
        ast::Expr *value = ternary();
        if (!atComprehension())
            return dictDisplay(begin, first, value);
        ast::Expr *made = comprehension(begin, ast::Comprehension::Makes::Dict, first, value);
        expect(Tok::RightBrace, u"'}'");
        return finish(made);
    }
    if (atComprehension()) {
        ast::Expr *made = comprehension(begin, ast::Comprehension::Makes::Set, first, nullptr);
        expect(Tok::RightBrace, u"'}'");
        return finish(made);
    }
    auto *set = make<ast::SetExpr>(begin);
    set->items.push_back(first);
    while (accept(Tok::Comma) && !at(Tok::RightBrace))
        set->items.push_back(starItem());
    if (!at(Tok::RightBrace))
        unexpected();
    take();
    return finish(set);
}

ast::Expr *Parser::dictDisplay(const Token &begin, ast::Expr *firstKey, ast::Expr *firstValue)
{
    auto *dict = make<ast::DictExpr>(begin);
    dict->keys.push_back(firstKey);
    dict->values.push_back(firstValue);
    while (accept(Tok::Comma) && !at(Tok::RightBrace)) {
        if (accept(Tok::DoubleStar)) {
            dict->keys.push_back(nullptr);
            dict->values.push_back(binary());
            continue;
        }
        dict->keys.push_back(ternary());
        expect(Tok::Colon, u"':' after dictionary key");
        dict->values.push_back(ternary());
    }
    if (!at(Tok::RightBrace))
        unexpected();
    take();
    return finish(dict);
}

} // namespace tribikos::py
