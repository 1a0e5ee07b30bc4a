#include "core/runtime/runlog.h"

#include "core/base/sqltokenizer.h"
#include "core/base/text.h"

#include <QSysInfo>

using namespace Qt::StringLiterals;

namespace tribikos {

QString outcomeName(RunSummary::Outcome outcome)
{
    switch (outcome) {
    case RunSummary::Outcome::Done: return u"done"_s;
    case RunSummary::Outcome::Failed: return u"failed"_s;
    case RunSummary::Outcome::Cancelled: return u"cancelled"_s;
    case RunSummary::Outcome::Unfinished: return u"unfinished"_s;
    }
    return {};
}

namespace {

QString positionOf(const QStringList &rows)
{
    return rows.isEmpty() ? u"base"_s : rows.join(u", "_s);
}

/// A statement without the values in it: what stands between quotes or dollars is left out, on MySQL also between "".
QString withoutValues(const QString &sql, const QString &database)
{
    const bool isMySql = database.startsWith(u"mysql"_s) || database.startsWith(u"mariadb"_s);
    QString text;
    qsizetype from = 0;
    for (const SqlToken &token : sqlTokens(sql, isMySql ? Backend::MySql : Backend::PostgreSql)) {
        if (token.kind != SqlToken::Kind::String)
            continue;
        text += sql.mid(from, token.start - from) + u"'…'"_s;
        from = token.end;
    }
    return text + sql.mid(from);
}

QString milliseconds(qint64 us)
{
    return u"%1 ms"_s.arg(QString::number(double(us) / 1000, 'f', 1));
}

QString statementLine(const RunLogEntry &entry, const QString &database)
{
    const QString keyword = entry.text.trimmed().section(u' ', 0, 1).left(40);
    QString line = u"  %1 %2/%3 %4  %5"_s.arg(entry.revision, QString::number(entry.statement + 1),
                                              QString::number(entry.statements),
                                              milliseconds(entry.durationUs), keyword);
    if (entry.rows >= 0)
        line += u", %1 rows"_s.arg(entry.rows);
    return entry.isFailed ? line + u"  FAILED\n    "_s + withoutValues(entry.text, database) : line;
}

} // namespace

QString runDiagnostics(const RunRecord &record)
{
    constexpr qsizetype mostLines = 400;
    const RunSummary &run = record.summary;
    QStringList lines{u"tribikos %1, Qt %2, %3 (%4)"_s.arg(
                          QStringLiteral(TRIBIKOS_VERSION), QString::fromLatin1(qVersion()),
                          QSysInfo::prettyProductName(), QSysInfo::currentCpuArchitecture()),
                      u"database: "_s + run.database,
                      u"from %1 to %2, %3"_s.arg(positionOf(run.startRows), positionOf(run.endRows),
                                                 outcomeName(run.outcome)),
                      u"started %1, ended %2"_s.arg(run.startedAt.toString(Qt::ISODateWithMs),
                                                    run.finishedAt.isValid()
                                                        ? run.finishedAt.toString(Qt::ISODateWithMs)
                                                        : u"never"_s),
                      u"revisions %1 of %2, statements %3 of %4"_s.arg(
                          QString::number(run.stepsDone), QString::number(run.steps),
                          QString::number(run.statementsDone), QString::number(run.statements)),
                      u"position afterwards: "_s
                          + (run.positionKnown ? positionOf(run.rowsAfter) : u"not known"_s)};
    if (!run.error.isEmpty())
        lines += u"error: "_s + run.error;
    for (const QString &note : run.notes)
        lines += u"note: "_s + note;
    if (record.unreadableLines > 0)
        lines += u"unreadable lines of the log: %1"_s.arg(record.unreadableLines);
    const qsizetype first = std::max<qsizetype>(0, record.entries.size() - mostLines);
    if (first > 0)
        lines += u"… %1 earlier events are left out"_s.arg(first);
    for (qsizetype i = first; i < record.entries.size(); ++i) {
        const RunLogEntry &entry = record.entries.at(i);
        if (entry.event == u"statement")
            lines += statementLine(entry, run.database);
        else if (entry.event != u"step-done")
            lines += u"%1 %2"_s.arg(entry.event, entry.revision.isEmpty()
                                                     ? entry.text
                                                     : entry.revision + u' ' + entry.text);
        for (const QString &notice : entry.notices)
            lines += u"    notice: "_s + notice;
    }
    return visibleText(redactedText(lines.join(u'\n'))) + u'\n';
}

} // namespace tribikos
