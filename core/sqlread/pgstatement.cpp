#include "core/sqlread/pgstatement.h"

#include "core/base/sqlscanner.h"
#include "core/sqlread/rawblock.h"
#include "core/sqlread/rawsql.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

using Kind = NamedObject::Kind;

/// Statements that begin and end transactions.
bool isOfTransaction(const QString &word)
{
    static constexpr QStringView words[] = {u"BEGIN",    u"START",     u"COMMIT",  u"END",
                                            u"ROLLBACK", u"SAVEPOINT", u"RELEASE", u"ABORT"};
    return std::ranges::find(words, QStringView(word)) != std::end(words);
}

/// Statements that change rows and rights, told by their first word.
bool isOfData(const QString &word)
{
    static constexpr QStringView words[] = {
        u"INSERT",     u"UPDATE",   u"DELETE",     u"MERGE",    u"VALUES",   u"COPY",
        u"ANALYZE",    u"ANALYSE",  u"VACUUM",     u"REINDEX",  u"GRANT",    u"REVOKE",
        u"LOCK",       u"TRUNCATE", u"CLUSTER",    u"REFRESH",  u"NOTIFY",   u"LISTEN",
        u"SHOW",       u"DISCARD",  u"SECURITY",   u"UNLISTEN", u"FETCH",    u"MOVE",
        u"CHECKPOINT", u"CLOSE",    u"DEALLOCATE", u"DECLARE",  u"REASSIGN", u"LOAD"};
    return std::ranges::find(words, QStringView(word)) != std::end(words);
}

/// Statements that leave tables and named objects as they are, by the kind of their trees.
bool isBeside(const PgNode &statement)
{
    static constexpr QStringView kinds[] = {u"AlterCollationStmt",
                                            u"AlterDatabaseRefreshCollStmt",
                                            u"AlterDatabaseSetStmt",
                                            u"AlterDatabaseStmt",
                                            u"AlterDefaultPrivilegesStmt",
                                            u"AlterEventTrigStmt",
                                            u"AlterExtensionStmt",
                                            u"AlterExtensionContentsStmt",
                                            u"AlterFdwStmt",
                                            u"AlterForeignServerStmt",
                                            u"AlterFunctionStmt",
                                            u"AlterObjectDependsStmt",
                                            u"AlterOpFamilyStmt",
                                            u"AlterOperatorStmt",
                                            u"AlterOwnerStmt",
                                            u"AlterPolicyStmt",
                                            u"AlterPublicationStmt",
                                            u"AlterRoleSetStmt",
                                            u"AlterRoleStmt",
                                            u"AlterStatsStmt",
                                            u"AlterSubscriptionStmt",
                                            u"AlterSystemStmt",
                                            u"AlterTSConfigurationStmt",
                                            u"AlterTSDictionaryStmt",
                                            u"AlterTableMoveAllStmt",
                                            u"AlterTableSpaceOptionsStmt",
                                            u"AlterTypeStmt",
                                            u"AlterUserMappingStmt",
                                            u"CreateAmStmt",
                                            u"CreateCastStmt",
                                            u"CreateConversionStmt",
                                            u"CreateEventTrigStmt",
                                            u"CreateFdwStmt",
                                            u"CreateForeignServerStmt",
                                            u"CreateOpClassStmt",
                                            u"CreateOpFamilyStmt",
                                            u"CreatePLangStmt",
                                            u"CreatePolicyStmt",
                                            u"CreatePublicationStmt",
                                            u"CreateRoleStmt",
                                            u"CreateStatsStmt",
                                            u"CreateSubscriptionStmt",
                                            u"CreateTableSpaceStmt",
                                            u"CreateTransformStmt",
                                            u"CreateUserMappingStmt",
                                            u"CreatedbStmt",
                                            u"DropRoleStmt",
                                            u"DropSubscriptionStmt",
                                            u"DropTableSpaceStmt",
                                            u"DropUserMappingStmt",
                                            u"DropdbStmt",
                                            u"GrantStmt",
                                            u"InsertStmt",
                                            u"UpdateStmt",
                                            u"DeleteStmt",
                                            u"MergeStmt",
                                            u"RuleStmt"};
    return std::ranges::any_of(kinds, [&](QStringView kind) { return statement.is(kind); });
}

/// Where SELECT … INTO makes a table: in the first SELECT of several.
PgNode intoOf(PgNode select)
{
    while (select.has(u"larg"))
        select = select.node(u"larg");
    return select.node(u"intoClause").node(u"rel");
}

/// DO [LANGUAGE plpgsql] $$ … $$ [LANGUAGE plpgsql]
bool applyDo(const PgNode &statement, Schema &schema)
{
    QString body;
    for (const PgNode &part : statement.list(u"args")) {
        const QString value = part.node(u"arg").text(u"sval");
        if (part.text(u"defname") == u"language" && value != u"plpgsql")
            return false;
        if (part.text(u"defname") == u"as")
            body = value;
    }
    return !body.isEmpty() && applyBlock(body, schema);
}

bool applyTree(const PgNode &statement, PgContext &context)
{
    if (isBeside(statement))
        return true;
    if (const std::optional<bool> followed = pgOfSession(statement, context))
        return *followed;
    if (statement.is(u"SelectStmt")) {
        const PgNode made = intoOf(statement);
        if (!made.isEmpty() && isPgTemporary(made))
            context.session.temporary.insert(made.text(u"relname"));
        else if (!made.isEmpty())
            context.markOpaque(context.text.made(made));
        return true;
    }
    if (statement.is(u"ExplainStmt")) { // ANALYZE runs it
        const QList<PgNode> options = statement.list(u"options");
        const bool runs = std::ranges::any_of(
            options, [](const PgNode &option) { return option.text(u"defname") == u"analyze"; });
        return !runs || applyTree(statement.node(u"query"), context);
    }
    if (statement.is(u"DoStmt"))
        return applyDo(statement, context.schema);
    for (const auto &follow : {pgCreate, pgDrop, pgAlterTable, pgAlterObject})
        if (const std::optional<bool> followed = follow(statement, context))
            return *followed;
    return false; // CALL, EXECUTE, IMPORT FOREIGN SCHEMA, DROP OWNED …
}

/// The table that CREATE TABLE, ALTER TABLE or CREATE INDEX is about, as far as its first words tell it.
std::optional<TableName> subject(SqlCursor &cursor, bool *isOfIndex)
{
    const bool isAlter = cursor.accept({u"ALTER"});
    if (!isAlter && !cursor.accept({u"CREATE"}))
        return std::nullopt;
    *isOfIndex = !isAlter && (cursor.isWord(u"INDEX") || cursor.isWord(u"UNIQUE"));
    if (*isOfIndex) {
        while (!cursor.atEnd() && !cursor.take().isWord(u"ON")) {
        }
    } else {
        if (!cursor.accept({u"UNLOGGED"}))
            cursor.accept({u"FOREIGN"});
        if (!cursor.accept({u"TABLE"}))
            return std::nullopt;
        if (!cursor.acceptIfNotExists())
            cursor.acceptIfExists();
    }
    cursor.accept({u"ONLY"});
    const TableName name = cursor.takeTableName();
    return name.name.isEmpty() ? std::nullopt : std::optional(name);
}

/// What the grammar refuses: later versions' syntax, or nonsense that the server will refuse as well.
bool markNamed(PgContext &context)
{
    SqlCursor &cursor = context.text.atStart();
    bool isOfIndex = false;
    if (const auto table = subject(cursor, &isOfIndex)) {
        context.markOpaque(*table, isOfIndex && context.schema.table(*table));
        return true;
    }
    cursor.moveTo(0);
    QSet<QString> names;
    while (!cursor.atEnd()) {
        if (!cursor.isName())
            cursor.take();
        else
            names.insert(cursor.takeName());
    }
    for (const TableName &table : context.schema.tables.keys())
        if (names.contains(table.name))
            context.markOpaque(table);
    return false;
}

/// Whether the statement is more than rows, by its first word.
bool hasToBeRead(const QString &sql, bool isScript)
{
    SqlScanner<char16_t> scanner(
        {reinterpret_cast<const char16_t *>(sql.utf16()), size_t(sql.size())}, Backend::PostgreSql);
    const SqlSpan first = scanner.next();
    if (first.kind == SqlToken::Kind::End)
        return false;
    const QString word =
        sql.mid(first.start, std::min<qsizetype>(first.end - first.start, 20)).toUpper();
    if (word == u"SELECT" || word == u"WITH" || word == u"(") // SELECT INTO makes a table
        return sql.contains(u"into"_s, Qt::CaseInsensitive)
               || sql.contains(u"search_path"_s, Qt::CaseInsensitive);
    if (word == u"SET" || word == u"RESET") // SET SCHEMA 's' sets the path
        return sql.contains(u"search_path"_s, Qt::CaseInsensitive)
               || sql.contains(u"schema"_s, Qt::CaseInsensitive)
               || sql.contains(u"all"_s, Qt::CaseInsensitive);
    if (isOfTransaction(word))
        return isScript;
    return word != u";" && !isOfData(word);
}

} // namespace

void PgContext::run(Operation::Kind operation)
{
    replay(Operation{std::move(operation)}, schema, &rawSqlReader(Backend::PostgreSql));
}

void PgContext::markOpaque(const TableName &name, bool keepsColumns)
{
    Table &table = schema.tables[name];
    table.name = name;
    table.isOpaque = true;
    table.columnsOpaque = table.columnsOpaque || !keepsColumns;
}

NamedObject *PgContext::object(NamedObject::Kind kind, const TableName &name)
{
    const auto found = std::ranges::find_if(schema.objects, [&](const NamedObject &object) {
        return object.kind == kind && object.name == name;
    });
    return found == schema.objects.end() ? nullptr : &*found;
}

NamedObject *PgContext::relationLike(const TableName &name)
{
    for (const Kind kind : {Kind::Sequence, Kind::View, Kind::MaterializedView})
        if (NamedObject *found = object(kind, name))
            return found;
    return nullptr;
}

bool applyPostgres(const QString &sql, Schema &schema, PgSession &session, Error *why)
{
    if (!hasToBeRead(sql, session.isScript))
        return true;
    PgContext context{
        .text = PgText(sql, &schema, session.searchPath), .schema = schema, .session = session};
    const Result<PgNode> tree = parsePostgres(sql);
    if (!tree) {
        *why = tree.error();
        return markNamed(context);
    }
    const bool isFollowed = applyTree(*tree, context) && !context.isUnsure;
    if (!isFollowed)
        *why = {.code = ErrorCode::Syntax,
                .message = u"What this statement changes can't be told."_s,
                .detail = u"what it changes can't be told"_s,
                .line = 1};
    else if (!context.refusal.isEmpty())
        *why = {.code = ErrorCode::Syntax,
                .message = context.refusal,
                .detail = context.refusal,
                .line = 1};
    return isFollowed;
}

} // namespace tribikos
