#include "core/base/text.h"

#include <QRegularExpression>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

bool steersTerminal(char32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x200e || c == 0x200f
           || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

QString escaped(char32_t c)
{
    return c < 0x100 ? u"\\x%1"_s.arg(uint(c), 2, 16, QChar(u'0'))
                     : u"\\u%1"_s.arg(uint(c), 4, 16, QChar(u'0'));
}

} // namespace

QString visibleText(const QString &text, bool keepLines)
{
    const auto isEscaped = [keepLines](QChar c) {
        const bool layout = c == u'\n' || c == u'\t';
        return steersTerminal(c.unicode()) && !(layout && keepLines);
    };
    if (std::ranges::none_of(text, isEscaped)) // nearly every text
        return text;
    QString shown;
    shown.reserve(text.size());
    for (const QChar c : text) {
        if (isEscaped(c))
            shown += escaped(c.unicode());
        else
            shown += c;
    }
    return shown;
}

namespace {

/// A text in quotes as any of the databases writes one; what was cut off at the end counts as well.
const QString kQuotedSecret =
    u"(?:[eEnN]|[uU]&|_[\\w]+\\s*)?(?:'(?:[^'\\\\]|''|\\\\.)*+(?:'|$)|"
    "\"(?:[^\"\\\\]|\"\"|\\\\.)*+(?:\"|$)|\\$(\\w*)\\$.*?(?:\\$\\g{-1}\\$|$))"_s;

/// Alembic's "Can't locate revision identified by" is none. What stands before and the literal itself: IDENTIFIED VIA x USING PASSWORD('…'), "password" = '…', PASSWORD '…'.
const QRegularExpression &sqlPassword()
{
    static const QRegularExpression all(
        u"((?<!revision "
        u")\\bIDENTIFIED\\s+(?:(?:VIA|WITH)\\s+[^\\s'\"]+\\s+)?(?:BY|AS|USING)\\s+(?:PASSWORD\\b)?["
        u"\\s(]*"
        "|PASSWORD[`\"]?(?:\\s*[=:(]|\\s)\\s*(?:PASSWORD\\s*\\(\\s*)?)("_s
            + kQuotedSecret + u')',
        QRegularExpression::CaseInsensitiveOption | QRegularExpression::DotMatchesEverythingOption);
    return all;
}

/// Whether anything below could mask something in \a text; nearly every text is none of that, and each goes through here.
bool mayHoldSecret(QStringView text)
{
    const auto lower = [&](qsizetype i) { return char16_t(text[i].unicode() | 0x20); };
    for (qsizetype i = 0; i + 2 < text.size(); ++i) {
        const char16_t first = lower(i);
        if ((first == u':' && text[i + 1] == u'/')                             // ://
            || (first == u'p' && lower(i + 1) == u'a' && lower(i + 2) == u's') // password, passwd
            || (first == u'p' && lower(i + 1) == u'w' && lower(i + 2) == u'd')
            || (first == u'i' && lower(i + 1) == u'd' && lower(i + 2) == u'e')) // IDENTIFIED
            return true;
    }
    return false;
}

bool mayNamePassword(const QString &text)
{
    return text.contains(u"password"_s, Qt::CaseInsensitive)
           || text.contains(u"identified"_s, Qt::CaseInsensitive);
}

} // namespace

QString redactedText(const QString &text, const QString &statement)
{
    QString safe = redactedText(text);
    if (!mayNamePassword(statement))
        return safe;
    for (auto found = sqlPassword().globalMatch(statement); found.hasNext();) {
        const QString literal = found.next().captured(2);
        const qsizetype from = literal.indexOf(QRegularExpression(u"['\"$]"_s)) + 1;
        const QString secret = literal.mid(from, std::max<qsizetype>(0, literal.size() - from - 1));
        if (secret.size() > 2)
            safe.replace(secret, u"***"_s);
    }
    return safe;
}

QString redactedText(const QString &text)
{
    if (!mayHoldSecret(text))
        return text;
    // scheme://user:password@ — the password ends at the last @ before the next blank or quote.
    static const QRegularExpression password(u"(\\w[\\w+.-]*://[^:/?#@\\s]*):([^\\s\"'?#]*)@"_s);
    QString safe = text;
    safe.replace(password, u"\\1:***@"_s);
    static const QRegularExpression parameter(
        u"([?&](?:password|passwd|pwd|sslpassword)=)[^&\\s\"']*"_s,
        QRegularExpression::CaseInsensitiveOption);
    safe.replace(parameter, u"\\1***"_s);
    if (!mayNamePassword(safe))
        return safe;
    safe.replace(sqlPassword(), u"\\1'***'"_s);
    static const QRegularExpression keyword( // of a connection string inside of SQL
        u"(\\bpassword=)[^\\s'\"&;*]+"_s, QRegularExpression::CaseInsensitiveOption);
    safe.replace(keyword, u"\\1***"_s);
    return safe;
}

namespace {

/// What may stand behind a label's @ and is no host: "head", "base", "-1", an id.
bool isRevisionWord(const QString &word)
{
    static const QRegularExpression shape(u"^(heads?|base|[+-]\\d+|[0-9a-f]{4,40})$"_s);
    return shape.match(word).hasMatch();
}

/// Where the secret of "scheme://user:secret" without a host begins, with its colon; -1: nowhere, as in "host:5432".
qsizetype secretWithoutHost(const QString &typed)
{
    static const QRegularExpression shape(u"^\\w[\\w+.-]*:?/+[^/:]*(:[^/]*[^/\\d][^/]*)$"_s);
    const QRegularExpressionMatch match = shape.match(typed);
    return match.hasMatch() ? match.capturedStart(1) : -1;
}

} // namespace

QString redactedText(const QString &text, const MistypedUrl &typed)
{
    QString safe = text;
    const qsizetype at = typed.text.lastIndexOf(u'@');
    if (at < 0) {
        const qsizetype from = secretWithoutHost(typed.text);
        return from < 0 ? text : safe.replace(typed.text.sliced(from), u":***"_s);
    }
    qsizetype begin = typed.text.indexOf(u'/');
    if (begin < 0 || begin > at) {
        if (isRevisionWord(typed.text.sliced(at + 1))) // a range: base:shop@head
            return text;
        begin = 0;
    }
    while (begin < at && typed.text[begin] == u'/')
        ++begin;
    const qsizetype colon = typed.text.indexOf(u':', begin);
    if (colon < 0 || colon + 1 >= at)
        return text;
    return safe.replace(typed.text.sliced(colon, at - colon), u":***"_s);
}

QString redactedUrl(const QString &url)
{
    return redactedText(url);
}

} // namespace tribikos
