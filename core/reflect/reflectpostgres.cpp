#include "core/reflect/reflectpostgres.h"

#include "core/db/sqltext.h"
#include "core/reflect/leftout.h"
#include "core/reflect/postgrescatalogue.h"
#include "core/reflect/postgresqueries.h"

using namespace Qt::StringLiterals;

namespace tribikos {

namespace postgres {

namespace {

constexpr int oldestVersion = 120000; // generated columns, and an access method for tables

QChar letter(const QVariant &value)
{
    const QString text = value.toString();
    return text.isEmpty() ? QChar() : text.front();
}

/// \a value unless it is what a sequence has anyway.
std::optional<qint64> unless(qint64 value, qint64 usual)
{
    return value == usual ? std::nullopt : std::optional(value);
}

Identity sequenceOptions(const Row &row)
{
    const QString type = row[3].toString();
    const qint64 greatest = type == u"smallint"  ? 32767
                            : type == u"integer" ? 2147483647
                                                 : std::numeric_limits<qint64>::max();
    const qint64 increment = row[5].toLongLong();
    const bool falls = increment < 0;
    const qint64 low = falls ? -greatest - 1 : 1;
    const qint64 high = falls ? -1 : greatest;
    Identity options;
    options.start = unless(row[4].toLongLong(), falls ? row[7].toLongLong() : row[6].toLongLong());
    options.increment = unless(increment, 1);
    options.minValue = unless(row[6].toLongLong(), low);
    options.maxValue = unless(row[7].toLongLong(), high);
    options.cache = unless(row[8].toLongLong(), 1);
    if (row[9].toBool())
        options.cycle = true;
    return options;
}

QString domainDefinition(const NamedType &type)
{
    QString text = u"CREATE DOMAIN %1 AS %2"_s.arg(
        quotedIdentifier(type.name.name, Backend::PostgreSql), type.base);
    if (!type.fallback.isEmpty())
        text += u" DEFAULT "_s + type.fallback;
    if (type.isNotNull)
        text += u" NOT NULL"_s;
    for (const QString &check : type.checks)
        text += u' ' + check;
    return text;
}

} // namespace

Result<QList<Row>> Catalogue::rows(const QString &sql)
{
    return m_session.query(sql);
}

Status Catalogue::readServer()
{
    const auto found = rows(server());
    if (!found)
        return found.error();
    const Row row = found->value(0);
    m_version = row.value(0).toInt();
    m_usual = row.value(1).toLongLong();
    m_usualName = row.value(2).toString();
    if (m_version < oldestVersion)
        return Error{.code = ErrorCode::Unsupported,
                     .message = u"The catalogue of PostgreSQL %1 can't be read: 12 is the oldest "
                                "that is."_s.arg(m_version / 10000)};
    if (m_versionTable.schema == m_usualName)
        m_versionTable.schema.clear();
    // With nothing but the usual schema in the search path the server prints every other one in front of its names.
    // Compiling the question for the large catalogue that the planner sees takes longer than reading it.
    const auto path =
        rows(u"SELECT set_config('search_path', %1, true), set_config('jit', 'off', true)"_s.arg(
            m_usualName.isEmpty()
                ? u"'pg_catalog'"_s
                : u"quote_ident('%1')"_s.arg(QString(m_usualName).replace(u'\'', "''"_L1))));
    return path ? done() : Status(path.error());
}

Status Catalogue::readNamespaces()
{
    const auto found = rows(namespaces());
    if (!found)
        return found.error();
    for (const Row &row : *found) {
        const qint64 oid = row[0].toLongLong();
        const QString name = row[1].toString();
        m_namespaces.insert(oid, oid == m_usual ? QString() : name);
        const bool isUsual = oid == m_usual || name == u"public";
        if (!isUsual && !row[2].toBool() && name != m_versionTable.schema)
            add({.kind = NamedObject::Kind::Schema, .name = {.name = name}});
    }
    return done();
}

Status Catalogue::readTypes()
{
    const auto found = rows(types());
    if (!found)
        return found.error();
    bool hasEnums = false;
    bool hasDomains = false;
    for (const Row &row : *found) {
        NamedType type{.name = {namespaceName(row[1].toLongLong()), row[2].toString()},
                       .kind = letter(row[3]),
                       .base = row[4].toString(),
                       .isNotNull = row[5].toBool(),
                       .fallback = row[6].toString(),
                       .isOfExtension = row[7].toBool()};
        hasEnums = hasEnums || type.kind == u'e';
        hasDomains = hasDomains || type.kind == u'd';
        m_typeOrder.append(row[0].toLongLong());
        m_types.insert(row[0].toLongLong(), type);
    }
    const auto fill = [this](const QString &sql, QStringList NamedType::*list) -> Status {
        const auto parts = rows(sql);
        if (!parts)
            return parts.error();
        for (const Row &row : *parts)
            if (const auto type = m_types.find(row[0].toLongLong()); type != m_types.end())
                ((*type).*list).append(row[1].toString());
        return done();
    };
    if (hasEnums)
        if (const Status labels = fill(enumLabels(), &NamedType::labels); !labels)
            return labels;
    if (hasDomains)
        if (const Status checks = fill(domainChecks(), &NamedType::checks); !checks)
            return checks;
    addTypes();
    return done();
}

void Catalogue::addTypes()
{
    using Kind = NamedObject::Kind;
    for (const qint64 oid : std::as_const(m_typeOrder)) {
        const NamedType &type = *m_types.constFind(oid);
        if (type.isOfExtension || type.kind == u'p' || type.kind == u'm')
            continue; // shells, and the multirange that comes with its range
        if (type.kind == u'd')
            add({.kind = Kind::Domain, .name = type.name, .definition = domainDefinition(type)});
        else // composites and ranges are made by CREATE TYPE too; their parts are not compared
            add({.kind = Kind::Enum, .name = type.name, .labels = type.labels});
    }
}

Status Catalogue::readSequences()
{
    const auto found = rows(sequences());
    if (!found)
        return found.error();
    for (const Row &row : *found) {
        SequenceEntry entry{.name = {namespaceName(row[1].toLongLong()), row[2].toString()},
                            .options = sequenceOptions(row),
                            .type = row[3].toString(),
                            .owner = row[10].toLongLong(),
                            .ownerColumn = row[11].toInt(),
                            .isIdentity = letter(row[12]) == u'i'};
        const qint64 oid = row[0].toLongLong();
        m_sequenceOrder.append(oid);
        m_sequences.insert(oid, entry);
    }
    return done();
}

Status Catalogue::readFunctions()
{
    const auto found = rows(functions());
    if (!found)
        return found.error();
    for (const Row &row : *found)
        add({.kind = NamedObject::Kind::Function,
             .name = {namespaceName(row[0].toLongLong()), row[1].toString()},
             .definition = row[2].toString()});
    return done();
}

Status Catalogue::readTriggers()
{
    const auto found = rows(triggers(m_version));
    if (!found)
        return found.error();
    for (const Row &row : *found) {
        const auto owner = m_relations.constFind(row[0].toLongLong());
        if (owner == m_relations.cend())
            continue; // an extension's, or the version table's
        add({.kind = NamedObject::Kind::Trigger,
             .name = {owner->table.name.schema, row[1].toString()},
             .table = owner->table.name.name,
             .definition = row[2].toString()});
    }
    return done();
}

Status Catalogue::readExtensions()
{
    const auto found = rows(extensions());
    if (!found)
        return found.error();
    for (const Row &row : *found)
        add({.kind = NamedObject::Kind::Extension, .name = {.name = row[0].toString()}});
    return done();
}

Result<Schema> Catalogue::read()
{
    // Sequences before columns, which tell whose they are; indexes before the constraints that stand on them.
    for (const Reading reading :
         {&Catalogue::readServer, &Catalogue::readNamespaces, &Catalogue::readTypes,
          &Catalogue::readRelations, &Catalogue::readInheritance, &Catalogue::readSequences,
          &Catalogue::readColumns, &Catalogue::readIndexes, &Catalogue::readConstraints,
          &Catalogue::readFunctions, &Catalogue::readTriggers, &Catalogue::readExtensions})
        if (const Status part = (this->*reading)(); !part)
            return part.error();
    for (const qint64 oid : std::as_const(m_indexOrder)) {
        const IndexEntry &entry = m_indexes[oid];
        const auto owner = m_relations.find(entry.table);
        if (!entry.isOfConstraint && owner != m_relations.end())
            owner->table.indexes.append(entry.index);
    }
    for (const qint64 oid : std::as_const(m_sequenceOrder)) {
        const SequenceEntry &entry = m_sequences[oid];
        const auto owner = m_relations.constFind(entry.owner);
        const bool isLost = entry.owner != 0 && owner == m_relations.cend();
        if (!entry.isIdentity && !isLost)
            add({.kind = NamedObject::Kind::Sequence,
                 .name = entry.name,
                 .table = entry.owner == 0 ? QString() : owner->table.name.name});
    }
    for (const qint64 oid : std::as_const(m_order)) {
        Relation &relation = m_relations[oid];
        if (!relation.isTable())
            continue;
        finishKeys(relation.table);
        m_schema.tables.insert(relation.table.name, relation.table);
    }
    return std::move(m_schema);
}

} // namespace postgres

Result<Schema> reflectPostgres(Session &session, const TableName &versionTable)
{
    // One snapshot for all questions, but in a transaction that is open already, whose work is to be seen; the search
    // path is set for so long only.
    const bool isInside = session.inTransaction();
    const auto begun = session.execute(
        isInside ? u"SAVEPOINT tribikos_catalogue"_s
                 : u"BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"_s);
    if (!begun)
        return begun.error();
    Result<Schema> schema = postgres::Catalogue(session, versionTable).read();
    Status ended = done();
    for (const QString &sql : isInside ? QStringList{u"ROLLBACK TO SAVEPOINT tribikos_catalogue"_s,
                                                     u"RELEASE SAVEPOINT tribikos_catalogue"_s}
                                       : QStringList()) {
        if (const auto ran = session.execute(sql); !ran && ended)
            ended = ran.error();
    }
    if (!isInside)
        ended = session.rollback();
    if (schema && !ended)
        return ended.error();
    return schema;
}

} // namespace tribikos
