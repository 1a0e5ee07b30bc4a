#include "core/diff/normaltext.h"

#include "core/base/sqltokenizer.h"
#include "core/diff/looseexpression.h"
#include "core/diff/rules.h"

#include <QHash>
#include <QJsonDocument>
#include <QRegularExpression>
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

/// A date or a time as a server prints it: "2024-1-2 3:04" is "2024-01-02 03:04:00".
QString normalMoment(const QString &text)
{
    static const QRegularExpression shape(
        u"^(?:(\\d{4})-(\\d{1,2})-(\\d{1,2}))?[ T]?(?:(\\d{1,2}):(\\d{2})(?::(\\d{2})(?:\\.(\\d*?)0*)?)?)?$"_s);
    const QRegularExpressionMatch match = shape.match(text);
    if (!match.hasMatch() || text.isEmpty())
        return text;
    const auto part = [&](int group) { return match.captured(group).rightJustified(2, u'0'); };
    const QString day = match.captured(1).isEmpty()
                            ? QString()
                            : match.captured(1) + u'-' + part(2) + u'-' + part(3);
    const QString fraction = match.captured(7).isEmpty() ? QString() : u'.' + match.captured(7);
    const QString time = part(4) + u':' + part(5) + u':' + part(6) + fraction;
    return day.isEmpty() ? time : time == u"00:00:00" ? day : day + u' ' + time;
}

/// An interval by its months, days and microseconds: "1 hour" is "01:00:00", "1 week" is "7 days".
QString normalInterval(const QString &text)
{
    static const QRegularExpression part(
        u"\\G\\s*(?:([+-]?)(\\d{1,9}):(\\d{1,2})(?::(\\d{1,2})(?:\\.(\\d{1,6}))?)?|([+-]?\\d{1,9})"
        u"\\s*"
        "(year|yr|mon|month|week|day|hour|hr|min|minute|sec|second)s?)(?![a-z\\d])"_s);
    static const QHash<QString, std::pair<int, qint64>> units{
        {u"year"_s, {0, 12}},   {u"yr"_s, {0, 12}},   {u"mon"_s, {0, 1}},
        {u"month"_s, {0, 1}},   {u"week"_s, {1, 7}},  {u"day"_s, {1, 1}},
        {u"hour"_s, {2, 3600}}, {u"hr"_s, {2, 3600}}, {u"min"_s, {2, 60}},
        {u"minute"_s, {2, 60}}, {u"sec"_s, {2, 1}},   {u"second"_s, {2, 1}}};
    qint64 amounts[3] = {0, 0, 0}; // months, days, microseconds
    const QString lower = text.toLower().trimmed();
    qsizetype end = 0;
    for (auto match = part.match(lower); match.hasMatch(); match = part.match(lower, end)) {
        end = match.capturedEnd();
        if (const auto unit = units.constFind(match.captured(7)); unit != units.cend()) {
            const qint64 scale = unit->first == 2 ? 1'000'000 : 1;
            amounts[unit->first] += match.captured(6).toLongLong() * unit->second * scale;
            continue;
        }
        const qint64 seconds =
            (match.captured(2).toLongLong() * 60 + match.captured(3).toInt()) * 60
            + match.captured(4).toInt();
        const qint64 fraction = match.captured(5).leftJustified(6, u'0').toLongLong();
        const qint64 whole = seconds * 1'000'000 + fraction;
        amounts[2] += match.captured(1) == u"-" ? -whole : whole;
    }
    if (end != lower.size() || lower.isEmpty())
        return text;
    return u"%1 months %2 days %3 us"_s.arg(amounts[0]).arg(amounts[1]).arg(amounts[2]);
}

QString normalJson(const QString &text)
{
    const QJsonDocument document = QJsonDocument::fromJson(text.toUtf8());
    return document.isNull() ? text : QString::fromUtf8(document.toJson(QJsonDocument::Compact));
}

/// A constant as the column's type keeps it.
QString normalConstant(const QString &text, const TypeShape &type)
{
    const QString word = type.word;
    if (word == u"boolean") {
        const QString value = text.toLower();
        if (QStringList{u"t"_s, u"true"_s, u"1"_s, u"yes"_s, u"y"_s, u"on"_s}.contains(value))
            return u"true"_s;
        if (QStringList{u"f"_s, u"false"_s, u"0"_s, u"no"_s, u"n"_s, u"off"_s}.contains(value))
            return u"false"_s;
    }
    if (word == u"json" || word == u"jsonb" || word == u"longtext")
        return normalJson(text);
    if (word == u"timestamp" || word == u"datetime" || word == u"date" || word == u"time")
        return normalMoment(text);
    if (word == u"interval")
        return normalInterval(text);
    return word == u"uuid" ? text.toLower() : plainNumber(text);
}

/// What a server prints of a default: any cast and any parentheses may be its own.
std::optional<QString> serverDefaultKey(const QString &sql, const TypeShape &type, Backend backend)
{
    const QStringList words = looseWords(sql, backend);
    if (words.size() == 1 && words[0].startsWith(u'\'') && words[0].size() >= 2)
        return normalConstant(words[0].sliced(1, words[0].size() - 2).replace(u"''"_s, u"'"_s),
                              type);
    const QString text = words.join(u' ');
    if (text == u"null")
        return std::nullopt;
    return words.size() == 1 ? normalConstant(text, type)
                             : rulesFor(backend).defaultAliases.value(text, text);
}

} // namespace

QString normalExpression(const QString &sql, Backend backend)
{
    if (!rulesFor(backend).keepsText)
        return looseExpression(sql, backend);
    return joined(innerTokens(sql, backend), backend);
}

std::optional<QString> normalDefault(const QString &sql, const TypeShape &type, Backend backend)
{
    if (!rulesFor(backend).keepsText)
        return serverDefaultKey(sql, type, backend);
    const QList<SqlToken> tokens = innerTokens(sql, backend);
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

} // namespace tribikos
