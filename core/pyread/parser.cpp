#include "core/pyread/parser.h"

#include "core/pyread/words.h"

namespace tribikos::py {

using namespace Qt::StringLiterals;

Parser::Parser(const QString &text)
    : m_text(text)
    , m_stream{Tokenizer(m_text)}
{}

std::shared_ptr<const ast::Module> Parser::module()
{
    m_scopes.push_back(nullptr);
    while (!at(Tok::End)) {
        if (!accept(Tok::Newline))
            statement(m_module->body);
    }
    if (!m_module->body.empty()) {
        const auto *first = ast::as<ast::ExprStmt>(m_module->body.front());
        const auto *text = ast::as<ast::Constant>(first ? first->value : nullptr);
        if (text && text->value.isStr()) {
            m_module->docstring = text->value.str();
            m_module->hasDocstring = true;
        }
    }
    return m_module;
}

void Parser::failAsTooDeep() // from a Depth's constructor: its destructor won't run
{
    --m_depth;
    fail(u"nested too deeply (more than %1 levels)"_s.arg(maxDepth));
}

Parser::Scope::Scope(Parser &owner, ast::ScopeNames *names)
    : parser(owner)
{
    parser.m_scopes.push_back(names);
}

void Parser::bind(const QString &name)
{
    if (ast::ScopeNames *scope = m_scopes.back())
        scope->locals.insert(name);
}

/// Reads tokens, some more than are asked for: what can't be read among those is said when its turn comes.
void Parser::readTokens(size_t ahead)
{
    if (!m_isMarked) {
        m_stream.tokens.erase(m_stream.tokens.begin(),
                              m_stream.tokens.begin() + qptrdiff(m_stream.index));
        m_stream.index = 0;
    }
    constexpr size_t some = 64;
    const size_t wanted =
        m_stream.index + ahead + 1; // behind an f-string's braces stands other text
    const size_t enough = m_stream.tokenizer.isInline() ? wanted : wanted + some;
    m_stream.tokens.reserve(enough);
    if (m_count > maxTokens && !m_stream.failure)
        m_stream.failure =
            SyntaxFailure{u"more than %1 tokens"_s.arg(maxTokens), m_last.line, m_last.column};
    const size_t known = m_stream.tokens.size();
    try {
        while (m_stream.tokens.size() < wanted
               && !m_stream.failure) // the End again, where it was already
            m_stream.tokenizer.read(m_stream.tokens, enough - m_stream.tokens.size());
    } catch (const SyntaxFailure &failure) {
        m_stream.failure = failure;
    }
    m_count += int(m_stream.tokens.size() - known);
    if (m_stream.tokens.size() < wanted)
        throw *m_stream.failure;
}

void Parser::failExpecting(QStringView what)
{
    fail(u"expected %1"_s.arg(what));
}

QStringView Parser::view(const Token &token) const
{
    return QStringView(m_text).sliced(token.begin, token.end - token.begin);
}

QString Parser::identifier(const Token &token) const
{
    if (!token.isPlain) // Python compares names in their NFKC form
        return view(token).toString().normalized(QString::NormalizationForm_KC);
    return sharedWord(view(token));
}

bool Parser::atWord(QStringView word)
{
    return at(Tok::Name) && view(peek()) == word;
}

void Parser::failAt(const Token &token, const QString &message)
{
    throw SyntaxFailure{message, token.line, token.column};
}

void Parser::fail(const QString &message)
{
    failAt(peek(), message);
}

void Parser::unexpected()
{
    switch (kind()) {
    case Tok::End:
    case Tok::Newline: fail(u"unexpected end of line"_s);
    case Tok::Indent: fail(u"unexpected indent"_s);
    case Tok::Dedent: fail(u"unexpected end of block"_s);
    default: break;
    }
    QString text = view(peek()).left(30).toString();
    if (text.contains(u'\n'))
        text.truncate(text.indexOf(u'\n'));
    fail(u"invalid syntax near '%1'"_s.arg(text));
}

Token Parser::tokenOf(const ast::Node *node) const
{
    Token token;
    token.line = node->span.line;
    token.column = node->span.column;
    return token;
}

} // namespace tribikos::py
