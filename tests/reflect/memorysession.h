#pragma once

#include "core/db/session.h"

#include <sqlite3.h>

namespace tribikos::test {

/// A Session on a database in memory, straight on SQLite's C interface.
class MemorySession final : public Session
{
public:
    MemorySession() { sqlite3_open(":memory:", &m_db); }
    ~MemorySession() override { sqlite3_close_v2(m_db); }
    MemorySession(const MemorySession &) = delete;
    MemorySession &operator=(const MemorySession &) = delete;

    Backend backend() const override { return Backend::Sqlite; }
    Result<qint64> execute(const QString &sql) override
    {
        const Result<QList<Row>> rows = query(sql);
        if (!rows)
            return rows.error();
        return sqlite3_changes64(m_db);
    }
    /// Runs every statement of \a sql, for setting up.
    Status executeAll(const QString &sql)
    {
        if (sqlite3_exec(m_db, sql.toUtf8().constData(), nullptr, nullptr, nullptr) != SQLITE_OK)
            return failure(sql);
        return done();
    }
    Result<QList<Row>> query(const QString &sql, const QList<QVariant> &bound = {}) override
    {
        sqlite3_stmt *statement = nullptr;
        if (sqlite3_prepare_v2(m_db, sql.toUtf8().constData(), -1, &statement, nullptr)
            != SQLITE_OK)
            return failure(sql);
        for (int i = 0; i < bound.size(); ++i) {
            const QByteArray text = bound[i].toString().toUtf8();
            sqlite3_bind_text(statement, i + 1, text.constData(), int(text.size()),
                              SQLITE_TRANSIENT);
        }
        QList<Row> rows;
        int step = sqlite3_step(statement);
        for (; step == SQLITE_ROW; step = sqlite3_step(statement))
            rows.append(readRow(statement));
        sqlite3_finalize(statement);
        if (step != SQLITE_DONE)
            return failure(sql);
        return rows;
    }
    Result<Fetched> fetch(const QString &) override { return Error{.message = QStringLiteral("not asked for")}; }
    Status begin() override { return executeAll(QStringLiteral("BEGIN IMMEDIATE")); }
    Status commit() override { return executeAll(QStringLiteral("COMMIT")); }
    Status rollback() override { return executeAll(QStringLiteral("ROLLBACK")); }
    bool inTransaction() const override { return sqlite3_get_autocommit(m_db) == 0; }
    void interrupt() override { sqlite3_interrupt(m_db); }
    QString serverVersion() override { return QString::fromLatin1(sqlite3_libversion()); }

private:
    static Row readRow(sqlite3_stmt *statement)
    {
        Row row;
        for (int i = 0; i < sqlite3_column_count(statement); ++i) {
            if (sqlite3_column_type(statement, i) == SQLITE_INTEGER)
                row.append(qint64(sqlite3_column_int64(statement, i)));
            else if (sqlite3_column_type(statement, i) == SQLITE_NULL)
                row.append(QVariant());
            else
                row.append(QString::fromUtf8(
                    reinterpret_cast<const char *>(sqlite3_column_text(statement, i))));
        }
        return row;
    }
    Error failure(const QString &sql) const
    {
        return {.code = ErrorCode::Statement,
                .message = sql,
                .detail = QString::fromUtf8(sqlite3_errmsg(m_db))};
    }

    sqlite3 *m_db = nullptr;
};

} // namespace tribikos::test
