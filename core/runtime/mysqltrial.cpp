#include "core/runtime/mysqltrial.h"

#include "core/db/serversession.h"
#include "core/db/sqltext.h"
#include "core/runtime/statementprobe.h"
#include "core/runtime/versiontable.h"

#include <QRandomGenerator>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace tribikos {

TableChange tableChange(const QString &sql)
{
    static const QString name =
        u"((?:`(?:[^`]|``)+`|[\\w$]+)(?:\\s*\\.\\s*(?:`(?:[^`]|``)+`|[\\w$]+))?)"_s;
    static const QRegularExpression alter(
        u"^(ALTER\\s+(?:ONLINE\\s+|IGNORE\\s+)?TABLE\\s+(?:IF\\s+EXISTS\\s+)?)"_s + name
            + u"(\\s.*)$"_s,
        QRegularExpression::CaseInsensitiveOption | QRegularExpression::DotMatchesEverythingOption);
    static const QRegularExpression index(
        u"^((?:CREATE\\s+(?:UNIQUE\\s+|FULLTEXT\\s+|SPATIAL\\s+)?INDEX|DROP\\s+INDEX)\\s+\\S+\\s+ON\\s+)"_s
            + name + u"(\\s*\\(.*|\\s*)$"_s,
        QRegularExpression::CaseInsensitiveOption | QRegularExpression::DotMatchesEverythingOption);
    const QString text = withoutPadding(sql);
    for (const QRegularExpression &form : {alter, index}) {
        if (const auto match = form.match(text); match.hasMatch())
            return {.table = match.captured(2),
                    .before = match.captured(1),
                    .after = match.captured(3)};
    }
    return {};
}

namespace {

/// Empty tables like the real ones, gone with this object.
class Clones
{
public:
    explicit Clones(ServerSession &session)
        : m_session(session)
    {}
    ~Clones()
    {
        for (const QString &clone : std::as_const(m_clones))
            (void)m_session.execute(u"DROP TABLE IF EXISTS "_s + clone);
    }
    Q_DISABLE_COPY_MOVE(Clones)

    /// The clone's name; an Error says why there can be none.
    Result<QString> of(const QString &table)
    {
        if (const auto known = m_clones.constFind(table); known != m_clones.cend())
            return *known;
        const QString clone =
            u"`tribikos_trial_%1`"_s.arg(QRandomGenerator::global()->generate64(), 0, 16);
        if (const auto made = m_session.execute(u"CREATE TABLE %1 LIKE %2"_s.arg(clone, table));
            !made)
            return made.error();
        m_clones.insert(table, clone);
        return clone;
    }

private:
    ServerSession &m_session;
    QHash<QString, QString> m_clones{};
};

struct Way
{
    QString suffix{};
    QString meaning{};
};

const QList<Way> &ways()
{
    static const QList<Way> all{
        {u"ALGORITHM=INSTANT"_s, u"ALGORITHM=INSTANT: at once, no row is touched"_s},
        {u"ALGORITHM=NOCOPY, LOCK=NONE"_s,
         u"ALGORITHM=NOCOPY: the table is not written anew, others can write"_s},
        {u"ALGORITHM=INPLACE, LOCK=NONE"_s,
         u"ALGORITHM=INPLACE, LOCK=NONE: others can write meanwhile"_s},
        {u"ALGORITHM=INPLACE, LOCK=SHARED"_s,
         u"ALGORITHM=INPLACE, LOCK=SHARED: others can read meanwhile"_s},
        {u"ALGORITHM=COPY, LOCK=SHARED"_s,
         u"ALGORITHM=COPY: the table is written anew, others can only read meanwhile"_s},
        {{}, u"the table is written anew, and nobody else can use it meanwhile"_s}};
    return all;
}

void probe(ServerSession &session, Clones &clones, TriedStatement &tried)
{
    const TableChange change = tableChange(tried.sql);
    if (change.table.isEmpty()) {
        tried.remark = natureOf(tried.sql, session.backend(), 0) == StatementNature::Committing
                           ? u"not tried: it could not be taken back"_s
                           : u"not tried: it depends on statements that can't be taken back"_s;
        return;
    }
    const Result<QString> clone = clones.of(change.table);
    if (!clone) {
        tried.remark =
            u"not tried: there is no clone of the table (%1)"_s.arg(clone.error().message);
        return;
    }
    const bool isAlter = leadingKeyword(tried.sql) == u"ALTER";
    QString refusal;
    for (const Way &way : ways()) {
        const QString suffix = way.suffix.isEmpty() ? QString()
                               : isAlter            ? u", "_s + way.suffix
                                         : u' ' + QString(way.suffix).replace(u", "_s, u" "_s);
        const auto done = session.execute(change.before + *clone + change.after + suffix);
        if (done) {
            tried.remark = u"on an empty clone: "_s + way.meaning;
            const bool isCopy = way.suffix.isEmpty() || way.suffix.contains(u"COPY,"_s);
            if (isCopy)
                tried.rewritten.append(change.table);
            return;
        }
        refusal = done.error().message;
    }
    tried.remark = u"on an empty clone, which has no foreign keys, it fails: "_s + refusal;
}

Status tryStatements(ServerSession &session, const Plan &plan, Trial &trial,
                     const std::stop_token &stop)
{
    Clones clones(session);
    for (int step = 0; step < plan.steps.size(); ++step) {
        if (plan.steps.at(step).live)
            trial.notes.append(
                u"Revision %1 was not tried: its statements follow from what it reads."_s.arg(
                    plan.steps.at(step).revision));
        for (const Statement &statement : plan.steps.at(step).statements) {
            if (stop.stop_requested())
                return Error{.code = ErrorCode::Cancelled,
                             .message = u"The trial was cancelled."_s};
            TriedStatement tried{.step = step,
                                 .revision = plan.steps.at(step).revision,
                                 .sql = statement.shown(),
                                 .isTried = false};
            probe(session, clones, tried);
            if (session.isLost())
                return Error{.code = ErrorCode::Connection,
                             .message = u"The connection was lost during the trial."_s};
            trial.statements.append(tried);
        }
    }
    return done();
}

} // namespace

Trial tryMySql(const Plan &plan, const ConnectionSpec &spec, const std::stop_token &stop)
{
    Trial trial;
    auto opened = openServer(spec, Access::Write, [&stop] { return !stop.stop_requested(); });
    if (!opened) {
        trial.report.error = opened.error();
        return trial;
    }
    const std::unique_ptr<ServerSession> session = opened.take();
    const Result<VersionTable> table = readVersionTable(*session, plan.versionTable);
    if (!table) {
        trial.report.error = table.error();
        return trial;
    }
    trial.report.rowsBefore = trial.report.rowsAfter = table->rows;
    trial.report.positionKnown = true;
    if (const Status tried = tryStatements(*session, plan, trial, stop); !tried)
        trial.report.error = tried.error();
    trial.notes.append(
        u"%1 commits every change of the structure at once, so nothing of this plan was "
        u"run: whether its statements go through, and how long they take, can't be "
        u"tried here. Try it on a copy of the database."_s.arg(backendTitle(spec.backend)));
    return trial;
}

} // namespace tribikos
