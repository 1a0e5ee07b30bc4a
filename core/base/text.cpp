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

QString redactedText(const QString &text)
{
    // scheme://user:password@ — the password ends at the last @ before the next blank or quote.
    static const QRegularExpression password(
        u"(\\w[\\w+.-]*://[^:/?#@\\s]*):([^\\s\"'?#]*)@"_s);
    QString safe = text;
    safe.replace(password, u"\\1:***@"_s);
    static const QRegularExpression parameter(
        u"([?&](?:password|passwd|pwd|sslpassword)=)[^&\\s\"']*"_s,
        QRegularExpression::CaseInsensitiveOption);
    safe.replace(parameter, u"\\1***"_s);
    return safe;
}

QString redactedUrl(const QString &url)
{
    return redactedText(url);
}

} // namespace tribikos
