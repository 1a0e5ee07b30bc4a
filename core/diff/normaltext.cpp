#include "core/diff/normaltext.h"

#include "core/base/sqltokenizer.h"
#include "core/diff/rules.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

using TokenKind = SqlToken::Kind;

QString quotedText(const QString &text)
{
    return u'\'' + QString(text).replace(u'\'', u"''"_s) + u'\'';
}

/// A quoted name that could stand bare means the same as the bare one, but on PostgreSQL, where
/// quotes keep the case.
QString nameText(const SqlToken &token, Backend backend)
{
    if (backend != Backend::PostgreSql || token.kind == TokenKind::Word)
        return token.text.toLower();
    return token.text;
}

QString tokenText(const SqlToken &token, Backend backend)
{
    switch (token.kind) {
    case TokenKind::Word:
    case TokenKind::Quoted: return nameText(token, backend);
    case TokenKind::String: return quotedText(token.text);
    case TokenKind::Number: return token.text.toLower();
    case TokenKind::Symbol:
        if (token.text == u"!=")
            return u"<>"_s;
        return token.text == u"==" ? u"="_s : token.text;
    case TokenKind::Parameter:
    case TokenKind::End: break;
    }
    return token.text;
}

/// For each opening parenthesis where its closing one stands; -1 where there is none.
QList<qsizetype> matchingParentheses(const QList<SqlToken> &tokens)
{
    QList<qsizetype> match(tokens.size(), -1);
    QList<qsizetype> open;
    for (qsizetype i = 0; i < tokens.size(); ++i) {
        if (tokens[i].isSymbol(u"(")) {
            open.append(i);
        } else if (tokens[i].isSymbol(u")") && !open.isEmpty()) {
            match[open.takeLast()] = i;
        }
    }
    return match;
}

/// The tokens without End and without parentheses around all of them.
QList<SqlToken> innerTokens(const QString &sql, Backend backend)
{
    QList<SqlToken> tokens = sqlTokens(sql, backend);
    tokens.removeLast();
    while (!tokens.isEmpty() && tokens.constLast().isSymbol(u";"))
        tokens.removeLast();
    const QList<qsizetype> match = matchingParentheses(tokens);
    qsizetype first = 0;
    qsizetype last = tokens.size() - 1;
    while (first < last && match[first] == last) {
        ++first;
        --last;
    }
    return tokens.mid(first, last - first + 1);
}

QString joined(const QList<SqlToken> &tokens, Backend backend)
{
    QStringList texts;
    for (qsizetype i = 0; i < tokens.size(); ++i) {
        const bool isQualifier = tokens[i].isName() && i + 2 < tokens.size()
                                 && tokens[i + 1].isSymbol(u".") && tokens[i + 2].isName();
        if (isQualifier)
            ++i; // the dot goes with it
        else
            texts.append(tokenText(tokens[i], backend));
    }
    return texts.join(u' ');
}

/// 'x'::character varying: the cast that PostgreSQL adds to what was written.
void dropTrailingCast(QList<SqlToken> &tokens)
{
    const auto isCast = [](const SqlToken &token) { return token.isSymbol(u"::"); };
    const auto found = std::ranges::find_if(tokens, isCast);
    const auto isOperator = [](const SqlToken &token) {
        return token.kind == TokenKind::Symbol && !token.isSymbol(u"(") && !token.isSymbol(u")")
               && !token.isSymbol(u",") && !token.isSymbol(u"[") && !token.isSymbol(u"]");
    };
    if (found == tokens.end() || std::any_of(found + 1, tokens.end(), isOperator))
        return;
    tokens.erase(found, tokens.end());
}

} // namespace

QString normalExpression(const QString &sql, Backend backend)
{
    return joined(innerTokens(sql, backend), backend);
}

std::optional<QString> normalDefault(const QString &sql, Backend backend)
{
    QList<SqlToken> tokens = innerTokens(sql, backend);
    if (backend == Backend::PostgreSql)
        dropTrailingCast(tokens);
    const bool isName = tokens.size() == 1 && tokens[0].kind == TokenKind::Quoted;
    if (tokens.size() == 1 && (tokens[0].kind == TokenKind::String || isName))
        return tokens[0].text; // SQLite reads DEFAULT "x" as a string
    const QString text = joined(tokens, backend);
    const QString sign =
        text.startsWith(u"- ") || text.startsWith(u"+ ") ? text.left(1) : QString();
    const QString value = sign.isEmpty() ? text : (sign == u"-" ? sign : QString()) + text.mid(2);
    if (value == u"null")
        return std::nullopt;
    return rulesFor(backend).defaultAliases.value(value, value);
}

QString normalDefinition(const QString &sql, Backend backend)
{
    QList<SqlToken> tokens = sqlTokens(sql, backend);
    tokens.removeLast();
    while (!tokens.isEmpty() && tokens.constLast().isSymbol(u";"))
        tokens.removeLast();
    static constexpr QStringView kinds[] = {u"VIEW", u"TRIGGER", u"FUNCTION", u"PROCEDURE",
                                            u"SEQUENCE"};
    qsizetype start = 0;
    while (start < tokens.size() && start < 16
           && std::ranges::none_of(kinds, [&](QStringView k) { return tokens[start].isWord(k); }))
        ++start;
    if (start >= tokens.size() || start == 16)
        return joined(tokens, backend);
    ++start;
    const auto isWord = [&](qsizetype ahead, QStringView word) {
        return start + ahead < tokens.size() && tokens[start + ahead].isWord(word);
    };
    if (isWord(0, u"IF") && isWord(1, u"NOT") && isWord(2, u"EXISTS"))
        start += 3;
    return joined(tokens.mid(start), backend);
}

TypeShape typeShape(const QString &text, Backend backend)
{
    const ComparisonRules &rules = rulesFor(backend);
    const QList<SqlToken> tokens = sqlTokens(text, backend);
    TypeShape shape{.isKnown = tokens.size() > 1};
    int depth = 0;
    for (qsizetype i = 0; i + 1 < tokens.size(); ++i) {
        const SqlToken &token = tokens[i];
        if (token.isSymbol(u"(")) {
            ++depth;
        } else if (token.isSymbol(u")")) {
            --depth;
        } else if (depth > 0) {
            if (!token.isSymbol(u","))
                shape.arguments.append(tokenText(token, backend));
        } else if (token.isWord(u"COLLATE") && i + 2 < tokens.size()) {
            shape.collation = tokens[++i].text.toLower();
        } else if (token.isWord(u"CHARACTER") && tokens[i + 1].isWord(u"SET")) {
            i += 2;
        } else if (shape.word.isEmpty()) {
            const QString word = token.text.toLower();
            shape.word = rules.typeAliases.value(word, word);
        } else {
            shape.words.append(token.text.toLower());
        }
    }
    if (shape.word == u"enum" || shape.word == u"set")
        std::ranges::sort(shape.arguments); // labels are compared as a set
    return shape;
}

bool sameTypeShape(const TypeShape &a, const TypeShape &b, const ComparisonRules &rules)
{
    if (!a.isKnown || !b.isKnown)
        return true;
    const auto inOneSet = [&](const QSet<QString> &set) {
        return set.contains(a.word) && set.contains(b.word);
    };
    if (a.word != b.word && std::ranges::none_of(rules.typeSynonyms, inOneSet))
        return false;
    const auto differ = [](const QStringList &x, const QStringList &y) {
        return x.size() == y.size() && x != y;
    };
    const bool isEnum = a.word == u"enum" || a.word == u"set";
    if (isEnum ? a.arguments != b.arguments : differ(a.arguments, b.arguments))
        return false;
    return !differ(a.words, b.words);
}

} // namespace tribikos
