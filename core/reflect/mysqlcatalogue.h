#pragma once

#include "core/db/session.h"
#include "core/schema/schema.h"

#include <QSet>

namespace tribikos::mysql {

/// One row after the other of information_schema.statistics that are one index.
struct IndexRows
{
    QString name{};
    QList<Row> rows{};
};

/// The catalogue on its way: filled by one member after the other, in the order below. Inside of this room only.
class Catalogue
{
public:
    Catalogue(Session &session, TableName versionTable)
        : m_session(session)
        , m_versionTable(std::move(versionTable))
    {}

    Result<Schema> read();

private:
    using Reading = Status (Catalogue::*)();
    Status readServer();
    Status readPrivileges();
    Status readTables();
    Status readPartitions();
    Status readColumns();
    Status readIndexes();
    Status readForeignKeys();
    Status readChecks();
    Status readViews();
    Status readTriggers();
    Status readRoutines();

    Column column(const Row &row, const Table &owner);
    ExprPtr defaultOf(const Row &row) const;
    void addIndex(const IndexRows &entry, Table &owner) const;
    void addCheck(Table &owner, const Name &name, const QString &condition, bool isOfColumn) const;
    void addNotes(const QSet<QString> &privileges);
    Table *table(const QString &name) { return m_schema.table(TableName{{}, name}); }
    QString optionName(const QString &name) const { return m_prefix + name; }
    void add(NamedObject object) { m_schema.objects.append(std::move(object)); }

    Session &m_session;
    TableName m_versionTable;
    QString m_prefix{}; // of options: "mysql_"
    QString m_database{};
    bool m_isMariaDb = false;
    int m_version = 0; // 101105 is 10.11.5
    bool m_hasViews = false;
    bool m_hasPartitions = false;
    QHash<QString, SqlTypePtr> m_columnTypes{};
    Schema m_schema{};
};

/// The privileges on all of \a database that the lines of SHOW GRANTS give, in capitals.
QSet<QString> grantedPrivileges(const QStringList &lines, const QString &database);

/// "10.11.5-MariaDB" as 101105.
int versionNumber(const QString &version);

} // namespace tribikos::mysql
