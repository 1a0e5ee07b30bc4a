#include "core/diff/looseexpression.h"

#include "core/base/sqltokenizer.h"

#include <QHash>
#include <QRegularExpression>
#include <QSet>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

using TokenKind = SqlToken::Kind;

constexpr qsizetype mostWords =
    5000; // what is longer is nobody's condition, and takes its time to be rearranged

bool isMySqlKind(Backend backend)
{
    return backend == Backend::MySql || backend == Backend::MariaDb;
}

/// Words before a parenthesis that only groups.
bool precedesGroup(const QString &word)
{
    static const QSet<QString> words{
        u"and"_s,   u"or"_s,       u"not"_s,     u"in"_s,      u"any"_s,   u"all"_s,
        u"some"_s,  u"like"_s,     u"is"_s,      u"when"_s,    u"then"_s,  u"else"_s,
        u"case"_s,  u"between"_s,  u"as"_s,      u"from"_s,    u"ilike"_s, u"similar"_s,
        u"to"_s,    u"over"_s,     u"array"_s,   u"xor"_s,     u"div"_s,   u"regexp"_s,
        u"rlike"_s, u"interval"_s, u"default"_s, u"operator"_s};
    return words.contains(word);
}

/// One name for what has several.
QString synonym(const QString &word, Backend backend)
{
    static const QHash<QString, QString> postgres{{u"~~"_s, u"like"_s},
                                                  {u"!~~"_s, u"not like"_s},
                                                  {u"~~*"_s, u"ilike"_s},
                                                  {u"!~~*"_s, u"not ilike"_s},
                                                  {u"!="_s, u"<>"_s},
                                                  {u"btrim"_s, u"trim"_s},
                                                  {u"pow"_s, u"power"_s},
                                                  {u"current_timestamp"_s, u"now"_s},
                                                  {u"char_length"_s, u"length"_s},
                                                  {u"character_length"_s, u"length"_s}};
    static const QHash<QString, QString> mysql{{u"!="_s, u"<>"_s},
                                               {u"&&"_s, u"and"_s},
                                               {u"||"_s, u"or"_s},
                                               {u"!"_s, u"not"_s},
                                               {u"octet_length"_s, u"length"_s},
                                               {u"lcase"_s, u"lower"_s},
                                               {u"ucase"_s, u"upper"_s},
                                               {u"substr"_s, u"substring"_s},
                                               {u"mid"_s, u"substring"_s},
                                               {u"character_length"_s, u"char_length"_s},
                                               {u"localtime"_s, u"current_timestamp"_s},
                                               {u"localtimestamp"_s, u"current_timestamp"_s},
                                               {u"now"_s, u"current_timestamp"_s},
                                               {u"curdate"_s, u"current_date"_s},
                                               {u"curtime"_s, u"current_time"_s},
                                               {u"pow"_s, u"power"_s},
                                               {u"rlike"_s, u"regexp"_s},
                                               {u"%"_s, u"mod"_s},
                                               {u"true"_s, u"1"_s},
                                               {u"false"_s, u"0"_s}};
    return (isMySqlKind(backend) ? mysql : postgres).value(word, word);
}

/// Cuts one expression into words; one pass over the tokens, then passes over the words.
class LooseReader
{
public:
    LooseReader(const QString &sql, Backend backend)
        : m_backend(backend)
        , m_tokens(sqlTokens(sql, backend))
    {
        readPairs();
    }
    QStringList read();

private:
    void readPairs();
    void readToken(qsizetype &at);
    bool isCastCall(qsizetype at) const;
    qsizetype afterType(qsizetype at) const;
    bool isDropped(qsizetype at) const;
    void add(const QString &word);
    QString wordOf(const SqlToken &token) const;
    QString patternOperator(qsizetype &at) const;
    const SqlToken &token(qsizetype at) const
    {
        return m_tokens[std::min(at, m_tokens.size() - 1)];
    }

    const Backend m_backend;
    const QList<SqlToken> m_tokens;
    QHash<qsizetype, qsizetype> m_pairs{}; // opening parenthesis -> closing one
    QSet<qsizetype> m_dropped{};           // parentheses and what else is left out
    QStringList m_words{};
};

void LooseReader::readPairs()
{
    QList<qsizetype> open;
    for (qsizetype i = 0; i < m_tokens.size(); ++i) {
        if (m_tokens[i].isSymbol(u"("))
            open.append(i);
        else if (m_tokens[i].isSymbol(u")") && !open.isEmpty())
            m_pairs.insert(open.takeLast(), i);
    }
    for (auto i = m_pairs.cbegin(); i != m_pairs.cend(); ++i) {
        const SqlToken &before = i.key() > 0 ? m_tokens[i.key() - 1] : m_tokens.constLast();
        const bool isCall = before.isName() && !precedesGroup(before.text.toLower());
        if (isCall && !isCastCall(i.key() - 1))
            continue;
        m_dropped.insert(i.key());
        m_dropped.insert(*i);
    }
}

bool LooseReader::isCastCall(qsizetype at) const
{
    return m_tokens[at].isWord(u"CAST") || m_tokens[at].isWord(u"CONVERT");
}

/// The first token behind the type whose first word is at \a at.
qsizetype LooseReader::afterType(qsizetype at) const
{
    static const QSet<QString> more{u"varying"_s, u"precision"_s, u"with"_s,   u"without"_s,
                                    u"zone"_s,    u"year"_s,      u"month"_s,  u"day"_s,
                                    u"hour"_s,    u"minute"_s,    u"second"_s, u"to"_s};
    ++at;
    while (token(at).isSymbol(u".") && token(at + 1).isName())
        at += 2;
    for (;;) {
        const QString word =
            token(at).kind == TokenKind::Word ? token(at).text.toLower() : QString();
        const bool isTime =
            word == u"time" && (token(at - 1).isWord(u"with") || token(at - 1).isWord(u"without"));
        if (more.contains(word) || isTime)
            ++at;
        else if (word == u"charset")
            at += 2;
        else if (token(at).isSymbol(u"(") && m_pairs.contains(at))
            at = m_pairs.value(at) + 1;
        else
            break;
    }
    while (token(at).isSymbol(u"[")) {
        while (at < m_tokens.size() - 1 && !token(at).isSymbol(u"]"))
            ++at;
        ++at;
    }
    return at;
}

QString LooseReader::wordOf(const SqlToken &token) const
{
    switch (token.kind) {
    case TokenKind::Word: return synonym(token.text.toLower(), m_backend);
    case TokenKind::Quoted: return isMySqlKind(m_backend) ? token.text.toLower() : token.text;
    case TokenKind::String: {
        const QString number = plainNumber(token.text);
        static const QRegularExpression numeric(u"^-?[0-9]+(?:\\.[0-9]+)?$"_s);
        return number.contains(numeric)
                   ? number
                   : u'\'' + QString(token.text).replace(u'\'', u"''"_s) + u'\'';
    }
    case TokenKind::Number: return plainNumber(token.text.toLower());
    default: return synonym(token.text, m_backend);
    }
}

void LooseReader::add(const QString &word)
{
    static const QSet<QString> operators{u"("_s,    u","_s,    u"="_s,  u"<>"_s, u"<"_s,
                                         u">"_s,    u"<="_s,   u">="_s, u"+"_s,  u"*"_s,
                                         u"/"_s,    u"and"_s,  u"or"_s, u"in"_s, u"when"_s,
                                         u"then"_s, u"else"_s, u"%"_s,  u"["_s};
    const bool isSign = !m_words.isEmpty() && m_words.constLast() == u"-"
                        && (m_words.size() == 1 || operators.contains(m_words[m_words.size() - 2]));
    const bool isNumber = !word.isEmpty() && word.front().isDigit();
    if (isSign && isNumber)
        m_words.last() += word;
    else
        m_words.append(word);
}

/// PostgreSQL's LIKE and its kin, "!~~*", as one word; moves behind it. Empty: there is none.
QString LooseReader::patternOperator(qsizetype &at) const
{
    QString text;
    qsizetype end = at;
    while (token(end).kind == TokenKind::Symbol
           && (text.isEmpty() || token(end).start == token(end - 1).end)
           && QStringView(u"~ ~~ ! !~ !~~ * ~* ~~* !~* !~~*").contains(token(end).text))
        text += token(end++).text;
    if (m_backend != Backend::PostgreSql || !text.contains(u'~'))
        return {};
    at = end;
    return synonym(text, m_backend);
}

void LooseReader::readToken(qsizetype &at)
{
    if (const QString pattern = patternOperator(at); !pattern.isEmpty()) {
        for (const QString &word : pattern.split(u' '))
            add(word);
        return;
    }
    const SqlToken &current = token(at);
    if (current.isSymbol(u"::")) {
        at = afterType(at + 1);
        return;
    }
    const SqlToken &next = token(at + 1);
    const bool isCast = current.kind == TokenKind::Word && next.isSymbol(u"(") && isCastCall(at);
    // OPERATOR(public.~*) is ~*, of wherever it comes.
    const bool isOperator = current.isWord(u"operator") && next.isSymbol(u"(");
    const bool isQualifier = current.isName() && next.isSymbol(u".")
                             && (token(at + 2).isName() || token(at + 2).kind == TokenKind::Symbol);
    const bool isTyped = current.kind == TokenKind::Word && next.kind == TokenKind::String
                         && (current.text.startsWith(u'_') // _utf8mb4'x'
                             || current.isWord(u"date") || current.isWord(u"time")
                             || current.isWord(u"timestamp") || current.isWord(u"interval")
                             || (m_backend == Backend::PostgreSql && current.isWord(u"b")));
    // The type of CAST(x AS type), and of CONVERT(x, type): to the closing parenthesis.
    const bool isCastType =
        current.isWord(u"AS") && next.isName() && afterType(at + 1) < m_tokens.size()
        && m_dropped.contains(afterType(at + 1)) && token(afterType(at + 1)).isSymbol(u")");
    if (isCastType)
        at = afterType(at + 1);
    else if (isQualifier)
        at += 2;
    else if (isCast || isTyped || isOperator || m_dropped.contains(at))
        ++at;
    else {
        add(wordOf(current));
        ++at;
    }
}

/// Where the operand that ends before \a at begins.
qsizetype operandStart(const QStringList &words, qsizetype at)
{
    static const QSet<QString> ends{u"and"_s,  u"or"_s,   u"not"_s, u"when"_s,
                                    u"then"_s, u"else"_s, u","_s};
    int depth = 0;
    while (at > 0) {
        const QString &word = words[at - 1];
        if (word == u")")
            ++depth;
        else if (word == u"(" && --depth < 0)
            break;
        if (depth == 0 && ends.contains(word))
            break;
        --at;
    }
    return at;
}

qsizetype operandEnd(const QStringList &words, qsizetype at)
{
    static const QSet<QString> ends{u"and"_s, u"or"_s, u"then"_s, u"else"_s, u"end"_s, u","_s};
    int depth = 0;
    for (; at < words.size(); ++at) {
        if (words[at] == u"(")
            ++depth;
        else if (words[at] == u")" && --depth < 0)
            break;
        if (depth == 0 && ends.contains(words[at]))
            break;
    }
    return at;
}

/// x BETWEEN a AND b is x >= a AND x <= b; negated x < a OR x > b.
void spreadBetween(QStringList &words)
{
    for (qsizetype at = words.indexOf(u"between"_s); at > 0;
         at = words.indexOf(u"between"_s, at + 1)) {
        const bool isNegated = words[at - 1] == u"not";
        const qsizetype from = operandStart(words, at - (isNegated ? 1 : 0));
        const qsizetype middle = operandEnd(words, at + 1);
        const qsizetype end = operandEnd(words, middle + 1);
        const QStringList operand = words.mid(from, at - (isNegated ? 1 : 0) - from);
        if (operand.isEmpty() || middle >= words.size() || words[middle] != u"and")
            continue;
        QStringList spread = operand;
        spread.append(isNegated ? u"<"_s : u">="_s);
        spread += words.mid(at + 1, middle - at - 1);
        spread.append(isNegated ? u"or"_s : u"and"_s);
        spread += operand;
        spread.append(isNegated ? u">"_s : u"<="_s);
        spread += words.mid(middle + 1, end - middle - 1);
        const qsizetype behind = from + spread.size();
        words = words.mid(0, from) + spread + words.mid(end);
        at = behind - 1;
    }
}

/// = ANY (ARRAY[a, b]) is IN (a, b), and IN (a) is = a.
void unifyLists(QStringList &words)
{
    for (qsizetype at = 0; at + 3 < words.size(); ++at) {
        const bool isAny = words[at] == u"=" && words[at + 1] == u"any";
        const bool isNone = words[at] == u"<>" && words[at + 1] == u"all";
        if ((!isAny && !isNone) || words[at + 2] != u"array" || words[at + 3] != u"[")
            continue;
        const qsizetype close = words.indexOf(u"]"_s, at + 4);
        if (close < 0)
            continue;
        words.removeAt(close);
        words.remove(at, 4);
        words.insert(at, u"in"_s);
        if (isNone)
            words.insert(at, u"not"_s);
    }
    for (qsizetype at = 0; at + 1 < words.size(); ++at) {
        const bool isSingle =
            words[at] == u"in"
            && (words[at + 1].startsWith(u'\'') || words[at + 1].front().isDigit())
            && words.value(at + 2) != u",";
        if (!isSingle)
            continue;
        const bool isNegated = at > 0 && words[at - 1] == u"not";
        words[at] = isNegated ? u"<>"_s : u"="_s;
        if (isNegated)
            words.removeAt(--at);
    }
}

QStringList LooseReader::read()
{
    for (qsizetype at = 0; at < m_tokens.size() && m_tokens[at].kind != TokenKind::End;)
        readToken(at);
    if (m_words.size() > mostWords)
        return m_words;
    spreadBetween(m_words);
    unifyLists(m_words);
    // Functions that need no parentheses, with empty ones or without.
    static const QSet<QString> bare{u"now"_s, u"current_timestamp"_s, u"current_date"_s,
                                    u"current_time"_s};
    for (qsizetype at = 0; at + 2 < m_words.size(); ++at)
        if (bare.contains(m_words[at]) && m_words[at + 1] == u"(" && m_words[at + 2] == u")")
            m_words.remove(at + 1, 2);
    // trim(x) is printed as TRIM(BOTH FROM x)
    for (qsizetype at = 0; at + 3 < m_words.size(); ++at)
        if (m_words[at] == u"trim" && m_words[at + 2] == u"both" && m_words[at + 3] == u"from")
            m_words.remove(at + 2, 2);
    while (!m_words.isEmpty() && m_words.constLast() == u";")
        m_words.removeLast();
    return m_words;
}

} // namespace

bool isRewritten(const QString &sql, Backend backend)
{
    // NOT (a AND b) becomes NOT a OR NOT b.
    static const QRegularExpression group(
        u"\\bnot (?!in\\b|like\\b|null\\b|between\\b|regexp\\b|exists\\b)"_s);
    // '1 day'::interval: the constant is printed as its type does.
    static const QRegularExpression constant(
        u"'::\"?(?!text|character|varchar|bpchar|regclass|boolean|integer|bigint|smallint)(?:json|"
        u"interval|time|"
        "date|inet|cidr|macaddr|uuid|numeric|double|real|money|bytea|point|box|circle|line|path|"
        "polygon|bit|"
        "int4|int8|num|ts)"_s);
    if (backend == Backend::PostgreSql)
        return sql.contains(constant);
    return isMySqlKind(backend) && looseExpression(sql, backend).contains(group);
}

namespace {

/// 1.5e3 is 1500, which is how a server keeps it; an exponent beyond all columns stays.
QString withoutExponent(const QString &text)
{
    static const QRegularExpression shape(
        u"^([+-]?)([0-9]*)(?:\\.([0-9]*))?[eE]([+-]?[0-9]{1,2})$"_s);
    const QRegularExpressionMatch match = shape.match(text);
    QString digits = match.captured(2) + match.captured(3);
    if (!match.hasMatch() || digits.isEmpty())
        return text;
    qsizetype point = match.captured(2).size() + match.captured(4).toInt();
    if (point <= 0) {
        digits.prepend(QString(1 - point, u'0'));
        point = 1;
    }
    digits = digits.leftJustified(point, u'0');
    return match.captured(1) + digits.left(point) + u'.' + digits.sliced(point);
}

} // namespace

QString plainNumber(const QString &written)
{
    QString text = withoutExponent(written);
    const qsizetype at = text.startsWith(u'-') || text.startsWith(u'+') ? 1 : 0;
    if (text.size() > at + 1 && text[at] == u'.' && text[at + 1].isDigit())
        text.insert(at, u'0');
    static const QRegularExpression shape(u"^([+-]?)0*([0-9]+)(?:\\.([0-9]*?)0*)?$"_s);
    const QRegularExpressionMatch match = shape.match(text);
    if (!match.hasMatch())
        return text;
    const QString fraction = match.captured(3);
    const QString sign = match.captured(1) == u"-" ? u"-"_s : QString();
    return sign + match.captured(2) + (fraction.isEmpty() ? QString() : u'.' + fraction);
}

QStringList looseWords(const QString &sql, Backend backend)
{
    return LooseReader(sql, backend).read();
}

} // namespace tribikos
