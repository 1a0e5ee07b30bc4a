#include "core/pyread/parser.h"

namespace tribikos::py {

using namespace Qt::StringLiterals;

/// Null when no compound statement begins here.
ast::Stmt *Parser::compoundStatement()
{
    switch (kind()) {
    case Tok::KwIf: return ifStatement();
    case Tok::KwWhile: return whileStatement();
    case Tok::KwTry: return tryStatement();
    case Tok::At: return decorated();
    case Tok::KwFor: return forStatement(peek(), false);
    case Tok::KwWith: return withStatement(peek(), false);
    case Tok::KwDef: return functionDef(peek(), {}, false);
    case Tok::KwClass: return classDef(peek(), {});
    case Tok::KwAsync: {
        const Token begin = take();
        if (at(Tok::KwDef))
            return functionDef(begin, {}, true);
        if (at(Tok::KwFor))
            return forStatement(begin, true);
        if (at(Tok::KwWith))
            return withStatement(begin, true);
        unexpected();
    }
    case Tok::Name:
        if (atWord(u"match"))
            return matchStatement();
        return nullptr;
    default: return nullptr;
    }
}

ast::Body Parser::block()
{
    expect(Tok::Colon, u"':'");
    ast::Body body;
    if (!accept(Tok::Newline)) {
        simpleStatements(body);
        return body;
    }
    expect(Tok::Indent, u"an indented block");
    while (!accept(Tok::Dedent)) {
        if (at(Tok::End))
            break;
        statement(body);
    }
    return body;
}

ast::Stmt *Parser::ifStatement()
{
    auto *node = make<ast::If>(take());
    ast::If::Branch branch;
    branch.test = namedExpr();
    branch.body = block();
    node->branches.push_back(std::move(branch));
    while (accept(Tok::KwElif)) {
        ast::If::Branch next;
        next.test = namedExpr();
        next.body = block();
        node->branches.push_back(std::move(next));
    }
    if (accept(Tok::KwElse))
        node->orelse = block();
    return finish(node);
}

ast::Stmt *Parser::whileStatement()
{
    auto *node = make<ast::While>(take());
    node->test = namedExpr();
    node->body = block();
    if (accept(Tok::KwElse))
        node->orelse = block();
    return finish(node);
}

ast::Stmt *Parser::forStatement(const Token &begin, bool isAsync)
{
    take();
    auto *node = make<ast::For>(begin);
    node->isAsync = isAsync;
    node->target = targetList(Tok::KwIn);
    expect(Tok::KwIn, u"'in'");
    node->iterable = starList(u"expected something to iterate over"_s);
    node->body = block();
    if (accept(Tok::KwElse))
        node->orelse = block();
    return finish(node);
}

ast::Stmt *Parser::tryStatement()
{
    auto *node = make<ast::Try>(take());
    node->body = block();
    while (at(Tok::KwExcept)) {
        ast::Handler handler;
        const Token begin = take();
        if (!node->handlers.empty() && !node->handlers.back().type)
            failAt(begin, u"default 'except:' must be last"_s);
        handler.span.line = begin.line;
        handler.span.column = begin.column;
        if (accept(Tok::Star))
            node->isStar = true;
        if (!at(Tok::Colon)) {
            const Token typeBegin = peek();
            handler.type = ternary();
            if (at(Tok::Comma)) { // Python 3.14 lets the parentheses go
                auto *types = make<ast::TupleExpr>(typeBegin);
                types->items.push_back(handler.type);
                while (accept(Tok::Comma))
                    types->items.push_back(ternary());
                handler.type = finish(types);
            }
            if (accept(Tok::KwAs)) {
                handler.name = identifier(expect(Tok::Name, u"a name after 'as'"));
                bind(handler.name);
            }
        }
        handler.body = block();
        node->handlers.push_back(std::move(handler));
    }
    if (!node->handlers.empty() && accept(Tok::KwElse))
        node->orelse = block();
    const bool hasFinally = accept(Tok::KwFinally);
    if (hasFinally)
        node->finally = block();
    if (node->handlers.empty() && !hasFinally)
        fail(u"expected 'except' or 'finally' block"_s);
    return finish(node);
}

ast::WithItem Parser::withItem()
{
    ast::WithItem item;
    item.context = ternary();
    if (accept(Tok::KwAs)) {
        const Token begin = peek();
        if (accept(Tok::Star))
            failAt(begin, u"starred assignment target must be in a list or tuple"_s);
        item.target = primary();
        checkTarget(item.target);
    }
    return item;
}

/// `with (a as b, c):`, and nothing else: `with (a, b) as c:` and `with (a).b:` answer false.
bool Parser::parenthesisedWithItems(std::vector<ast::WithItem> &items)
{
    const size_t index = m_stream.index;
    const Token last = m_last;
    const bool wasMarked = std::exchange(m_isMarked, true);
    const auto restore = [&] {
        m_stream.index = index;
        m_last = last;
        m_isMarked = wasMarked;
        items.clear();
        return false;
    };
    try {
        take();
        do {
            if (at(Tok::RightParen) && !items.empty())
                break;
            items.push_back(withItem());
        } while (accept(Tok::Comma));
        if (!accept(Tok::RightParen) || !at(Tok::Colon))
            return restore();
    } catch (const SyntaxFailure &) {
        return restore(); // the other reading will say what is wrong
    }
    m_isMarked = wasMarked;
    return true;
}

ast::Stmt *Parser::withStatement(const Token &begin, bool isAsync)
{
    take();
    auto *node = make<ast::With>(begin);
    node->isAsync = isAsync;
    if (!at(Tok::LeftParen) || !parenthesisedWithItems(node->items)) {
        do {
            node->items.push_back(withItem());
        } while (accept(Tok::Comma));
    }
    node->body = block();
    return finish(node);
}

ast::Stmt *Parser::decorated()
{
    ast::Exprs decorators;
    while (accept(Tok::At)) {
        decorators.push_back(namedExpr());
        expect(Tok::Newline, u"the end of the line");
    }
    const Token begin = peek();
    const bool isAsync = accept(Tok::KwAsync);
    if (at(Tok::KwDef))
        return functionDef(begin, std::move(decorators), isAsync);
    if (at(Tok::KwClass) && !isAsync)
        return classDef(begin, std::move(decorators));
    unexpected();
}

/// `[T: int, *Ts, **P]` of Python 3.12: types mean nothing to us.
void Parser::typeParameters()
{
    if (!accept(Tok::LeftBracket))
        return;
    do {
        if (at(Tok::RightBracket))
            break;
        if (!accept(Tok::Star))
            accept(Tok::DoubleStar);
        expect(Tok::Name, u"a type parameter");
        if (accept(Tok::Colon))
            ternary();
        if (accept(Tok::Assign))
            starItem();
    } while (accept(Tok::Comma));
    expect(Tok::RightBracket, u"']'");
}

ast::Stmt *Parser::functionDef(const Token &begin, ast::Exprs decorators, bool isAsync)
{
    take();
    auto *node = make<ast::FunctionDef>(begin);
    node->isAsync = isAsync;
    node->decorators = std::move(decorators);
    node->name = identifier(expect(Tok::Name, u"a function's name"));
    bind(node->name);
    typeParameters();
    expect(Tok::LeftParen, u"'('");
    const Scope own(*this, &node->scope);
    node->parameters = parameters(Tok::RightParen, true);
    expect(Tok::RightParen, u"')'");
    if (accept(Tok::Arrow))
        node->returns = ternary();
    node->body = block();
    return finish(node);
}

ast::Stmt *Parser::classDef(const Token &begin, ast::Exprs decorators)
{
    take();
    auto *node = make<ast::ClassDef>(begin);
    node->decorators = std::move(decorators);
    node->name = identifier(expect(Tok::Name, u"a class' name"));
    bind(node->name);
    typeParameters();
    if (accept(Tok::LeftParen))
        node->arguments = arguments();
    const Scope own(*this, nullptr);
    node->body = block();
    return finish(node);
}

} // namespace tribikos::py
