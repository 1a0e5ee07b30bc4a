#include "core/pyread/decode.h"

#include "core/pyread/source.h"

#include <QFileInfo>
#include <QStringDecoder>

namespace tribikos::py {

using namespace Qt::StringLiterals;

namespace {

/// The encoding that `# -*- coding: NAME -*-` in the first two lines names (PEP 263), lower case.
QByteArray declaredEncoding(const QByteArray &bytes)
{
    qsizetype begin = 0;
    for (int line = 0; line < 2 && begin < bytes.size(); ++line) {
        qsizetype end = bytes.indexOf('\n', begin);
        if (end < 0)
            end = bytes.size();
        const QByteArray text = bytes.mid(begin, qMin<qsizetype>(end - begin, 400)).trimmed();
        begin = end + 1;
        if (!text.isEmpty() && !text.startsWith('#'))
            return {};
        const qsizetype word = text.indexOf("coding");
        if (word < 0 || word + 7 > text.size() || (text[word + 6] != ':' && text[word + 6] != '='))
            continue;
        qsizetype from = word + 7;
        while (from < text.size() && (text[from] == ' ' || text[from] == '\t'))
            ++from;
        qsizetype to = from;
        while (to < text.size()
               && (std::isalnum(static_cast<unsigned char>(text[to])) || text[to] == '-'
                   || text[to] == '_' || text[to] == '.'))
            ++to;
        if (to > from)
            return text.mid(from, to - from).toLower().replace('_', '-');
    }
    return {};
}

Error unreadable(const QString &file, int line, const QString &what)
{
    const QString name = QFileInfo(file).fileName();
    return {.code = ErrorCode::Unreadable,
            .message = line > 0 ? u"%1:%2 %3"_s.arg(name).arg(line).arg(what)
                                : u"%1 %2"_s.arg(name, what),
            .file = file,
            .line = line};
}

int lineAt(const QByteArray &bytes, qsizetype offset)
{
    return 1 + int(bytes.first(qMax<qsizetype>(0, offset)).count('\n'));
}

/// The line of the first byte that isn't UTF-8: characters don't span lines.
int firstBadLine(const QByteArray &bytes)
{
    int line = 1;
    for (qsizetype begin = 0; begin < bytes.size(); ++line) {
        qsizetype end = bytes.indexOf('\n', begin);
        if (end < 0)
            end = bytes.size();
        QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
        const QString text = decoder(QByteArrayView(bytes).sliced(begin, end - begin));
        if (decoder.hasError())
            break;
        begin = end + 1;
    }
    return line;
}

bool isLatin1(const QByteArray &encoding)
{
    return encoding == "latin-1" || encoding == "latin1" || encoding == "iso-8859-1"
           || encoding == "iso8859-1" || encoding == "l1" || encoding == "iso-8859-15";
}

} // namespace

Result<SourceText> decodeExactly(const QByteArray &bytes, const QString &file)
{
    if (bytes.size() > maxSourceBytes) {
        return unreadable(file, 0, u"is longer than %1 MiB: Tribikos doesn't read it"_s.arg(
                                       maxSourceBytes >> 20));
    }
    if (const qsizetype nul = bytes.indexOf('\0'); nul >= 0)
        return unreadable(file, lineAt(bytes, nul), u"contains a NUL byte: it is not a text file"_s);
    const bool hasMark = bytes.startsWith("\xEF\xBB\xBF");
    const QByteArray body = hasMark ? bytes.mid(3) : bytes;
    const QByteArray encoding = declaredEncoding(body);
    QString text;
    if (isLatin1(encoding) && !hasMark)
        return SourceText{.text = QString::fromLatin1(body), .isLatin1 = true};
    if (encoding.isEmpty() || encoding == "utf-8" || encoding == "utf8" || encoding == "utf" || encoding == "u8"
               || encoding == "utf-8-sig" || encoding.startsWith("utf-8-") || encoding == "ascii"
               || encoding == "us-ascii") {
        QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
        text = decoder(body);
        if (decoder.hasError()) {
            return unreadable(file, firstBadLine(body),
                              u"is not valid UTF-8: save it as UTF-8, or name its encoding in a "
                              "'# coding:' line"_s);
        }
    } else {
        return unreadable(file, 1, u"is in the encoding %1, which Tribikos doesn't read: save it as "
                                   "UTF-8"_s.arg(QString::fromLatin1(encoding)));
    }
    return SourceText{.text = text, .hasMark = hasMark};
}

Result<QString> decodeSource(const QByteArray &bytes, const QString &file)
{
    auto decoded = decodeExactly(bytes, file);
    if (!decoded)
        return decoded.error();
    QString text = decoded.take().text;
    if (text.contains(u'\r')) {
        text.replace(u"\r\n"_s, u"\n"_s);
        text.replace(u'\r', u'\n');
    }
    return text;
}

} // namespace tribikos::py
