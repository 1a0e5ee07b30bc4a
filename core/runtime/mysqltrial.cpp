#include "core/runtime/mysqltrial.h"

#include "core/base/sqltokenizer.h"
#include "core/db/serversession.h"
#include "core/db/sqltext.h"
#include "core/runtime/mysqlrun.h"
#include "core/runtime/statementprobe.h"
#include "core/runtime/versiontable.h"

#include <QRandomGenerator>
#include <QRegularExpression>

#include <algorithm>
#include <chrono>
#include <span>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

using TokenSpan = std::span<const SqlToken>;

bool isWordOf(const SqlToken &token, const QStringList &words)
{
    return std::ranges::any_of(words, [&](const QString &word) { return token.isWord(word); });
}

/// What changes the clone alone: an option of a list, [DEFAULT] word [=] value.
bool isHarmlessOption(TokenSpan clause)
{
    if (clause.size() > 2 && clause[0].isWord(u"CONVERT"))
        return clause[1].isWord(u"TO")
               && (clause[2].isWord(u"CHARACTER") || clause[2].isWord(u"CHARSET"));
    if (!clause.empty() && clause[0].isWord(u"DEFAULT"))
        clause = clause.subspan(1);
    const bool isSet =
        clause.size() > 2 && clause[0].isWord(u"CHARACTER") && clause[1].isWord(u"SET");
    if (!isSet
        && (clause.empty()
            || !isWordOf(clause[0],
                         {u"COMMENT"_s, u"ENGINE"_s, u"CHARSET"_s, u"COLLATE"_s, u"ROW_FORMAT"_s,
                          u"AUTO_INCREMENT"_s, u"ALGORITHM"_s, u"LOCK"_s})))
        return false;
    const bool isEngine = clause[0].isWord(u"ENGINE");
    clause = clause.subspan(isSet ? 2 : 1);
    if (!clause.empty() && clause[0].isSymbol(u"="))
        clause = clause.subspan(1);
    return clause.size() == 1 && (!isEngine || clause[0].isWord(u"INNODB"));
}

bool isHarmlessClause(TokenSpan clause)
{
    static const QStringList partitions{u"PARTITION"_s, u"PARTITIONING"_s};
    if (clause.size() < 2)
        return false;
    if (std::ranges::any_of(clause, [](const SqlToken &token) {
            return isWordOf(token, partitions); // it may stand behind any other clause
        }))
        return false;
    if (isWordOf(clause[0], {u"ADD"_s, u"DROP"_s, u"MODIFY"_s, u"CHANGE"_s, u"ALTER"_s}))
        return true;
    if (clause[0].isWord(u"RENAME"))
        return isWordOf(clause[1], {u"COLUMN"_s, u"INDEX"_s, u"KEY"_s}) && clause.size() > 3;
    return isHarmlessOption(clause);
}

} // namespace

bool changesTableAlone(const QString &clauses)
{
    if (clauses.contains(u"/*!"_s) || clauses.contains(u"/*M!"_s)) // its server may read it
        return false;
    const QList<SqlToken> tokens = sqlTokens(clauses, Backend::MariaDb);
    qsizetype first = 0;
    int depth = 0;
    for (qsizetype i = 0; i < tokens.size(); ++i) {
        const SqlToken &token = tokens.at(i);
        depth += token.isSymbol(u"(") ? 1 : token.isSymbol(u")") ? -1 : 0;
        if (token.kind != SqlToken::Kind::End && (depth != 0 || !token.isSymbol(u",")))
            continue;
        if (!isHarmlessClause(TokenSpan(tokens).subspan(size_t(first), size_t(i - first))))
            return false;
        first = i + 1;
    }
    return depth == 0;
}

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

constexpr auto kClearingLimit = std::chrono::seconds(10);

/// Empty tables like the real ones, until they are dropped.
class Clones
{
public:
    explicit Clones(ServerSession &session)
        : m_session(session)
    {}

    /// The clone's name; an Error says why there can be none.
    Result<QString> of(const QString &table)
    {
        if (const auto known = m_clones.constFind(table); known != m_clones.cend())
            return *known;
        const QString clone =
            u"`tribikos_trial_%1`"_s.arg(QRandomGenerator::global()->generate64(), 0, 16);
        m_made.append(clone); // whether it was, or will be, is not known if the connection breaks
        if (const auto made = m_session.execute(u"CREATE TABLE %1 LIKE %2"_s.arg(clone, table));
            !made) {
            if (!m_session.isLost())
                m_made.removeLast();
            return made.error();
        }
        m_clones.insert(table, clone);
        return clone;
    }

    /// Drops them all, from another connection if this one is lost; those that may have stayed.
    QStringList drop(const ConnectionSpec &spec)
    {
        m_session.setPatience(patience());
        dropBy(m_session);
        if (!m_session.isLost() || m_made.isEmpty())
            return m_made;
        const auto again = openServer(spec, Access::Write, patience());
        if (!again)
            return m_made;
        (void)(*again)->execute(u"KILL CONNECTION %1"_s.arg(m_session.serverId()));
        dropBy(**again);
        return m_made;
    }

private:
    /// A cancelled trial clears away too, but not for ever.
    static ServerSession::Patience patience()
    {
        return [end = std::chrono::steady_clock::now() + kClearingLimit] {
            return std::chrono::steady_clock::now() < end;
        };
    }
    void dropBy(ServerSession &session)
    {
        m_made.removeIf([&](const QString &clone) {
            return !session.isLost() && session.execute(u"DROP TABLE IF EXISTS "_s + clone);
        });
    }

    ServerSession &m_session;
    QHash<QString, QString> m_clones{};
    QStringList m_made{};
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
    const bool isAlter = leadingKeyword(tried.sql) == u"ALTER";
    if (isAlter && !changesTableAlone(change.after)) {
        tried.remark = u"not tried: on a clone of the table it could reach other tables, or leave "
                       "something behind"_s;
        return;
    }
    const Result<QString> clone = clones.of(change.table);
    if (!clone) {
        tried.remark =
            u"not tried: there is no clone of the table (%1)"_s.arg(clone.error().message);
        return;
    }
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
        if (isRetryable(session.backend(), session.lastState())) {
            tried.remark = u"not tried: another session's lock was in the way"_s;
            return;
        }
    }
    tried.remark = u"on an empty clone, which has no foreign keys, it fails: "_s + refusal;
}

/// \a in of the first step's statements have been left in by a run that broke off.
Status tryStatements(ServerSession &session, Clones &clones, const Plan &plan, int in, Trial &trial,
                     const std::stop_token &stop)
{
    for (int step = 0; step < plan.steps.size(); ++step) {
        if (plan.steps.at(step).live)
            trial.notes.append(
                u"Revision %1 was not tried: its statements follow from what it reads."_s.arg(
                    plan.steps.at(step).revision));
        const QList<Statement> &statements = plan.steps.at(step).statements;
        const int left = step == 0 ? in : 0;
        for (const Statement &statement : statements.first(left))
            trial.statements.append(leftIn(step, plan.steps.at(step).revision, statement));
        for (const Statement &statement : statements.sliced(left)) {
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
    if (const auto set = session->execute(lockLimitSql(spec)); !set) {
        trial.report.error = set.error();
        return trial;
    }
    Journal journal(plan.versionTable);
    const Status read = journal.read(*session);
    const Result<int> in = !read                  ? Result<int>(read.error())
                           : plan.steps.isEmpty() ? Result<int>(0)
                                                  : journal.statementsIn(plan.steps.constFirst());
    if (!in) {
        trial.report.error = in.error();
        return trial;
    }
    Clones clones(*session);
    if (const Status tried = tryStatements(*session, clones, plan, *in, trial, stop); !tried)
        trial.report.error = tried.error();
    if (const QStringList left = clones.drop(spec); !left.isEmpty())
        trial.notes.append(u"These empty tables of the trial may have stayed, drop them: %1."_s.arg(
            left.join(u", "_s)));
    trial.notes.append(
        u"%1 commits every change of the structure at once, so nothing of this plan was "
        u"run: whether its statements go through, and how long they take, can't be "
        u"tried here. Try it on a copy of the database."_s.arg(backendTitle(spec.backend)));
    return trial;
}

} // namespace tribikos
