#include "core/sqlread/pgstatement.h"

#include <algorithm>

using namespace Qt::StringLiterals;

/// What lasts from one statement to the next: where names are looked for, transactions, what a script has.
namespace tribikos {

namespace {

constexpr qsizetype mostSavepoints = 64;

/// The schemas that new tables may come into, of what SET search_path or set_config() say.
QStringList pathOf(const QStringList &said)
{
    QStringList path;
    for (const QString &entry : said) {
        const QString name = entry.trimmed();
        if (name.isEmpty() || name.startsWith(u'$') || name.startsWith(u"pg_"))
            continue;
        path.append(name == u"public" ? QString() : name);
    }
    return path.size() == 1 && path[0].isEmpty() ? QStringList() : path;
}

void setPath(const QStringList &path, bool isLocal, PgSession &session)
{
    if (isLocal && session.isScript && session.open.isEmpty())
        return; // the server warns, and nothing happens
    if (isLocal && !session.outside)
        session.outside = session.searchPath;
    else if (!isLocal)
        session.outside.reset();
    session.searchPath = path;
}

bool setVariable(const PgNode &statement, PgSession &session)
{
    const QString kind = statement.text(u"kind");
    const bool isOfPath = statement.text(u"name") == u"search_path";
    if (kind == u"VAR_RESET_ALL" || (isOfPath && kind != u"VAR_SET_VALUE")) {
        setPath({}, statement.flag(u"is_local"), session);
    } else if (isOfPath) {
        QStringList said;
        for (const PgNode &part : statement.list(u"args"))
            said.append(part.node(u"sval").text(u"sval"));
        setPath(pathOf(said), statement.flag(u"is_local"), session);
    }
    return true;
}

/// SELECT set_config('search_path', 'a, b', false), as pg_dump says it.
void callSetConfig(const PgNode &call, PgSession &session)
{
    const QStringList names = call.texts(u"funcname");
    const QList<PgNode> args = call.list(u"args");
    if (names.isEmpty() || names.constLast() != u"set_config" || args.size() != 3
        || args[0].node(u"sval").text(u"sval") != u"search_path")
        return;
    const bool isLocal = args[2].node(u"boolval").flag(u"boolval");
    const QStringList said = args[1].node(u"sval").text(u"sval").remove(u'"').split(u',');
    setPath(pathOf(said), isLocal, session);
}

void restore(qsizetype kept, PgContext &context)
{
    PgSession &session = context.session;
    if (kept < 0 || kept >= session.open.size())
        return;
    context.schema = session.open[kept].schema;
    session.searchPath = session.open[kept].searchPath;
}

bool endTransaction(bool isUndone, bool isChained, PgContext &context)
{
    PgSession &session = context.session;
    if (isUndone)
        restore(0, context);
    else if (session.outside)
        session.searchPath = *session.outside;
    session.outside.reset();
    session.open.clear();
    if (isChained)
        session.open.append({{}, context.schema, session.searchPath});
    return true;
}

bool applyTransaction(const PgNode &statement, PgContext &context)
{
    const QString kind = statement.text(u"kind");
    PgSession &session = context.session;
    if (!session.isScript)
        return true; // what runs it has a transaction of its own
    const bool isChained = statement.flag(u"chain");
    if (kind == u"TRANS_STMT_BEGIN" || kind == u"TRANS_STMT_START") {
        if (session.open.isEmpty())
            session.open.append({{}, context.schema, session.searchPath});
        return true;
    }
    if (kind == u"TRANS_STMT_COMMIT" || kind == u"TRANS_STMT_ROLLBACK")
        return endTransaction(kind == u"TRANS_STMT_ROLLBACK", isChained, context);
    if (session.open.isEmpty())
        return true; // refused, and nothing happens
    const QString name = statement.text(u"savepoint_name");
    if (kind == u"TRANS_STMT_SAVEPOINT" && session.open.size() >= mostSavepoints)
        return false; // each may keep a copy of the whole schema
    if (kind == u"TRANS_STMT_SAVEPOINT") {
        session.open.append({name, context.schema, session.searchPath});
        return true;
    }
    qsizetype place = session.open.size() - 1;
    while (place > 0 && session.open[place].name != name)
        --place;
    if (place > 0 && kind == u"TRANS_STMT_ROLLBACK_TO") {
        restore(place, context);
        session.open.resize(place + 1);
    } else if (place > 0 && kind == u"TRANS_STMT_RELEASE") {
        session.open.resize(place);
    }
    return true;
}

} // namespace

std::optional<bool> pgOfSession(const PgNode &statement, PgContext &context)
{
    if (statement.is(u"VariableSetStmt"))
        return setVariable(statement, context.session);
    if (statement.is(u"TransactionStmt"))
        return applyTransaction(statement, context);
    if (statement.is(u"SelectStmt"))
        for (const PgNode &target : statement.list(u"targetList"))
            callSetConfig(target.node(u"val"), context.session);
    return std::nullopt;
}

bool PgContext::refuses(bool isRefused, const QString &message)
{
    if (!isRefused || !session.isScript || !session.isWhole)
        return false;
    refusal = message;
    return true;
}

bool PgContext::refusesTable(const TableName &name)
{
    const auto isExtension = [](const NamedObject &object) {
        return object.kind == NamedObject::Kind::Extension; // which may have brought it
    };
    const bool isKnown = schema.table(name) || relationLike(name)
                         || session.temporary.contains(name.name) || name.schema.startsWith(u"pg_")
                         || name.schema == u"information_schema"
                         || std::ranges::any_of(schema.objects, isExtension);
    if (isKnown || !session.isScript || !session.isWhole)
        return false;
    if (schema.tables.isEmpty()) // a dump that drops before it makes says nothing of what it makes
        return true;
    return refuses(true, u"There is no table %1."_s.arg(name.text()));
}

bool PgContext::refusesColumn(const TableName &name, const QString &column, bool isThere)
{
    const Table *table = schema.table(name);
    if (!table || table->isOpaque || table->options.contains(u"postgresql_inherits"_s)
        || (table->column(column) != nullptr) == isThere)
        return false;
    return refuses(
        true, isThere
                  ? u"There is no column %1 in the table %2."_s.arg(column, name.text())
                  : u"There is a column %1 in the table %2 already."_s.arg(column, name.text()));
}

bool PgContext::refusesConstraint(const TableName &name, const Constraint &constraint)
{
    const auto *key = std::get_if<ForeignKey>(&constraint);
    if (key && key->target != name && refusesTable(key->target))
        return true;
    const QStringList columns = std::visit(
        [](const auto &each) {
            if constexpr (requires { each.columns; })
                return QStringList(each.columns);
            else
                return QStringList();
        },
        constraint);
    return std::ranges::any_of(
        columns, [&](const QString &column) { return refusesColumn(name, column); });
}

bool PgText::hasName(const TableName &name) const
{
    return m_schema
           && (m_schema->tables.contains(name)
               || std::ranges::any_of(m_schema->objects, [&](const NamedObject &object) {
                      return object.name == name && object.kind != NamedObject::Kind::Trigger;
                  }));
}

TableName PgText::found(const TableName &written) const
{
    if (written.schema.isEmpty() && m_path.size() > 1)
        for (const QString &schema : m_path)
            if (hasName({usual(schema), written.name}))
                return {usual(schema), written.name};
    return made(written);
}

TableName PgText::made(const PgNode &rangeVar) const
{
    return made(pgTableName(rangeVar));
}

TableName PgText::found(const PgNode &rangeVar) const
{
    return found(pgTableName(rangeVar));
}

TableName PgText::made(const QStringList &names) const
{
    return made(pgTableName(names));
}

TableName PgText::found(const QStringList &names) const
{
    return found(pgTableName(names));
}

QStringList PgText::lookFirstIn(const QString &schema)
{
    const QStringList before = m_path;
    m_path = QStringList(schema) + (before.isEmpty() ? QStringList(QString()) : before);
    return before;
}

} // namespace tribikos
