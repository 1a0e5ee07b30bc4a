#include "core/dialects/basedialect.h"

#include <QCryptographicHash>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

bool isPlainNameCharacter(QChar c)
{
    return (c >= u'a' && c <= u'z') || (c >= u'0' && c <= u'9') || c == u'_' || c == u'$';
}

/// What every database takes as it stands; with capitals it would be folded.
bool isPlainName(const QString &name)
{
    const QChar first = name[0];
    return !(first >= u'0' && first <= u'9') && first != u'$'
           && std::ranges::all_of(name, isPlainNameCharacter);
}

} // namespace

QString BaseDialect::ident(const QString &name) const
{
    return ident(name, std::nullopt);
}

QString BaseDialect::ident(const QString &name, std::optional<bool> quoted) const
{
    const bool needsQuotes = name.isEmpty() || !isPlainName(name) || reservedWords().contains(name);
    if (!quoted.value_or(needsQuotes))
        return name;
    const QString quote = quoteCharacter();
    QString inner = name;
    return quote + inner.replace(quote, quote + quote) + quote;
}

QString BaseDialect::identList(const QStringList &names) const
{
    QStringList quoted;
    for (const QString &name : names)
        quoted += ident(name);
    return quoted.join(u", "_s);
}

QString Dialect::finalName(const Name &name) const
{
    const int limit = maxIdentifierLength();
    if (!name.isGenerated || name.text.size() <= limit)
        return name.text;
    const QByteArray digest =
        QCryptographicHash::hash(name.text.toUtf8(), QCryptographicHash::Md5).toHex();
    return name.text.left(limit - 8) + u'_' + QString::fromLatin1(digest.right(4));
}

QString BaseDialect::objectName(const Name &name, Rendering &rendering) const
{
    if (name.isGenerated)
        return ident(finalName(name), name.quoted);
    if (name.text.size() > maxWrittenNameLength())
        return rendering.fail(
            u"The name %1 is longer than the %2 characters that %3 allows; shorten it"_s.arg(
                name.text, QString::number(maxWrittenNameLength()), backendTitle(backend())));
    return ident(name.text, name.quoted);
}

QString Dialect::tableIdent(const TableName &name) const
{
    return name.schema.isEmpty() ? ident(name.name) : ident(name.schema) + u'.' + ident(name.name);
}

QString Dialect::alterTableIdent(const TableName &name) const
{
    QStringList parts;
    for (const QString &part : name.schema.split(u'.', Qt::SkipEmptyParts))
        parts += ident(part);
    parts += ident(name.name);
    return parts.join(u'.');
}

} // namespace tribikos
