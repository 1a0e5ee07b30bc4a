#include "core/pyread/parser.h"

namespace tribikos::py {

using namespace Qt::StringLiterals;

namespace {

struct Level
{
    int precedence = -1; // -1: no binary operator
    BinaryOp op = BinaryOp::Add;
};

Level levelOf(Tok kind)
{
    switch (kind) {
    case Tok::Bar: return {0, BinaryOp::Or};
    case Tok::Caret: return {1, BinaryOp::Xor};
    case Tok::Ampersand: return {2, BinaryOp::And};
    case Tok::LeftShift: return {3, BinaryOp::LeftShift};
    case Tok::RightShift: return {3, BinaryOp::RightShift};
    case Tok::Plus: return {4, BinaryOp::Add};
    case Tok::Minus: return {4, BinaryOp::Sub};
    case Tok::Star: return {5, BinaryOp::Mul};
    case Tok::Slash: return {5, BinaryOp::Div};
    case Tok::DoubleSlash: return {5, BinaryOp::FloorDiv};
    case Tok::Percent: return {5, BinaryOp::Mod};
    case Tok::At: return {5, BinaryOp::MatMul};
    default: return {};
    }
}

bool endsExpressionList(Tok kind)
{
    switch (kind) {
    case Tok::Newline:
    case Tok::End:
    case Tok::Semicolon:
    case Tok::Assign:
    case Tok::RightParen:
    case Tok::RightBracket:
    case Tok::RightBrace:
    case Tok::Colon:
    case Tok::Exclamation:
    case Tok::KwIn: return true;
    default: return kind >= Tok::PlusAssign && kind <= Tok::AtAssign;
    }
}

/// \a kind begins what is neither a sign, a `not` nor an `await`, and a node that begins where it does: unlike `(a)`.
bool beginsPrimary(Tok kind)
{
    switch (kind) {
    case Tok::Name:
    case Tok::Number:
    case Tok::String:
    case Tok::KwNone:
    case Tok::KwTrue:
    case Tok::KwFalse:
    case Tok::LeftBracket:
    case Tok::LeftBrace: return true;
    default: return false;
    }
}

/// \a kind, behind an operand, makes it a part of something larger.
bool continuesExpression(Tok kind)
{
    switch (kind) {
    case Tok::At:
    case Tok::DoubleStar:
    case Tok::KwAnd:
    case Tok::KwIf:
    case Tok::KwIn:
    case Tok::KwIs:
    case Tok::KwNot:
    case Tok::KwOr: return true;
    default: return kind >= Tok::Plus && kind <= Tok::NotEqual;
    }
}

} // namespace

ast::Expr *Parser::starItem()
{
    if (!at(Tok::Star))
        return namedExpr();
    const Token begin = take();
    auto *starred = make<ast::Starred>(begin);
    starred->value = binary();
    return finish(starred);
}

/// `a, *b, c`: one item stays itself, more (or a trailing comma) make a tuple.
ast::Expr *Parser::starList(const QString &missing)
{
    if (endsExpressionList(kind()) && !missing.isEmpty())
        fail(missing);
    const Token begin = peek();
    ast::Expr *first = starItem();
    if (!at(Tok::Comma))
        return first;
    auto *tuple = make<ast::TupleExpr>(begin);
    tuple->items.push_back(first);
    while (accept(Tok::Comma)) {
        if (endsExpressionList(kind()))
            break;
        tuple->items.push_back(starItem());
    }
    return finish(tuple);
}

ast::Expr *Parser::namedExpr()
{
    if (at(Tok::Name) && kind(1) == Tok::Walrus) {
        const Token name = take();
        take();
        auto *named = make<ast::NamedExpr>(name);
        named->name = identifier(name);
        bind(named->name);
        named->value = ternary();
        return finish(named);
    }
    return ternary();
}

/// Most expressions are a name, a text or a call: the levels of operators have a part only in what is more.
ast::Expr *Parser::ternary()
{
    const Depth depth(*this);
    ast::Expr *body = nullptr;
    if (beginsPrimary(kind())) {
        body = primary();
        if (!continuesExpression(kind()))
            return body;
    }
    if (at(Tok::KwLambda))
        return lambda();
    const Token begin = body ? tokenOf(body) : peek();
    body = disjunction(body);
    if (!at(Tok::KwIf))
        return body;
    take();
    auto *choice = make<ast::IfExp>(begin);
    choice->body = body;
    choice->test = disjunction();
    expect(Tok::KwElse, u"'else' after 'if' expression");
    choice->orelse = ternary();
    return finish(choice);
}

ast::Expr *Parser::disjunction(ast::Expr *operand)
{
    const Token begin = operand ? tokenOf(operand) : peek();
    ast::Expr *first = conjunction(operand);
    if (!at(Tok::KwOr))
        return first;
    auto *chain = make<ast::BoolOp>(begin);
    chain->values.push_back(first);
    while (accept(Tok::KwOr))
        chain->values.push_back(conjunction());
    return finish(chain);
}

ast::Expr *Parser::conjunction(ast::Expr *operand)
{
    const Token begin = operand ? tokenOf(operand) : peek();
    ast::Expr *first = inversion(operand);
    if (!at(Tok::KwAnd))
        return first;
    auto *chain = make<ast::BoolOp>(begin);
    chain->isAnd = true;
    chain->values.push_back(first);
    while (accept(Tok::KwAnd))
        chain->values.push_back(inversion());
    return finish(chain);
}

ast::Expr *Parser::inversion(ast::Expr *operand)
{
    if (operand || !at(Tok::KwNot))
        return comparison(operand);
    const Depth depth(*this);
    auto *inverted = make<ast::Not>(take());
    inverted->operand = inversion();
    return finish(inverted);
}

ast::Expr *Parser::comparison(ast::Expr *operand)
{
    const Token begin = operand ? tokenOf(operand) : peek();
    ast::Expr *left = binary(0, operand);
    ast::Compare *compare = nullptr;
    for (;;) {
        ast::Comparison op{};
        switch (kind()) {
        case Tok::Equal: op = ast::Comparison::Eq; break;
        case Tok::NotEqual: op = ast::Comparison::Ne; break;
        case Tok::Less: op = ast::Comparison::Lt; break;
        case Tok::LessEqual: op = ast::Comparison::Le; break;
        case Tok::Greater: op = ast::Comparison::Gt; break;
        case Tok::GreaterEqual: op = ast::Comparison::Ge; break;
        case Tok::KwIn: op = ast::Comparison::In; break;
        case Tok::KwIs: op = ast::Comparison::Is; break;
        case Tok::KwNot:
            if (kind(1) != Tok::KwIn)
                return compare ? finish(compare) : left;
            op = ast::Comparison::NotIn;
            take();
            break;
        default:
            if (!compare)
                return left;
            return finish(compare);
        }
        take();
        if (op == ast::Comparison::Is && accept(Tok::KwNot))
            op = ast::Comparison::IsNot;
        if (!compare) {
            compare = make<ast::Compare>(begin);
            compare->left = left;
        }
        compare->ops.push_back(op);
        compare->rights.push_back(binary());
    }
}

ast::Expr *Parser::binary(int minimum, ast::Expr *operand)
{
    const Token begin = operand ? tokenOf(operand) : peek();
    ast::Expr *left = unary(operand);
    for (;;) {
        const Level level = levelOf(kind());
        if (level.precedence < minimum)
            return left;
        take();
        auto *node = make<ast::Binary>(begin);
        node->op = level.op;
        node->left = left;
        node->right = binary(level.precedence + 1);
        left = finish(node);
    }
}

ast::Expr *Parser::unary(ast::Expr *operand)
{
    if (operand)
        return power(operand);
    UnaryOp op{};
    switch (kind()) {
    case Tok::Plus: op = UnaryOp::Plus; break;
    case Tok::Minus: op = UnaryOp::Minus; break;
    case Tok::Tilde: op = UnaryOp::Invert; break;
    default: return power();
    }
    const Depth depth(*this);
    auto *node = make<ast::Unary>(take());
    node->op = op;
    node->operand = unary();
    return finish(node);
}

ast::Expr *Parser::power(ast::Expr *operand)
{
    const Token begin = operand ? tokenOf(operand) : peek();
    ast::Expr *base = operand;
    if (operand) {
        // read already
    } else if (at(Tok::KwAwait)) {
        auto *awaited = make<ast::Await>(take());
        awaited->value = primary();
        base = finish(awaited);
    } else {
        base = primary();
    }
    if (!at(Tok::DoubleStar))
        return base;
    take();
    const Depth depth(*this);
    auto *node = make<ast::Binary>(begin);
    node->op = BinaryOp::Pow;
    node->left = base;
    node->right = unary();
    return finish(node);
}

ast::Expr *Parser::primary()
{
    const SourceSpan begin{.line = peek().line, .column = peek().column};
    ast::Expr *value = atom();
    for (int links = 0;; ++links) {
        if (links > maxChain)
            fail(u"too long a chain of attributes, calls and subscripts"_s);
        if (accept(Tok::Dot)) {
            auto *attribute = make<ast::Attribute>(begin);
            attribute->value = value;
            attribute->name = identifier(expect(Tok::Name, u"a name after '.'"));
            value = finish(attribute);
        } else if (accept(Tok::LeftParen)) {
            auto *call = make<ast::Call>(begin);
            call->function = value;
            call->arguments = arguments();
            value = finish(call);
        } else if (accept(Tok::LeftBracket)) {
            auto *subscript = make<ast::Subscript>(begin);
            subscript->value = value;
            subscript->index = subscriptIndex();
            expect(Tok::RightBracket, u"']'");
            value = finish(subscript);
        } else {
            return value;
        }
    }
}

ast::Expr *Parser::subscriptIndex()
{
    const Token begin = peek();
    ast::Expr *first = sliceItem();
    if (!at(Tok::Comma) && first->kind != ast::ExprKind::Starred)
        return first;
    auto *tuple = make<ast::TupleExpr>(begin);
    tuple->items.push_back(first);
    while (accept(Tok::Comma)) {
        if (at(Tok::RightBracket))
            break;
        tuple->items.push_back(sliceItem());
    }
    return finish(tuple);
}

ast::Expr *Parser::sliceItem()
{
    const Token begin = peek();
    ast::Expr *lower = at(Tok::Colon) ? nullptr : starItem();
    if (!at(Tok::Colon))
        return lower;
    take();
    auto *slice = make<ast::SliceExpr>(begin);
    slice->lower = lower;
    const auto absent = [this] {
        return at(Tok::Colon) || at(Tok::RightBracket) || at(Tok::Comma);
    };
    if (!absent())
        slice->upper = ternary();
    if (accept(Tok::Colon) && !absent())
        slice->step = ternary();
    return finish(slice);
}

std::vector<ast::Argument> Parser::arguments()
{
    using Kind = ast::Argument::Kind;
    std::vector<ast::Argument> result;
    if (!at(Tok::RightParen))
        result.reserve(4); // what most calls have
    bool keywords = false;
    bool unpacked = false;
    while (!at(Tok::RightParen)) {
        const Token begin = peek();
        if (accept(Tok::Star)) {
            if (unpacked)
                failAt(begin, u"iterable argument unpacking follows keyword argument unpacking"_s);
            result.push_back({Kind::Star, {}, ternary()});
        } else if (accept(Tok::DoubleStar)) {
            unpacked = true;
            result.push_back({Kind::DoubleStar, {}, ternary()});
        } else if (at(Tok::Name) && kind(1) == Tok::Assign) {
            QString name = identifier(take());
            take();
            keywords = true;
            result.push_back({Kind::Keyword, std::move(name), ternary()});
        } else {
            ast::Expr *value = namedExpr();
            if (atComprehension()) {
                const bool alone = result.empty();
                value = comprehension(begin, ast::Comprehension::Makes::Generator, value, nullptr);
                if (!alone || !at(Tok::RightParen))
                    failAt(begin, u"Generator expression must be parenthesized"_s);
            } else if (keywords || unpacked) {
                failAt(begin, u"positional argument follows keyword argument"_s);
            }
            result.push_back({Kind::Positional, {}, value});
        }
        if (!accept(Tok::Comma))
            break;
    }
    if (!at(Tok::RightParen))
        unexpected();
    take();
    return result;
}

ast::Expr *Parser::constant(const Token &token, Value value)
{
    auto *node = make<ast::Constant>(token);
    node->value = std::move(value);
    return finish(node);
}

ast::Expr *Parser::atom()
{
    switch (kind()) {
    case Tok::Name: {
        const Token &token = take();
        auto *name = make<ast::Name>(token);
        name->id = identifier(token);
        return finish(name);
    }
    case Tok::Number: return number();
    case Tok::String: return strings();
    case Tok::KwNone: return constant(take(), Value());
    case Tok::KwTrue: return constant(take(), Value(true));
    case Tok::KwFalse: return constant(take(), Value(false));
    case Tok::Ellipsis: {
        const Token token = take();
        return finish(make<ast::EllipsisConstant>(token));
    }
    case Tok::LeftParen: return parenthesised();
    case Tok::LeftBracket: return listDisplay();
    case Tok::LeftBrace: return braceDisplay();
    default: unexpected();
    }
}

void Parser::markGenerator(const Token &token)
{
    if (!m_scopes.back())
        failAt(token, u"'yield' outside function"_s);
    m_scopes.back()->isGenerator = true;
}

ast::Expr *Parser::yieldExpr()
{
    const Token begin = take();
    markGenerator(begin);
    if (accept(Tok::KwFrom)) {
        auto *from = make<ast::YieldFrom>(begin);
        from->value = ternary();
        return finish(from);
    }
    auto *yield = make<ast::Yield>(begin);
    if (!endsExpressionList(kind()))
        yield->value = starList();
    return finish(yield);
}

ast::Expr *Parser::lambda()
{
    const Token begin = take();
    auto *node = make<ast::Lambda>(begin);
    const Scope own(*this, &node->scope);
    node->parameters = parameters(Tok::Colon, false);
    expect(Tok::Colon, u"':'");
    node->body = ternary();
    return finish(node);
}

} // namespace tribikos::py
