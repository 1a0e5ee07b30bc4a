#include "core/pyread/parser.h"

namespace tribikos::py {

using namespace Qt::StringLiterals;

namespace {

BinaryOp operatorOf(Tok kind)
{
    switch (kind) {
    case Tok::PlusAssign: return BinaryOp::Add;
    case Tok::MinusAssign: return BinaryOp::Sub;
    case Tok::StarAssign: return BinaryOp::Mul;
    case Tok::SlashAssign: return BinaryOp::Div;
    case Tok::DoubleSlashAssign: return BinaryOp::FloorDiv;
    case Tok::PercentAssign: return BinaryOp::Mod;
    case Tok::DoubleStarAssign: return BinaryOp::Pow;
    case Tok::AmpersandAssign: return BinaryOp::And;
    case Tok::BarAssign: return BinaryOp::Or;
    case Tok::CaretAssign: return BinaryOp::Xor;
    case Tok::LeftShiftAssign: return BinaryOp::LeftShift;
    case Tok::RightShiftAssign: return BinaryOp::RightShift;
    default: return BinaryOp::MatMul;
    }
}

} // namespace

void Parser::statement(ast::Body &body)
{
    const Depth depth(*this);
    if (ast::Stmt *compound = compoundStatement())
        body.push_back(compound);
    else
        simpleStatements(body);
}

void Parser::simpleStatements(ast::Body &body)
{
    do {
        body.push_back(simpleStatement());
    } while (accept(Tok::Semicolon) && !at(Tok::Newline) && !at(Tok::End));
    if (!at(Tok::End) && !at(Tok::Newline))
        unexpected();
    accept(Tok::Newline);
}

ast::Stmt *Parser::simpleStatement()
{
    switch (kind()) {
    case Tok::KwReturn: return returnStatement();
    case Tok::KwRaise: return raiseStatement();
    case Tok::KwAssert: return assertStatement();
    case Tok::KwDel: return deleteStatement();
    case Tok::KwImport: return importStatement();
    case Tok::KwFrom: return importFrom();
    case Tok::KwGlobal: return scopeStatement(true);
    case Tok::KwNonlocal: return scopeStatement(false);
    case Tok::KwPass: return finish(make<ast::Pass>(take()));
    case Tok::KwBreak: return finish(make<ast::Break>(take()));
    case Tok::KwContinue: return finish(make<ast::Continue>(take()));
    case Tok::Name:
        if (atWord(u"type") && kind(1) == Tok::Name)
            return typeAlias();
        break;
    default: break;
    }
    return expressionStatement();
}

ast::Stmt *Parser::expressionStatement()
{
    const Token begin = peek();
    ast::Expr *first = at(Tok::KwYield) ? yieldExpr() : starList();
    if (at(Tok::Assign))
        return assignment(begin, first);
    if (at(Tok::Colon))
        return annotatedAssignment(begin, first);
    if (kind() >= Tok::PlusAssign && kind() <= Tok::AtAssign)
        return augmentedAssignment(begin, first);
    if (first->kind == ast::ExprKind::Starred)
        failAt(begin, u"can't use starred expression here"_s);
    auto *node = make<ast::ExprStmt>(begin);
    node->value = first;
    return finish(node);
}

ast::Stmt *Parser::assignment(const Token &begin, ast::Expr *first)
{
    auto *node = make<ast::Assign>(begin);
    ast::Expr *value = first;
    while (accept(Tok::Assign)) {
        checkTarget(value, true, false);
        node->targets.push_back(value);
        value = at(Tok::KwYield) ? yieldExpr() : starList(u"invalid syntax: a value is missing"_s);
    }
    if (value->kind == ast::ExprKind::Starred)
        failAt(tokenOf(value), u"can't use starred expression here"_s);
    node->value = value;
    return finish(node);
}

ast::Stmt *Parser::annotatedAssignment(const Token &begin, ast::Expr *target)
{
    if (target->kind != ast::ExprKind::Name && target->kind != ast::ExprKind::Attribute
        && target->kind != ast::ExprKind::Subscript)
        failAt(begin, u"only a name, an attribute or an item can be annotated"_s);
    checkTarget(target);
    take();
    auto *node = make<ast::AnnAssign>(begin);
    node->target = target;
    node->annotation = ternary();
    if (accept(Tok::Assign))
        node->value = at(Tok::KwYield) ? yieldExpr() : starList(u"a value is missing"_s);
    return finish(node);
}

ast::Stmt *Parser::augmentedAssignment(const Token &begin, ast::Expr *target)
{
    if (target->kind != ast::ExprKind::Name && target->kind != ast::ExprKind::Attribute
        && target->kind != ast::ExprKind::Subscript)
        failAt(begin, u"illegal target for augmented assignment"_s);
    checkTarget(target);
    auto *node = make<ast::AugAssign>(begin);
    node->target = target;
    node->op = operatorOf(take().kind);
    node->value = at(Tok::KwYield) ? yieldExpr() : starList(u"a value is missing"_s);
    return finish(node);
}

ast::Stmt *Parser::returnStatement()
{
    auto *node = make<ast::Return>(take());
    if (!at(Tok::Newline) && !at(Tok::Semicolon) && !at(Tok::End))
        node->value = starList();
    return finish(node);
}

ast::Stmt *Parser::raiseStatement()
{
    auto *node = make<ast::Raise>(take());
    if (!at(Tok::Newline) && !at(Tok::Semicolon) && !at(Tok::End)) {
        node->exception = ternary();
        if (accept(Tok::KwFrom))
            node->cause = ternary();
    }
    return finish(node);
}

ast::Stmt *Parser::assertStatement()
{
    auto *node = make<ast::Assert>(take());
    node->test = ternary();
    if (accept(Tok::Comma))
        node->message = ternary();
    return finish(node);
}

ast::Stmt *Parser::deleteStatement()
{
    auto *node = make<ast::Delete>(take());
    ast::Expr *targets = starList(u"expected something to delete"_s);
    checkTarget(targets, true, false);
    if (targets->kind == ast::ExprKind::Tuple)
        node->targets = static_cast<ast::TupleExpr *>(targets)->items;
    else
        node->targets.push_back(targets);
    return finish(node);
}

QString Parser::dottedName()
{
    QString name = identifier(expect(Tok::Name, u"a module's name"));
    while (accept(Tok::Dot))
        name += u'.' + identifier(expect(Tok::Name, u"a module's name"));
    return name;
}

ast::Stmt *Parser::importStatement()
{
    auto *node = make<ast::Import>(take());
    do {
        ast::ImportName name{dottedName(), {}};
        if (accept(Tok::KwAs))
            name.asName = identifier(expect(Tok::Name, u"a name after 'as'"));
        bind(name.asName.isEmpty() ? name.name.left(name.name.indexOf(u'.')) : name.asName);
        node->names.push_back(name);
    } while (accept(Tok::Comma));
    return finish(node);
}

ast::Stmt *Parser::importFrom()
{
    auto *node = make<ast::ImportFrom>(take());
    for (;; take()) {
        if (at(Tok::Dot))
            node->level += 1;
        else if (at(Tok::Ellipsis))
            node->level += 3;
        else
            break;
    }
    if (at(Tok::Name))
        node->module = dottedName();
    else if (node->level == 0)
        unexpected();
    expect(Tok::KwImport, u"'import'");
    if (accept(Tok::Star))
        return finish(node);
    const bool inParens = accept(Tok::LeftParen);
    do {
        if (inParens && at(Tok::RightParen) && !node->names.empty())
            break;
        ast::ImportName name{identifier(expect(Tok::Name, u"a name to import")), {}};
        if (accept(Tok::KwAs))
            name.asName = identifier(expect(Tok::Name, u"a name after 'as'"));
        bind(name.asName.isEmpty() ? name.name : name.asName);
        node->names.push_back(name);
    } while (accept(Tok::Comma));
    if (inParens)
        expect(Tok::RightParen, u"')'");
    return finish(node);
}

ast::Stmt *Parser::scopeStatement(bool isGlobal)
{
    const Token begin = take();
    ast::ScopeNames *scope = m_scopes.back();
    do {
        const QString name = identifier(expect(Tok::Name, u"a name"));
        if (scope)
            (isGlobal ? scope->globals : scope->nonlocals).insert(name);
    } while (accept(Tok::Comma));
    if (isGlobal)
        return finish(make<ast::Global>(begin));
    return finish(make<ast::Nonlocal>(begin));
}

ast::Stmt *Parser::typeAlias()
{
    auto *node = make<ast::TypeAlias>(take());
    node->name = identifier(take());
    bind(node->name);
    typeParameters();
    expect(Tok::Assign, u"'='");
    node->value = ternary();
    return finish(node);
}

} // namespace tribikos::py
