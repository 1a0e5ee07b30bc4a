#include "core/autogenerate/autogenerate.h"
#include "core/db/sqlitesession.h"
#include "core/db/sqltext.h"
#include "core/dialects/dialect.h"
#include "core/project/directchanges.h"
#include "core/project/schemasource.h"
#include "core/reflect/reflect.h"
#include "core/sqlread/psqlscript.h"
#include "core/sqlread/rawsql.h"
#include "core/sqlread/splitter.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <condition_variable>
#include <mutex>
#include <thread>

/// Schemas that are texts: scripts and snapshots.
namespace tribikos {

using namespace Qt::StringLiterals;

namespace {

constexpr int kScriptSeconds = 10;
constexpr int kMostPages = 16384; // 64 MiB
constexpr int kSnapshotVersion = 1;
const QString kBetween = u"\n;\n"_s; // a statement may end in a comment up to the end of its line

/// Ends what a script may make SQLite do for ever.
class ScriptLimit
{
public:
    explicit ScriptLimit(SqliteSession &session)
        : m_thread([this, &session](const std::stop_token &stop) {
            std::unique_lock lock(m_mutex);
            const auto limit = std::chrono::seconds(kScriptSeconds);
            if (!m_ended.wait_for(lock, stop, limit, [&stop] { return stop.stop_requested(); }))
                session.interrupt();
        })
    {}

private:
    std::mutex m_mutex{};
    std::condition_variable_any m_ended{};
    std::jthread m_thread;
};

/// CREATE, ALTER or DROP, and the transactions around them; whatever else a script says changes no schema, or reaches
/// beyond it.
bool isDefinition(const QString &statement)
{
    static const QStringList words{u"CREATE"_s,   u"ALTER"_s,     u"DROP"_s,
                                   u"BEGIN"_s,    u"COMMIT"_s,    u"END"_s,
                                   u"ROLLBACK"_s, u"SAVEPOINT"_s, u"RELEASE"_s};
    return words.contains(leadingKeyword(statement));
}

Result<Schema> ranInMemory(const QString &script, QStringList *notes)
{
    auto session = SqliteSession::open({.backend = Backend::Sqlite, .database = u":memory:"_s},
                                       Access::Write, {});
    if (!session)
        return session.error();
    (void)(*session)->execute(u"PRAGMA max_page_count=%1"_s.arg(kMostPages));
    {
        const ScriptLimit limit(**session);
        for (const SqlStatement &statement : splitStatements(script)) {
            if (!isDefinition(statement.text))
                continue;
            if (const auto ran = (*session)->execute(statement.text); !ran)
                notes->append(
                    u"line %1: %2"_s.arg(QString::number(statement.line), ran.error().message));
        }
    }
    return reflect(**session, {{}, u"alembic_version"_s});
}

Schema followed(const QString &script, Backend backend, QStringList *notes)
{
    Schema schema;
    QList<Error> reasons;
    const bool isOfPsql = backend == Backend::PostgreSql;
    const QString text = isOfPsql ? withoutPsqlCommands(script, &reasons) : script;
    const bool isWhole = reasons.isEmpty();
    if (!followRawSql(text, backend, schema, &reasons) || !isWhole)
        schema.opaqueReasons.append(
            u"statements that can't be followed may have changed anything"_s);
    for (const Error &reason : std::as_const(reasons))
        notes->append(u"line %1: %2"_s.arg(QString::number(reason.line), reason.message));
    return schema;
}

/// A key counts by itself only where its column says so; models' do without a word.
void dontCount(Table &table)
{
    const PrimaryKey *key = table.primaryKey();
    for (Column &column : table.columns) {
        const bool isSerial =
            column.type && column.type->name.contains(u"serial", Qt::CaseInsensitive);
        const bool isKey = column.primaryKey || (key && key->columns.contains(column.name));
        if (isKey && column.autoincrement == AutoIncrement::Auto && !column.identity && !isSerial)
            column.autoincrement = AutoIncrement::No;
    }
}

/// What tables may need comes before them.
bool comesFirst(NamedObject::Kind kind)
{
    using Kind = NamedObject::Kind;
    return kind == Kind::Schema || kind == Kind::Extension || kind == Kind::Enum
           || kind == Kind::Domain || kind == Kind::Sequence;
}

} // namespace

Result<Schema> schemaOfScript(const QString &script, Backend backend, QStringList *notes)
{
    if (backend == Backend::Sqlite)
        return ranInMemory(script, notes);
    Schema made = followed(script, backend, notes);
    for (Table &table : made.tables)
        dontCount(table);
    return made;
}

namespace {

/// What \a schema has and the statements for it don't make again, as far as they are understood.
Result<QStringList> leftOut(const Schema &schema, const QStringList &statements, Backend backend)
{
    QStringList notes;
    const auto made = schemaOfScript(statements.join(kBetween), backend, &notes);
    if (!made)
        return made.error();
    QStringList left;
    for (const NamedObject &object :
         schema.objects) // whose absence compare() takes for no difference
        if (object.kind == NamedObject::Kind::Enum && object.labels.isEmpty())
            left.append(u"type "_s + object.name.text());
    for (const Difference &difference :
         compare({.backend = backend, .migrations = &*made, .database = &schema})) {
        if (difference.inMigrations || !difference.inDatabase)
            continue;
        const bool isObject = difference.kind == Difference::Kind::Object;
        const QString table = difference.table.text();
        const bool hasBoth = !table.isEmpty() && !difference.name.isEmpty();
        left.append((isObject ? difference.aspect : differenceKindName(difference.kind)) + u' '
                    + table + (hasBoth ? u"."_s : QString()) + difference.name);
    }
    return left;
}

/// Without PostgreSQL's partitions, which no statement of ours makes; \a left names them.
Schema withoutPartitions(Schema schema, QStringList *left)
{
    const QString option = u"postgresql_partition_of"_s;
    schema.tables.removeIf([&](const auto &entry) {
        const DialectOptions &options = entry.value().options;
        const bool isPartition = options.contains(option);
        if (isPartition)
            left->append(u"partition %1 of %2"_s.arg(entry.key().text(),
                                                     std::get<QString>(options.value(option))));
        return isPartition;
    });
    return schema;
}

} // namespace

Result<QByteArray> snapshotOf(const SourceSchema &source, Backend backend)
{
    QStringList partitions;
    const Schema whole = withoutPartitions(source.schema, &partitions);
    const bool isUntyped = backend == Backend::Sqlite && (source.isCatalogue || source.isRevision);
    const Schema said = isUntyped ? withUntypedSaid(whole) : whole;
    const Dialect &dialect = dialectFor(backend);
    RenderContext context;
    QStringList tables;
    const Schema nothing;
    const ModelChanges made = autogenerate(
        {.backend = backend, .models = &said, .database = &nothing, .includeSchemas = true});
    for (const Operation &operation : made.upgrade()) {
        const auto rendered = dialect.render(operation, context);
        if (!rendered)
            return rendered.error();
        tables += *rendered;
    }
    QStringList statements;
    QStringList later;
    for (const NamedObject &object : source.schema.objects) {
        const QString text = objectDefinition(object, dialect);
        if (text.isEmpty() || tables.contains(text)) // an enum that came with a column
            continue;
        (comesFirst(object.kind) ? statements : later).append(text);
    }
    statements += tables + later;
    const auto left = leftOut(whole, statements, backend);
    if (!left)
        return left.error();
    const QJsonObject snapshot{
        {u"tribikos_snapshot"_s, kSnapshotVersion},
        {u"dialect"_s, backendName(backend)},
        {u"of"_s, source.title},
        {u"statements"_s, QJsonArray::fromStringList(statements)},
        {u"notes"_s, QJsonArray::fromStringList(source.notes + source.schema.opaqueReasons)},
        {u"left_out"_s, QJsonArray::fromStringList(partitions + *left)}};
    return QJsonDocument(snapshot).toJson();
}

Result<SourceSchema> readSnapshot(const QByteArray &bytes, const QString &file)
{
    const auto wrong = [&file](const QString &message) {
        return Error{.code = ErrorCode::ProjectRefused, .message = message.arg(file), .file = file};
    };
    QJsonParseError problem;
    const QJsonObject snapshot = QJsonDocument::fromJson(bytes, &problem).object();
    const int version = snapshot[u"tribikos_snapshot"_s].toInt();
    if (version == 0)
        return wrong(u"%1 is no snapshot of a schema; 'tribikos-cli snapshot' writes one."_s);
    if (version > kSnapshotVersion)
        return wrong(u"%1 was written by a later version of Tribikos; use that one."_s);
    const auto backend = backendFromName(snapshot[u"dialect"_s].toString());
    if (!backend)
        return wrong(u"%1 does not say which database it is of."_s);
    SourceSchema source{.title = file, .backend = backend};
    const auto texts = [&snapshot](const QString &key) {
        QStringList all;
        for (const QJsonValue &text : snapshot[key].toArray())
            all.append(text.toString());
        return all;
    };
    source.notes = texts(u"notes"_s);
    source.hasGaps = source.hidesColumns = !source.notes.isEmpty();
    for (const QString &left : texts(u"left_out"_s))
        source.notes.append(u"the snapshot doesn't hold the %1, which was there"_s.arg(left));
    auto schema = schemaOfScript(texts(u"statements"_s).join(kBetween), *backend, &source.notes);
    if (!schema)
        return schema.error();
    source.schema = schema.take();
    source.isCatalogue = *backend == Backend::Sqlite;
    return source;
}

} // namespace tribikos
