#include "core/runtime/serverrun.h"

#include "core/base/text.h"
#include "core/db/sqltext.h"
#include "core/runtime/statementprobe.h"
#include "core/runtime/versiontable.h"

#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QRegularExpression>
#include <QThread>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

using std::chrono::seconds;

constexpr auto kSilence = seconds(10); // after which a server that says nothing is worth a word
constexpr auto kFirstSilence =
    seconds(5); // the same of the first question, before anything else is done
constexpr auto kSilenceLimit = seconds(20); // after which it is given up, where nobody watches
constexpr auto kStopLimit = seconds(10);    // for a statement to end when it was told to
constexpr int kFirstPauseMs = 50;
constexpr int kLongestPauseMs = 1000;

qint64 secondsOf(Watchdog::Clock::duration time)
{
    return std::chrono::duration_cast<seconds>(time).count();
}

} // namespace

ServerRun::ServerRun(const Plan &plan, const ConnectionSpec &spec, const RunOptions &options,
                     const RunProgress &progress, const std::stop_token &stop)
    : PlanRun(plan, spec, options, progress, stop)
    , m_journal(plan.versionTable)
{}

ServerRun::~ServerRun() = default;

Session *ServerRun::session()
{
    return m_session.get();
}

void ServerRun::disconnect()
{
    m_watchdog.reset();
    m_session.reset(); // the lock goes with it
}

Status ServerRun::control(const QString &sql)
{
    const auto ran = m_session->execute(sql);
    return ran ? done() : Status(ran.error());
}

void ServerRun::renew(const QString &sql)
{
    if (m_watchdog)
        m_watchdog->renew(sql);
}

bool ServerRun::pause(int ms) const
{
    QElapsedTimer timer;
    timer.start();
    while (!timer.hasExpired(ms)) {
        if (m_stop.stop_requested())
            return false;
        QThread::msleep(20);
    }
    return !m_stop.stop_requested();
}

QList<int> ServerRun::statementsFrom(int first, int last) const
{
    QList<int> all;
    for (int i = first; i < last; ++i)
        all.append(i);
    return all;
}

/// \a patience is that of connecting.
Status ServerRun::openSession(const ServerSession::Patience &patience)
{
    auto opened = openServer(m_spec, Access::Write, patience);
    if (!opened)
        return opened.error();
    m_session = m_options.betweenServer ? m_options.betweenServer(opened.take()) : opened.take();
    m_session->setPatience([this] { return isPatient(); });
    return done();
}

Status ServerRun::connect()
{
    if (const Status opened =
            openSession([this] { return m_isEnding || !m_stop.stop_requested(); });
        !opened)
        return m_stop.stop_requested() ? cancelled(u"while connecting to %1"_s.arg(m_spec.place()))
                                       : opened.error();
    if (!m_plan.steps.isEmpty())
        m_watchdog =
            std::make_unique<Watchdog>(m_spec, m_session->serverId(), serverIdentity(*m_session));
    if (const Status fine = checkServer(); !fine)
        return fine;
    m_narrator.say(RunEvent::Kind::Connected, m_session->serverVersion());
    if (m_plan.steps.isEmpty()) { // nothing to do, unless something was left half done
        if (const Status read = m_journal.read(*m_session); !read)
            return read;
        if (m_journal.isEmpty())
            return done();
    }
    if (const Status locked = takeLock(); !locked)
        return locked;
    m_hasLock = true;
    if (const Status read = m_journal.read(*m_session); !read)
        return read;
    const bool isLeft = m_plan.steps.isEmpty() && !m_journal.isEmpty(); // by no run that is at work
    return isLeft ? Status(brokenOff()) : done();
}

Status ServerRun::checkDirect() const
{
    if (m_session->isPooled() && !m_options.allowsPooler)
        return Error{
            .code = ErrorCode::Connection,
            .message =
                u"Between here and the server of %1 stands a connection pooler, which may hand the "
                "session's locks to others: connect to the server itself, or say --pooler session "
                "if "
                "it keeps sessions apart."_s.arg(m_spec.place())};
    return done();
}

/// Polled, outside any transaction: who waits holds no snapshot that the holder could wait for.
Status ServerRun::takeLock()
{
    QElapsedTimer waited;
    waited.start();
    qint64 toldAt = 0;
    for (int pauseMs = kFirstPauseMs;; pauseMs = std::min(2 * pauseMs, kLongestPauseMs)) {
        const Result<bool> locked = tryLock();
        if (!locked)
            return locked.error();
        if (*locked)
            return done();
        const QString holder =
            waited.elapsed() - toldAt > 1000 || waited.hasExpired(m_spec.lockTimeoutMs)
                ? lockHolder()
                : QString();
        const QString by = holder.isEmpty() ? u"another run"_s : u"another run ("_s + holder + u')';
        if (waited.hasExpired(m_spec.lockTimeoutMs) && !waitsOn())
            return Error{
                .code = ErrorCode::Busy,
                .message = u"%1 is being migrated by %2; it held the lock for longer than %3 s. "
                           u"Let it finish, "
                           "then run again."_s.arg(m_spec.place(), by,
                                                   QString::number(m_spec.lockTimeoutMs / 1000.0))};
        if (!holder.isEmpty()) {
            toldAt = waited.elapsed();
            m_narrator.waiting(toldAt, u"%1 is being migrated by %2"_s.arg(m_spec.place(), by));
        }
        // Jitter: several that wait must not knock at the same moments.
        if (!pause(pauseMs / 2 + int(QRandomGenerator::global()->bounded(pauseMs))))
            return cancelled(u"while waiting for the lock on %1"_s.arg(m_spec.place()));
    }
}

/// Asked ten times a second while the server works. False: the connection is to be cut.
bool ServerRun::isPatient()
{
    const auto now = Watchdog::Clock::now();
    if (m_isEnding)
        return isAnswering(now);
    if (now - m_askedAt > seconds(1)) // another wait than the last one
        m_waitsSince = now;
    m_askedAt = now;
    if (!m_watchdog) {
        m_gaveUp = !isAnswering(now);
        return !m_gaveUp && !m_stop.stop_requested();
    }
    if (m_stop.stop_requested()) {
        if (m_stopAskedAt == Watchdog::Clock::time_point()) {
            m_stopAskedAt = now;
            if (m_watchdog->state().isElsewhere)
                m_session->interrupt();
            else
                m_watchdog->stopStatement();
        }
        return now - m_stopAskedAt < kStopLimit && now - m_watchdog->state().answered < kSilence;
    }
    if (m_options.control) {
        if (const qint64 ended = m_options.control->endsSession.exchange(0); ended != 0)
            m_watchdog->endSession(ended);
    }
    if (m_watchdog->state().isElsewhere && !m_isElsewhereTold) {
        m_isElsewhereTold = true;
        m_report.notes.append(
            u"A second connection to %1 reaches another server, as behind a balancer: who blocks "
            u"this "
            u"run, and whether its server answers, could not be watched."_s.arg(m_spec.place()));
    }
    if (now - m_toldAt > seconds(1))
        tellWaiting();
    m_gaveUp = m_options.giveUpWhenSilent && now - m_watchdog->state().answered > kSilenceLimit;
    return !m_gaveUp;
}

/// Of short questions, before somebody watches and after: who is silent that long is not there.
bool ServerRun::isAnswering(Watchdog::Clock::time_point now)
{
    const auto silence = now - m_waitsSince;
    if (silence > kFirstSilence && now - m_toldAt > seconds(1)) {
        m_toldAt = now;
        m_narrator.waiting(secondsOf(silence) * 1000, u"%1 does not answer"_s.arg(m_spec.place()));
    }
    return silence < kSilence;
}

void ServerRun::tellWaiting()
{
    const auto now = Watchdog::Clock::now();
    const Watchdog::State state = m_watchdog->state();
    const auto silence = now - state.answered;
    if (silence <= kSilence && !state.blocker) {
        m_waitsSince = now;
        return;
    }
    m_toldAt = now;
    m_lastBlocker = state.blocker ? state.blocker : m_lastBlocker;
    const auto waited = silence > kSilence ? silence : now - m_waitsSince;
    m_narrator.waiting(secondsOf(waited) * 1000,
                       silence > kSilence
                           ? u"%1 does not answer"_s.arg(m_spec.place())
                           : u"waiting for a lock held by %1"_s.arg(state.blocker->text),
                       state.blocker ? state.blocker->session : 0);
}

Status ServerRun::retrying(const PlanStep &step, const std::function<Status()> &attempt)
{
    QElapsedTimer waited;
    waited.start();
    const int statements = m_report.statementsDone;
    m_lastBlocker.reset();
    for (int pauseMs = kFirstPauseMs;; pauseMs = std::min(2 * pauseMs, kLongestPauseMs)) {
        const Status tried = attempt();
        if (tried || m_session->isLost() || tried.error().code == ErrorCode::Cancelled
            || !isRetryable(m_session->backend(), m_session->lastState()))
            return tried;
        const std::optional<Blocker> now =
            m_watchdog ? m_watchdog->state().blocker : std::optional<Blocker>();
        const std::optional<Blocker> known = now ? now : m_lastBlocker;
        const QString blocker = known ? known->text : u"another session"_s;
        if (waited.hasExpired(m_spec.lockTimeoutMs) && !waitsOn()) {
            Error error = tried.error();
            error.code = ErrorCode::Busy;
            error.message +=
                u"; %1 held a lock for longer than %2 s: let it finish, then run again"_s.arg(
                    blocker, QString::number(m_spec.lockTimeoutMs / 1000.0));
            return error;
        }
        if (const Status rolled = m_session->rollback(); !rolled)
            return rolled;
        const Result<VersionTable> table = readVersionTable(*m_session, m_plan.versionTable);
        if (!table)
            return table.error();
        m_hasVersionTable = table->exists; // its creation may have been rolled back as well
        if (const Status read = m_journal.read(*m_session); !read)
            return read;
        m_report.statementsDone = statements;
        m_narrator.waiting(waited.elapsed(), u"waiting for a lock held by %1"_s.arg(blocker),
                           known ? known->session : 0);
        if (!pause(pauseMs / 2 + int(QRandomGenerator::global()->bounded(pauseMs))))
            return cancelled(u"while revision %1 waited for a lock"_s.arg(stepPlace(step, 0)));
    }
}

Status ServerRun::resume(const PlanStep &step)
{
    if (m_journal.isEmpty())
        return done();
    if (step.direction == Direction::Stamp && m_options.unclear == RunOptions::Unclear::IsDone) {
        m_report.notes.append(
            u"The journal of %1, which broke off, was taken away."_s.arg(m_journal.subject()));
        return done();
    }
    m_report.isUnclear = step.direction == Direction::Stamp;
    if (!m_journal.isOf(step) || step.direction == Direction::Stamp || m_journal.isBeingUndone())
        return brokenOff();
    const QMap<int, Journal::Entry> entries = m_journal.entries();
    for (auto entry = entries.cbegin(); entry != entries.cend(); ++entry) {
        const int number = entry.key();
        const bool isKnown = number >= 0 && number < step.statements.size()
                             && Journal::digest(step.statements.at(number)) == entry->digest;
        if (!isKnown)
            return Error{.code = ErrorCode::Conflict,
                         .message =
                             u"Statement %1 of %2 ran before the run broke off, but the script has "
                             u"another one "
                             "there now: put the script back as it was, and run again."_s.arg(
                                 QString::number(number + 1), m_journal.subject()),
                         .file = step.file,
                         .line = step.line};
        if (entry->state == Journal::State::Started) {
            if (const Status settled = settle(step, number, *entry); !settled)
                return settled;
        }
    }
    const auto left = m_journal.entries();
    if (m_journal.doneCount() != left.size())
        return Error{.code = ErrorCode::Conflict,
                     .message =
                         u"The journal of %1 has gaps, which no run of Tribikos leaves: set the "
                         u"database right by "
                         "hand, then stamp it with --interrupted done."_s.arg(m_journal.subject())};
    if (const Status again = restoreSettings(step); !again)
        return again;
    if (!left.isEmpty())
        m_report.notes.append(
            u"An earlier run broke off in the middle of %1; this one goes on behind its statement %2."_s
                .arg(m_journal.subject(), QString::number(left.lastKey() + 1)));
    return done();
}

Status ServerRun::checkUndo(const PlanStep &step)
{
    if (m_journal.half() == step.undoes)
        return done();
    m_report.isStale = true;
    return Error{.code = ErrorCode::Conflict,
                 .message =
                     u"What a broken run has left of revision %1 on %2 has changed since the "
                     u"plan was made: make a new plan."_s.arg(visibleText(step.revision, false),
                                                              m_spec.place())};
}

Error ServerRun::brokenOff()
{
    m_isAnothersHalf = true;
    if (m_journal.isBeingUndone())
        return {.code = ErrorCode::Conflict,
                .message =
                    u"Taking back %1 broke off: go on with that first, by undo, or set it right by "
                    u"hand and stamp where the database is with --interrupted done."_s.arg(
                        m_journal.subject())};
    return {.code = ErrorCode::Conflict,
            .message = u"A run broke off in the middle of %1: finish that first, with the command "
                       u"that it had, or take it back by undo, or set it right "
                       "by hand and stamp where the database is with --interrupted done."_s.arg(
                           m_journal.subject())};
}

/// What a statement that is in has set for its session is lost with that session.
Status ServerRun::restoreSettings(const PlanStep &step)
{
    static const QRegularExpression variable(u"(?<!@)@(?!@)\\w"_s);
    static const QRegularExpression temporary(
        u"^CREATE\\s+(?:GLOBAL\\s+|LOCAL\\s+)?TEMP(?:ORARY)?\\b"_s,
        QRegularExpression::CaseInsensitiveOption);
    for (int i = 0; i < m_journal.doneCount(); ++i) {
        const QString &sql = step.statements.at(i).sql;
        const bool isSetting = leadingKeyword(sql) == u"SET" || leadingKeyword(sql) == u"RESET";
        if ((isSetting && variable.match(sql).hasMatch())
            || temporary.match(withoutPadding(sql)).hasMatch())
            return Error{
                .code = ErrorCode::Conflict,
                .message =
                    u"Statement %1 of %2 was for the session that broke off (a variable or a "
                    u"temporary "
                    "table), so the rest can't simply go on: set the database right by hand, then "
                    "stamp it with --interrupted done."_s.arg(QString::number(i + 1),
                                                              m_journal.subject())};
        if (!isSetting)
            continue;
        if (const Status set = control(sql); !set)
            return set;
    }
    return done();
}

/// Whether a statement whose end nobody saw has done its work.
Status ServerRun::settle(const PlanStep &step, int number, const Journal::Entry &entry)
{
    const Statement &statement = step.statements.at(number);
    Result<Effect> effect = effectOf(*m_session, statement.sql, entry.stamp);
    if (!effect)
        return effect.error();
    if (m_options.unclear
            != RunOptions::Unclear::Ask // somebody has looked, whatever the catalogue says
        && !(*effect == Effect::Remains && m_options.unclear == RunOptions::Unclear::RunAgain))
        effect = m_options.unclear == RunOptions::Unclear::IsDone ? Effect::Whole : Effect::None;
    switch (*effect) {
    case Effect::Whole:
        return m_journal.mark(*m_session, step, {number}, std::nullopt, {}, m_session->serverId());
    case Effect::Remains:
        if (const Status removed = control(removalOfRemains(statement.sql)); !removed)
            return removed;
        [[fallthrough]];
    case Effect::None: return m_journal.unmark(*m_session, number);
    case Effect::Unknown: break;
    }
    const int line = statement.span.line > 0 ? statement.span.line : step.line;
    m_report.isUnclear = true;
    return Error{
        .code = ErrorCode::Conflict,
        .message =
            u"A run broke off while statement %1 of revision %2 was under way, and whether it took "
            "effect can't be told: look at the database, then say whether it is done or is to run again."_s
                .arg(QString::number(number + 1), stepPlace(step, line)),
        .detail = redactedText(statement.sql),
        .file = step.file,
        .line = line};
}

Status ServerRun::runJournaled(const PlanStep &step, int number, const QList<int> &doneBefore)
{
    const Statement &statement = step.statements.at(number);
    const Result<QString> stamp =
        m_canProbe ? stampOf(*m_session, statement.sql) : Result<QString>(QString());
    if (!stamp)
        return stamp.error();
    if (const Status marked =
            m_journal.mark(*m_session, step, doneBefore, number, *stamp, m_session->serverId());
        !marked)
        return marked;
    const auto ran = runStatement(step, number, statement);
    if (ran)
        return done();
    if (m_session->isLost())
        return ran.error();
    const QString state = m_session->lastState(); // for whoever may try again
    m_failedState = state;
    Result<Effect> effect = effectOf(*m_session, statement.sql, *stamp);
    if (effect && *effect == Effect::Remains && control(removalOfRemains(statement.sql)))
        effect = Effect::None;
    const bool isNothing =
        effect && *effect == Effect::None && m_journal.unmark(*m_session, number);
    m_session->setLastState(
        isNothing ? state : QString()); // what may have done something is not tried again
    return ran.error();
}

bool ServerRun::prepareReadBack()
{
    m_isEnding = true;
    if (const QString &state = m_session->lastState(); !state.isEmpty())
        m_failedState = state;
    m_waitsSince = Watchdog::Clock::now();
    if (m_gaveUp && m_report.error)
        m_report.error = Error{
            .code = ErrorCode::Connection,
            .message = u"%1 has not answered for %2 s"_s.arg(
                m_spec.place(), QString::number((m_watchdog ? kSilenceLimit : kSilence).count()))};
    if (m_session->isLost() || !m_session->rollback()) {
        m_watchdog.reset();
        m_hasLock = false; // it went with the session
        m_waitsSince = Watchdog::Clock::now();
        if (!openSession([this] { return isPatient(); }))
            return false;
    }
    if (m_report.error && !m_journal.read(*m_session))
        return false;
    m_report.isHalf = m_report.error && !m_journal.isEmpty();
    if (m_hasLock) // else the empty table waits for the next run
        (void)m_journal.drop(*m_session);
    return true;
}

QString ServerRun::halfDone() const
{
    if (m_journal.isEmpty())
        return {};
    const QString text = m_journal.standing()
                         + u" The version table says %1."_s.arg(positionText(m_report.rowsAfter));
    if (m_isAnothersHalf) // what to do about it has been said
        return text;
    const ErrorCode cause = m_report.error ? m_report.error->code : ErrorCode::Connection;
    if (cause == ErrorCode::Conflict) // says itself what is to be done first
        return text;
    const bool isStatement = cause == ErrorCode::Statement && m_isPrepared;
    const QString first = isStatement ? u" %1, then"_s.arg(remedy()) : QString();
    const auto then = [&](const QString &sentence) {
        return first.isEmpty() ? u' ' + sentence
                               : first + u' ' + sentence.front().toLower() + sentence.sliced(1);
    };
    return text
           + then(
               m_journal.isBeingUndone()
                   ? u"Run undo again: it goes on from there."_s
                   : u"Run the same command again: it goes on from there; undo takes back what is in where it can."_s);
}

} // namespace tribikos
