// Changes in the header of a plain SQL script.
#include "core/edit/headerchange.h"

#include "core/edit/splices.h"
#include "core/sqlread/sqlscript.h"

#include <QFileInfo>
#include <QMap>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

/// A "-- key: value" line of the header.
struct Fact
{
    qsizetype lineBegin = 0;
    qsizetype valueBegin = 0;
    qsizetype valueEnd = 0;
    qsizetype lineEnd = 0; // behind its line end
};

QMap<QString, Fact> headerFacts(const QString &text)
{
    static const QRegularExpression section(u"^\\s*--\\s*(upgrade|downgrade)\\s*(:|$)"_s,
                                            QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression fact(
        u"^\\s*--\\s*([A-Za-z][A-Za-z_-]*)\\s*:[ \\t]*([^\\r\\n]*?)\\s*$"_s);
    QMap<QString, Fact> facts;
    for (qsizetype begin = 0; begin < text.size();) {
        qsizetype end = text.indexOf(u'\n', begin);
        end = end < 0 ? text.size() : end + 1;
        const QString line = text.mid(begin, end - begin);
        if (section.match(line.trimmed()).hasMatch())
            break;
        const QRegularExpressionMatch match = fact.match(line);
        const QString key = match.captured(1).toLower().replace(u'_', u'-');
        if (match.hasMatch() && !facts.contains(key))
            facts.insert(
                key, {begin, begin + match.capturedStart(2), begin + match.capturedEnd(2), end});
        begin = end;
    }
    return facts;
}

void setFact(const QString &text, const QMap<QString, Fact> &facts, const QString &key,
             const QString &value, Splices *splices)
{
    const QString lineEnd = text.contains(u"\r\n") ? u"\r\n"_s : u"\n"_s;
    if (facts.contains(key)) {
        const Fact &fact = facts[key];
        const bool hasBlank = text[fact.valueBegin - 1] != u':';
        if (value.isEmpty())
            splices->replace(fact.lineBegin, fact.lineEnd, {});
        else
            splices->replace(fact.valueBegin, fact.valueEnd, hasBlank ? value : u' ' + value);
        return;
    }
    if (value.isEmpty())
        return;
    Fact place = facts[u"revision"_s];
    static const QStringList order{u"revises"_s, u"message"_s, u"label"_s, u"depends-on"_s};
    for (const QString &earlier : order) {
        if (earlier == key)
            break;
        if (facts.contains(earlier) && facts[earlier].lineEnd > place.lineEnd)
            place = facts[earlier];
    }
    const bool isOpen = !text.left(place.lineEnd).endsWith(u'\n');
    splices->insert(place.lineEnd,
                    (isOpen ? lineEnd : QString()) + u"-- %1: %2"_s.arg(key, value) + lineEnd);
}

} // namespace

Result<QByteArray> changedSqlHeader(const QByteArray &bytes, const QString &file,
                                    const HeaderChange &change)
{
    const auto before = readSqlScript(bytes, file);
    if (!before)
        return before.error();
    const QByteArray mark("\xEF\xBB\xBF");
    const bool hasMark = bytes.startsWith(mark);
    const QString text = QString::fromUtf8(hasMark ? bytes.mid(mark.size()) : bytes);
    const QMap<QString, Fact> facts = headerFacts(text);
    Splices splices;
    const auto set = [&](const QString &key, const QStringList &now,
                         const std::optional<QStringList> &wanted) {
        if (wanted && *wanted != now)
            setFact(text, facts, key, wanted->join(u", "_s), &splices);
    };
    set(u"revises"_s, before->downRevisions, change.downRevisions);
    set(u"label"_s, before->labels, change.labels);
    set(u"depends-on"_s, before->dependsOn, change.dependsOn);
    if (change.message && change.message->simplified() != before->message)
        setFact(text, facts, u"message"_s, change.message->simplified(), &splices);
    const QByteArray changed = (hasMark ? mark : QByteArray()) + splices.applied(text).toUtf8();
    const auto after = readSqlScript(changed, file);
    const bool isMeant =
        after && after->revision == before->revision
        && after->downRevisions == change.downRevisions.value_or(before->downRevisions)
        && after->labels == change.labels.value_or(before->labels)
        && after->dependsOn == change.dependsOn.value_or(before->dependsOn)
        && (!change.message || after->message == change.message->simplified())
        && after->text.mid(after->headerEnd) == before->text.mid(before->headerEnd);
    if (isMeant)
        return changed;
    return Error{.code = ErrorCode::Unsupported,
                 .message = u"%1 can't hold the change in its header; change it by hand."_s.arg(
                     QFileInfo(file).fileName()),
                 .file = file,
                 .line = before->revisionLine};
}

} // namespace tribikos
