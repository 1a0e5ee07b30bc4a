#include "core/plan/plan.h"

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

bool Plan::isWhole() const
{
    return std::ranges::all_of(steps, [](const PlanStep &s) { return s.status == StepStatus::Ok; });
}

int Plan::statementCount() const
{
    qsizetype count = 0;
    for (const PlanStep &step : steps)
        count += step.statements.size() + step.versionStatements.size()
                 + (step.createsVersionTable ? 1 : 0);
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
        for (const QList<Statement> *list : {&step.statements, &step.versionStatements})
            for (const Statement &statement : *list)
                put((statement.outsideTransaction ? u"o"_s : u"i"_s) + statement.sql);
    }
    return hash.result();
}

} // namespace tribikos
