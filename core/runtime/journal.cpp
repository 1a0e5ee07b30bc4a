#include "core/runtime/journal.h"

#include "core/base/text.h"
#include "core/db/sqltext.h"
#include "core/reflect/leftout.h"

#include <QCryptographicHash>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

constexpr QStringView kStateNames[]{u"started", u"done", u"undoing"}; // by Journal::State

QString directionName(Direction direction)
{
    return direction == Direction::Downgrade ? u"downgrade"_s : u"upgrade"_s;
}

Error damaged(const QString &table, const QString &what)
{
    return {.code = ErrorCode::Conflict,
            .message = u"The journal %1 %2; look at the database, then delete its rows."_s.arg(
                visibleText(table, false), what)};
}

} // namespace

Journal::Journal(const TableName &versionTable)
    : m_name{versionTable.schema, ownTable(journalTable, versionTable)}
{}

bool Journal::isOf(const PlanStep &step) const
{
    return isEmpty()
           || (step.revision == m_revision && directionName(step.direction) == m_direction);
}

QString Journal::subject() const
{
    return u"the %1 of revision %2"_s.arg(m_direction, visibleText(m_revision, false));
}

QString Journal::standing() const
{
    QList<int> in;
    QList<int> unclear;
    QList<int> undoing;
    for (auto entry = m_entries.cbegin(); entry != m_entries.cend(); ++entry)
        (entry->state == State::Done      ? in
         : entry->state == State::Started ? unclear
                                          : undoing)
            .append(entry.key() + 1);
    QStringList sentences;
    if (in.size() == 1)
        sentences.append(u"Statement %1 of %2 is in."_s.arg(in.constFirst()).arg(subject()));
    if (in.size() > 1)
        sentences.append(u"Statements %1–%2 of %3 are in."_s.arg(in.constFirst())
                             .arg(in.constLast())
                             .arg(subject()));
    if (!unclear.isEmpty())
        sentences.append(
            u"Statement %1 of %2 was under way."_s.arg(unclear.constFirst()).arg(subject()));
    if (!undoing.isEmpty())
        sentences.append(
            u"Statement %1 of %2 was being taken back."_s.arg(undoing.constFirst()).arg(subject()));
    return sentences.join(u' ');
}

std::optional<HalfStep> Journal::half() const
{
    if (isEmpty())
        return std::nullopt;
    HalfStep half{.revision = m_revision,
                  .direction = m_direction == directionName(Direction::Downgrade)
                                   ? Direction::Downgrade
                                   : Direction::Upgrade};
    half.digests.resize(m_entries.lastKey() + 1); // a gap has no digest, and fits no statement
    for (auto entry = m_entries.cbegin(); entry != m_entries.cend(); ++entry)
        if (entry.key() >= 0)
            half.digests[entry.key()] = entry->digest;
    return half;
}

bool Journal::isBeingUndone() const
{
    return std::ranges::any_of(m_entries,
                               [](const Entry &entry) { return entry.state == State::Undoing; });
}

int Journal::doneCount() const
{
    int count = 0;
    for (auto entry = m_entries.constFind(count);
         entry != m_entries.cend() && entry->state == State::Done;
         entry = m_entries.constFind(count))
        ++count;
    return count;
}

Result<int> Journal::statementsIn(const PlanStep &step) const
{
    if (isEmpty())
        return 0;
    const int count = doneCount();
    bool isKnown = isOf(step) && count == m_entries.size() && count <= step.statements.size();
    for (int i = 0; isKnown && i < count; ++i)
        isKnown = digest(step.statements.at(i)) == m_entries.value(i).digest;
    if (isKnown)
        return count;
    return Error{.code = ErrorCode::Conflict,
                 .message =
                     u"A run broke off in the middle of %1. %2 What comes behind that can't be "
                     "tried before it is settled: go on with the command that the run had, "
                     "or take back what is in."_s.arg(subject(), standing()),
                 .file = step.file,
                 .line = step.line};
}

QByteArray Journal::digest(const Statement &statement)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    hash.addData(statement.sql.toUtf8());
    if (statement.stretch)
        hash.addData(statement.stretch->text());
    return hash.result().toHex();
}

Status Journal::read(Session &session)
{
    m_table = m_name.schema.isEmpty() ? quotedIdentifier(m_name.name, session.backend())
                                      : quotedIdentifier(m_name.schema, session.backend()) + u'.'
                                            + quotedIdentifier(m_name.name, session.backend());
    const QString current =
        session.backend() == Backend::PostgreSql ? u"current_schema()"_s : u"database()"_s;
    const auto exists = [&]() -> Result<bool> {
        const auto found = session.query(
            u"SELECT 1 FROM information_schema.tables WHERE table_name = ? AND table_schema = coalesce(?, %1)"_s
                .arg(current),
            {m_name.name, m_name.schema.isEmpty() ? QVariant(QMetaType::fromType<QString>())
                                                  : QVariant(m_name.schema)});
        return found ? Result<bool>(!found->isEmpty()) : Result<bool>(found.error());
    };
    const Result<bool> found = exists();
    if (!found)
        return found.error();
    m_exists = *found;
    m_entries.clear();
    if (!m_exists)
        return done();
    constexpr int mostRows = 100000; // far above any revision's statements
    const auto rows = session.query(
        u"SELECT revision, direction, n, state, digest, stamp, session FROM %1 ORDER BY n LIMIT %2"_s
            .arg(m_table, QString::number(mostRows)));
    if (!rows) { // a run that ends takes its table away: whoever holds no lock may come in between
        const auto again = exists();
        m_exists = !again || *again;
        return m_exists ? Status(rows.error()) : done();
    }
    for (const Row &row : *rows) {
        const QString state = row.value(3).toString();
        const bool isOther =
            !m_entries.isEmpty()
            && (row.value(0).toString() != m_revision || row.value(1).toString() != m_direction);
        const auto known = std::ranges::find(kStateNames, state);
        if (isOther || known == std::end(kStateNames))
            return damaged(m_name.text(), u"has rows that no run of Tribikos writes"_s);
        m_revision = row.value(0).toString();
        m_direction = row.value(1).toString();
        m_entries.insert(row.value(2).toInt(), {.state = State(known - std::begin(kStateNames)),
                                                .digest = row.value(4).toString().toLatin1(),
                                                .stamp = row.value(5).toString(),
                                                .session = row.value(6).toLongLong()});
    }
    return done();
}

Status Journal::create(Session &session)
{
    if (m_exists)
        return done();
    const bool isMySql = session.backend() != Backend::PostgreSql;
    const auto made = session.execute(
        u"CREATE TABLE %1 (n INTEGER NOT NULL PRIMARY KEY, revision VARCHAR(255) NOT NULL, "
        "direction VARCHAR(9) NOT NULL, state VARCHAR(7) NOT NULL, digest CHAR(64) NOT NULL, "
        "stamp VARCHAR(64) NOT NULL, session BIGINT NOT NULL, "
        "started_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP)%2"_s.arg(
            m_table, isMySql ? u" ENGINE=InnoDB"_s : QString()));
    if (!made)
        return Error{.code = made.error().code,
                     .message = u"The journal, which lets a broken run go on, could not be made: "
                                u"%1. Give the user the "
                                "right to create tables."_s.arg(made.error().message),
                     .detail = made.error().detail};
    m_exists = true;
    return done();
}

Status Journal::mark(Session &session, const PlanStep &step, const QList<int> &done_,
                     std::optional<int> started, const QString &stamp, qint64 serverId)
{
    QStringList places;
    QList<QVariant> values;
    const auto add = [&](int statement, State state, const QString &text) {
        const Entry entry{.state = state,
                          .digest = digest(step.statements.at(statement)),
                          .stamp = text,
                          .session = serverId};
        places.append(u"(%1, ?, ?, ?, ?, ?, %2)"_s.arg(statement).arg(serverId));
        values << step.revision << directionName(step.direction)
               << kStateNames[size_t(state)].toString() << QString::fromLatin1(entry.digest)
               << text;
        m_entries.insert(statement, entry);
    };
    for (const int statement : done_)
        add(statement, State::Done, m_entries.value(statement).stamp);
    if (started)
        add(*started, State::Started, stamp);
    if (places.isEmpty())
        return done();
    m_revision = step.revision;
    m_direction = directionName(step.direction);
    const bool isPostgres = session.backend() == Backend::PostgreSql;
    const auto written = session.query(
        u"INSERT INTO %1 (n, revision, direction, state, digest, stamp, session) VALUES %2 %3"_s
            .arg(m_table, places.join(u", "_s),
                 isPostgres
                     ? u"ON CONFLICT (n) DO UPDATE SET revision = excluded.revision, direction = "
                       u"excluded.direction, "
                       "state = excluded.state, digest = excluded.digest, stamp = excluded.stamp, "
                       "session = excluded.session"_s
                     : u"ON DUPLICATE KEY UPDATE revision = VALUES(revision), direction = "
                       u"VALUES(direction), "
                       "state = VALUES(state), digest = VALUES(digest), stamp = VALUES(stamp), "
                       "session = VALUES(session)"_s),
        values);
    return written ? done() : Status(written.error());
}

Status Journal::unmark(Session &session, int statement)
{
    m_entries.remove(statement);
    const auto removed =
        session.execute(u"DELETE FROM %1 WHERE n = %2"_s.arg(m_table, QString::number(statement)));
    return removed ? done() : Status(removed.error());
}

Status Journal::setState(Session &session, int statement, State state)
{
    for (auto entry = m_entries.lowerBound(statement); entry != m_entries.end(); ++entry)
        entry->state = state;
    const auto marked = session.execute(u"UPDATE %1 SET state = '%2' WHERE n >= %3"_s.arg(
        m_table, kStateNames[size_t(state)].toString(), QString::number(statement)));
    return marked ? done() : Status(marked.error());
}

Status Journal::unmarkFrom(Session &session, int statement)
{
    m_entries.removeIf([statement](const auto &entry) { return entry.key() >= statement; });
    const auto removed =
        session.execute(u"DELETE FROM %1 WHERE n >= %2"_s.arg(m_table, QString::number(statement)));
    return removed ? done() : Status(removed.error());
}

/// Within the transaction of the version rows: what is known here changes when that has been committed (read()).
Status Journal::clear(Session &session)
{
    if (!m_exists || m_entries.isEmpty())
        return done();
    const auto removed = session.execute(u"DELETE FROM "_s + m_table);
    return removed ? done() : Status(removed.error());
}

void Journal::forget()
{
    m_entries.clear();
}

Status Journal::drop(Session &session)
{
    if (!m_exists || !m_entries.isEmpty())
        return done();
    m_exists = false;
    const auto dropped = session.execute(u"DROP TABLE "_s + m_table);
    return dropped ? done() : Status(dropped.error());
}

} // namespace tribikos
