#pragma once

#include "core/db/session.h"
#include "core/reflect/postgrestypes.h"

namespace tribikos::postgres {

/// What stands between the queries' rows and a Schema. Inside of this room only.
struct Relation
{
    Table table{}; // views have a name only
    QChar kind{};  // pg_class.relkind
    bool isPartition = false;
    QHash<int, QString> columns{};      // by number
    QHash<int, qint64> collations{};    // by number
    QHash<QString, qint64> ownSequences{}; // column -> the sequence that goes with it
    bool isTable() const { return kind != u'v' && kind != u'm'; }
};

struct IndexEntry
{
    qint64 table = 0;
    Index index{};
    bool isOfConstraint = false;
};

struct SequenceEntry
{
    TableName name{};
    Identity options{}; // what is not the default of its type
    QString type{};
    qint64 owner = 0;
    int ownerColumn = 0;
    bool isIdentity = false;
};

/// The catalogue on its way: filled by one member after the other, in the order below.
/// What pg_index keeps of an index's elements, a list each.
struct IndexLists
{
    QList<qint64> numbers{}; // of the columns; 0: an expression
    QList<qint64> orders{};
    QList<qint64> classes{};
    QList<qint64> collations{};
    QStringList written{};
};

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
    Result<QList<Row>> rows(const QString &sql);
    Status readServer();
    Status readNamespaces();
    Status readTypes();
    Status readRelations();
    Status readInheritance();
    Status readSequences();
    Status readColumns();
    Status readIndexes();
    Status readConstraints();
    Status readFunctions();
    Status readTriggers();
    Status readExtensions();

    Column column(const Row &row, Relation &owner);
    void setDefault(Column &column, const Row &row, Relation &owner) const;
    void addConstraint(const Row &row, Relation &owner);
    Constraint key(const Row &row, const Relation &owner);
    Constraint foreignKey(const Row &row, const Relation &owner) const;
    Status readOperatorClasses();
    Status readCollations(const QList<Row> &indexes);
    IndexEntry index(const Row &row, const Relation &owner) const;
    ExprPtr indexElement(qsizetype place, const IndexLists &lists, const Relation &owner, OptionMap &ops) const;
    void finishKeys(Table &table) const;
    QString namespaceName(qint64 oid) const { return m_namespaces.value(oid); }
    void add(NamedObject object) { m_schema.objects.append(std::move(object)); }
    void addTypes();

    Session &m_session;
    TableName m_versionTable;
    int m_version = 0;
    qint64 m_usual = 0;
    QString m_usualName{};
    QHash<qint64, QString> m_namespaces{}; // the usual one's name is empty
    NamedTypes m_types{};
    QList<qint64> m_typeOrder{};
    QHash<std::pair<qint64, QString>, SqlTypePtr> m_columnTypes{};
    QHash<qint64, Relation> m_relations{};
    QList<qint64> m_order{};
    QHash<qint64, IndexEntry> m_indexes{};
    QList<qint64> m_indexOrder{};
    QHash<qint64, SequenceEntry> m_sequences{};
    QList<qint64> m_sequenceOrder{};
    QHash<qint64, QString> m_operatorClasses{};
    QHash<qint64, QString> m_collations{};
    bool m_hasChildren = false;
    Schema m_schema{};
};

/// "1,3" of the columns of \a owner as names.
QStringList columnNames(const QString &numbers, const Relation &owner, QChar separator = u',');
/// "fillfactor=70" and the like.
OptionMap storageOptions(const QString &listed);
/// What pg_get_constraintdef() says of an EXCLUDE constraint.
ExcludeConstraint excludeConstraint(const QString &text);

} // namespace tribikos::postgres
