#include "core/autogenerate/pythontext.h"

namespace tribikos {

using namespace Qt::StringLiterals;

namespace {

bool isPrintable(char32_t c)
{
    switch (QChar::category(c)) {
    case QChar::Other_Control:
    case QChar::Other_Format:
    case QChar::Other_Surrogate:
    case QChar::Other_PrivateUse:
    case QChar::Other_NotAssigned:
    case QChar::Separator_Line:
    case QChar::Separator_Paragraph: return false;
    case QChar::Separator_Space: return c == U' ';
    default: return true;
    }
}

QString escaped(char32_t c)
{
    if (c == U'\n')
        return u"\\n"_s;
    if (c == U'\r')
        return u"\\r"_s;
    if (c == U'\t')
        return u"\\t"_s;
    if (c < 0x100)
        return u"\\x%1"_s.arg(uint(c), 2, 16, QChar(u'0'));
    return c < 0x10000 ? u"\\u%1"_s.arg(uint(c), 4, 16, QChar(u'0'))
                       : u"\\U%1"_s.arg(uint(c), 8, 16, QChar(u'0'));
}

} // namespace

QString pythonText(const QString &text)
{
    const QChar quote = text.contains(u'\'') && !text.contains(u'"') ? u'"' : u'\'';
    QString shown(quote);
    for (const uint c : text.toUcs4()) {
        if (c == u'\\' || c == quote.unicode())
            shown += u'\\';
        if (isPrintable(c))
            shown += QString::fromUcs4(reinterpret_cast<const char32_t *>(&c), 1);
        else
            shown += escaped(c);
    }
    return shown + quote;
}

QString pythonList(const QStringList &texts)
{
    QStringList shown;
    for (const QString &text : texts)
        shown.append(pythonText(text));
    return u'[' + shown.join(u", "_s) + u']';
}

QString pythonBool(bool value)
{
    return value ? u"True"_s : u"False"_s;
}

} // namespace tribikos
