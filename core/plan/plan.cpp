#include "core/plan/plan.h"

#include "core/sqlread/splitter.h"

#include <QCryptographicHash>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

QString stepStatusName(StepStatus status)
{
    switch (status) {
    case StepStatus::Ok: return u"ok"_s;
    case StepStatus::NeedsConnection: return u"needs-connection"_s;
    case StepStatus::Unsupported: return u"unsupported"_s;
    case StepStatus::Error: return u"error"_s;
    }
    return {};
}

QString Statement::shown() const
{
    if (!stretch)
        return sql;
    constexpr qsizetype longest = 2000; // characters of the first statement
    const QByteArrayView text = stretch->text();
    SqlSplitter<char> splitter({text.data(), size_t(text.size())}, stretch->backend);
    const auto first = splitter.next();
    const qsizetype end = first ? std::min(first->end, longest) : 0;
    return u"/* %1 statements on data, %2 KiB, lines %3 to %4 of the script: shown is the first */\n%5%6"_s
        .arg(QString::number(stretch->count), QString::number((text.size() + 1023) / 1024),
             QString::number(stretch->line), QString::number(stretch->lastLine),
             QString::fromUtf8(text.first(end)), first && end < first->end ? u" …"_s : QString());
}

bool Plan::isWhole() const
{
    return std::ranges::all_of(steps, [](const PlanStep &s) { return s.status == StepStatus::Ok; });
}

bool Plan::isRunnable() const
{
    return std::ranges::all_of(steps, &PlanStep::isRunnable);
}

int Plan::statementCount() const
{
    qsizetype count = 0;
    for (const PlanStep &step : steps) {
        count += step.createsVersionTable ? 1 : 0;
        for (const QList<Statement> *list : {&step.statements, &step.versionStatements})
            for (const Statement &statement : *list)
                count += statement.count();
    }
    return int(count);
}

QByteArray Plan::hash() const
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    // Lengths keep one text from running into the next.
    const auto put = [&hash](const QString &text) {
        const QByteArray bytes = text.toUtf8();
        hash.addData(QByteArray::number(bytes.size()) + ':');
        hash.addData(bytes);
    };
    put(backendName(backend));
    put(versionTable.text());
    put(createVersionTable);
    put(structure);
    for (const QString &row : startRows)
        put(row);
    for (const PlanStep &step : steps) {
        put(step.revision + u' ' + QString::number(int(step.direction)));
        put(step.createsVersionTable ? u"create"_s : QString());
        if (step.live)
            hash.addData(step.live->digest());
        for (const QList<Statement> *list : {&step.statements, &step.versionStatements})
            for (const Statement &statement : *list) {
                put((statement.outsideTransaction ? u"o"_s : u"i"_s) + statement.sql);
                if (statement.stretch)
                    hash.addData(statement.stretch->text());
            }
    }
    return hash.result();
}

} // namespace tribikos
