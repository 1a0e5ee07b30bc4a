#include "core/pyread/parser.h"

namespace tribikos::py {

using namespace Qt::StringLiterals;

ast::Stmt *Parser::matchStatement()
{
    const size_t index = m_stream.index;
    const Token last = m_last;
    const bool wasMarked = std::exchange(m_isMarked, true);
    const Token begin = peek();
    ast::Expr *subject = nullptr;
    bool isMatch = false;
    try { // `match` may be a plain name: `match = 1`, `match(x)`, `match.group()`
        take();
        subject = starList(u"a subject is missing"_s);
        isMatch = accept(Tok::Colon) && accept(Tok::Newline) && accept(Tok::Indent)
                  && atWord(u"case");
    } catch (const SyntaxFailure &) {
        isMatch = false;
    }
    m_isMarked = wasMarked;
    if (!isMatch) {
        m_stream.index = index;
        m_last = last;
        return nullptr;
    }
    auto *node = make<ast::Match>(begin);
    node->subject = subject;
    while (atWord(u"case")) {
        take();
        ast::Case one;
        one.pattern = patterns();
        if (accept(Tok::KwIf))
            one.guard = namedExpr();
        one.body = block();
        node->cases.push_back(std::move(one));
    }
    expect(Tok::Dedent, u"'case'");
    return finish(node);
}

/// What stands after `case`: `a, *b` without brackets is a sequence.
ast::Pattern *Parser::patterns()
{
    const Token begin = peek();
    ast::Pattern *first = at(Tok::Star) ? closedPattern() : orPattern();
    if (!at(Tok::Comma) && first->kind != ast::Pattern::Kind::Star)
        return first;
    auto *sequence = make<ast::Pattern>(begin);
    sequence->kind = ast::Pattern::Kind::Sequence;
    sequence->patterns.push_back(first);
    while (accept(Tok::Comma) && !at(Tok::Colon) && !at(Tok::KwIf))
        sequence->patterns.push_back(at(Tok::Star) ? closedPattern() : orPattern());
    return finish(sequence);
}

ast::Pattern *Parser::orPattern()
{
    const Depth depth(*this);
    const Token begin = peek();
    ast::Pattern *pattern = closedPattern();
    if (at(Tok::Bar)) {
        auto *any = make<ast::Pattern>(begin);
        any->kind = ast::Pattern::Kind::Or;
        any->patterns.push_back(pattern);
        while (accept(Tok::Bar))
            any->patterns.push_back(closedPattern());
        pattern = finish(any);
    }
    if (accept(Tok::KwAs)) {
        auto *named = make<ast::Pattern>(begin);
        named->kind = ast::Pattern::Kind::Or;
        named->patterns.push_back(pattern);
        named->name = identifier(expect(Tok::Name, u"a name after 'as'"));
        bind(named->name);
        pattern = finish(named);
    }
    return pattern;
}

ast::Pattern *Parser::closedPattern()
{
    const Token begin = peek();
    switch (kind()) {
    case Tok::Star: {
        take();
        auto *star = make<ast::Pattern>(begin);
        star->kind = ast::Pattern::Kind::Star;
        star->name = identifier(expect(Tok::Name, u"a name after '*'"));
        if (star->name != u"_")
            bind(star->name);
        return finish(star);
    }
    case Tok::LeftParen: {
        take();
        if (!at(Tok::RightParen) && !at(Tok::Star)) { // a group, unless a comma follows
            ast::Pattern *inner = orPattern();
            if (accept(Tok::RightParen))
                return inner;
            expect(Tok::Comma, u"','");
            ast::Pattern *rest = sequencePattern(Tok::RightParen);
            rest->patterns.insert(rest->patterns.begin(), inner);
            return rest;
        }
        return sequencePattern(Tok::RightParen);
    }
    case Tok::LeftBracket: take(); return sequencePattern(Tok::RightBracket);
    case Tok::LeftBrace: take(); return mappingPattern();
    case Tok::Name: return namePattern();
    default: break;
    }
    auto *literal = make<ast::Pattern>(begin);
    literal->kind = ast::Pattern::Kind::Value;
    literal->value = patternValue();
    return finish(literal);
}

ast::Expr *Parser::patternValue()
{
    switch (kind()) {
    case Tok::Number:
    case Tok::String:
    case Tok::Minus:
    case Tok::KwNone:
    case Tok::KwTrue:
    case Tok::KwFalse: return binary(4);
    default: unexpected();
    }
}

ast::Pattern *Parser::namePattern()
{
    const Token begin = peek();
    if (kind(1) != Tok::Dot && kind(1) != Tok::LeftParen) {
        auto *capture = make<ast::Pattern>(begin);
        const QString name = identifier(take());
        if (name != u"_") {
            capture->kind = ast::Pattern::Kind::Capture;
            capture->name = name;
            bind(name);
        }
        return finish(capture);
    }
    const Token first = take();
    auto *name = make<ast::Name>(first);
    name->id = identifier(first);
    ast::Expr *value = finish(name);
    while (accept(Tok::Dot)) {
        auto *attribute = make<ast::Attribute>(begin);
        attribute->value = value;
        attribute->name = identifier(expect(Tok::Name, u"a name after '.'"));
        value = finish(attribute);
    }
    if (accept(Tok::LeftParen))
        return classPattern(value, begin);
    auto *pattern = make<ast::Pattern>(begin);
    pattern->kind = ast::Pattern::Kind::Value;
    pattern->value = value;
    return finish(pattern);
}

ast::Pattern *Parser::sequencePattern(Tok end)
{
    const Depth depth(*this);
    auto *sequence = make<ast::Pattern>(m_last);
    sequence->kind = ast::Pattern::Kind::Sequence;
    while (!at(end)) {
        sequence->patterns.push_back(at(Tok::Star) ? closedPattern() : orPattern());
        if (!accept(Tok::Comma))
            break;
    }
    expect(end, u"the end of the pattern"_s);
    return finish(sequence);
}

ast::Pattern *Parser::mappingPattern()
{
    const Depth depth(*this);
    auto *mapping = make<ast::Pattern>(m_last);
    mapping->kind = ast::Pattern::Kind::Mapping;
    while (!at(Tok::RightBrace)) {
        if (accept(Tok::DoubleStar)) {
            mapping->name = identifier(expect(Tok::Name, u"a name after '**'"));
            bind(mapping->name);
        } else {
            if (at(Tok::Name)) {
                mapping->keys.push_back(namePattern()->value);
                if (!mapping->keys.back())
                    unexpected();
            } else {
                mapping->keys.push_back(patternValue());
            }
            expect(Tok::Colon, u"':'");
            mapping->patterns.push_back(orPattern());
        }
        if (!accept(Tok::Comma))
            break;
    }
    expect(Tok::RightBrace, u"'}'");
    return finish(mapping);
}

ast::Pattern *Parser::classPattern(ast::Expr *cls, const Token &begin)
{
    const Depth depth(*this);
    auto *pattern = make<ast::Pattern>(begin);
    pattern->kind = ast::Pattern::Kind::Class;
    pattern->value = cls;
    while (!at(Tok::RightParen)) {
        if (at(Tok::Name) && kind(1) == Tok::Assign) {
            const QString name = identifier(take());
            take();
            pattern->keywords.emplace_back(name, orPattern());
        } else {
            pattern->patterns.push_back(orPattern());
        }
        if (!accept(Tok::Comma))
            break;
    }
    expect(Tok::RightParen, u"')'");
    return finish(pattern);
}

} // namespace tribikos::py
