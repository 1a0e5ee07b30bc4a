#include "core/plan/tablerebuild.h"

#include "core/ops/columnuse.h"
#include "core/plan/tabledependents.h"

#include <QMap>
#include <QRegularExpression>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

class Rebuilder
{
public:
    explicit Rebuilder(const RebuildRequest &request)
        : m_request(request)
        , m_dialect(request.dialect)
        , m_old(*request.before.table(request.table))
        , m_new(*request.after.table(request.table))
    {}

    Result<QStringList> run();

private:
    bool isSqlite() const { return m_dialect.rebuildsTables(); }
    void followColumns();
    void settleNewTable();
    Status checkDependents(const TableDependents &dependents) const;
    Status dropNamedConstraints();
    Status createTable();
    Result<QString> copyText() const;
    Result<QString> castText(const Column &column, const QString &source) const;
    void keepCounter();
    Status createIndexes();
    QString renamedText(const QString &sql) const;
    QString dropText(const NamedObject &object) const;
    void put(const QString &sql) { m_statements += m_dialect.finished(sql, m_request.context); }

    const RebuildRequest &m_request;
    const Dialect &m_dialect;
    Table m_old;
    Table m_new;
    TableName m_temporary{};
    QMap<QString, QString> m_sources{}; // new column -> old column
    QMap<QString, QList<SqlTypePtr>>
        m_retyped{}; // by new name: each type that it was given, in order
    QStringList m_statements{};
};

Error cannotRebuild(const QString &message)
{
    return {.code = ErrorCode::Unsupported, .message = message};
}

bool isPersistedElsewhere(const Column &column)
{
    return column.computed.has_value(); // generated: the database fills it
}

/// Alembic puts the catalogue's default into parentheses unless it sees a number of one digit, a
/// string or parentheses there.
ExprPtr guardedDefault(const ExprPtr &value)
{
    static const QRegularExpression plain(u"^(?:[0-9.]|'.+'|\\(.+\\))$"_s,
                                          QRegularExpression::DotMatchesEverythingOption);
    if (!value || value->kind != Expr::Kind::Text || value->text.isEmpty()
        || value->text.contains(plain))
        return value;
    Expr guarded = *value;
    guarded.text = u'(' + value->text + u')';
    return std::make_shared<const Expr>(std::move(guarded));
}

/// Which old column each column of the new table takes its values from.
void Rebuilder::followColumns()
{
    for (const Column &column : m_old.columns)
        m_sources.insert(column.name, column.name);
    for (const Operation &operation : m_request.operations) {
        if (const auto *added = operation.as<AddColumn>()) {
            m_sources.remove(added->column.name);
        } else if (const auto *dropped = operation.as<DropColumn>()) {
            m_sources.remove(dropped->column);
        } else if (const auto *alter = operation.as<AlterColumn>()) {
            const QString name = alter->newName.value_or(alter->column);
            if (!m_sources.contains(alter->column))
                continue;
            if (alter->type)
                m_retyped[alter->column] += alter->type;
            if (name == alter->column)
                continue;
            if (m_retyped.contains(alter->column))
                m_retyped.insert(name, m_retyped.take(alter->column));
            const QString source = m_sources.take(alter->column);
            m_sources.insert(name, source);
        }
    }
}

void Rebuilder::settleNewTable()
{
    m_temporary = {m_new.name.schema, rebuildTableName(m_new.name.name)};
    m_new.name = m_temporary;
    if (!isSqlite() || !m_request.isReflected)
        return;
    for (Column &column : m_new.columns) {
        const Column *old = m_old.column(m_sources.value(column.name));
        if (old && sameExpr(old->serverDefault, column.serverDefault))
            column.serverDefault = guardedDefault(column.serverDefault);
    }
}

/// A trigger or view that is made again must still find its columns.
Status Rebuilder::checkDependents(const TableDependents &dependents) const
{
    // A view of unknown text may use this table; a trigger of unknown text could not be made again.
    const auto isForgotten = [this](const NamedObject &object) {
        const bool isOwnTrigger =
            object.kind == NamedObject::Kind::Trigger
            && object.table.compare(m_old.name.name, Qt::CaseInsensitive) == 0;
        return object.definition.isEmpty()
               && (isOwnTrigger || object.kind == NamedObject::Kind::View);
    };
    if (isSqlite())
        for (const NamedObject &object : m_request.before.objects)
            if (isForgotten(object))
                return cannotRebuild(
                    u"The text of %1 is not known any more after a column was renamed, so table %2 "
                    "can't be rebuilt around it; run the revisions up to the rename first, then this one"_s
                        .arg(object.name.name, m_old.name.text()));
    const auto isElsewhere = [this](const NamedObject &object, const QString &column) {
        for (const Table &other : m_request.before.tables)
            if (other.name != m_old.name && other.column(column)
                && mentionsName(object.definition, other.name.name))
                return true;
        return false;
    };
    const QStringList kept = m_sources.values();
    for (const NamedObject &object : dependents.dropped + dependents.ownTriggers) {
        for (const Column &column : m_old.columns) {
            const bool stays =
                kept.contains(column.name) && m_sources.value(column.name) == column.name;
            if (stays || !mentionsName(object.definition, column.name))
                continue;
            const bool isRenamed = kept.contains(column.name);
            if (isRenamed && !isElsewhere(object, column.name))
                continue;
            return cannotRebuild(
                u"%1 %2 uses column %3, which the change of table %4 %5; drop it before and create it again after"_s
                    .arg(object.kind == NamedObject::Kind::Trigger ? u"Trigger"_s : u"View"_s,
                         object.name.name, column.name, m_old.name.text(),
                         isRenamed ? u"renames"_s : u"drops"_s));
        }
    }
    return done();
}

QString Rebuilder::renamedText(const QString &sql) const
{
    QString text = sql;
    for (auto i = m_sources.cbegin(); i != m_sources.cend(); ++i)
        if (i.key() != i.value())
            text = withColumnRenamed(text, i.value(), i.key());
    return text;
}

QString Rebuilder::dropText(const NamedObject &object) const
{
    const QString word = object.kind == NamedObject::Kind::Trigger ? u"TRIGGER"_s : u"VIEW"_s;
    return u"DROP "_s + word + u' ' + m_dialect.tableIdent(object.name);
}

/// With the types that it needs and with its columns' comments, but without indexes.
Status Rebuilder::createTable()
{
    CreateTable create{.table = m_new};
    create.table.indexes.clear();
    for (Column &column : create.table.columns) {
        const bool isThere = m_request.isReflected || m_retyped.contains(column.name);
        if (!isThere || !column.type || !column.type->createType)
            continue;
        SqlType known = *column.type;
        known.createType = false;
        column.type = std::make_shared<const SqlType>(known);
    }
    return m_dialect.renderInto({.kind = create}, m_request.context, m_statements);
}

/// A server keeps constraint names in one space, so the old ones must go before the new table has
/// them.
Status Rebuilder::dropNamedConstraints()
{
    for (const Constraint &constraint : std::as_const(m_old.constraints)) {
        const Name &name = constraintName(constraint);
        const bool isKept =
            !name.isEmpty() && std::ranges::any_of(m_new.constraints, [&name](const Constraint &c) {
                return constraintName(c).text == name.text;
            });
        if (!isKept)
            continue;
        RenderContext context = m_request.context;
        const Operation drop{.kind = DropConstraint{m_old.name, name, constraintKind(constraint)}};
        if (const Status dropped = m_dialect.renderInto(drop, context, m_statements); !dropped)
            return dropped.error();
    }
    return done();
}

Result<QString> Rebuilder::castText(const Column &column, const QString &source) const
{
    const Column *old = m_old.column(source);
    const QString value = m_dialect.tableIdent(m_old.name) + u'.' + m_dialect.ident(source);
    ExprPtr copied =
        std::make_shared<const Expr>(Expr{.kind = Expr::Kind::Column, .text = value, .flag = true});
    SqlTypePtr type = old ? old->type : SqlTypePtr();
    bool isCast = false;
    const QList<SqlTypePtr> types = m_retyped.value(column.name);
    for (const SqlTypePtr &next : types) {
        // Only between classes of values, and JSON is text already.
        const bool isOther = old && m_dialect.affinity(type) != m_dialect.affinity(next)
                             && !(isSqlite() && m_dialect.affinity(next) == TypeAffinity::Json);
        type = next;
        isCast = isCast || isOther;
        if (isOther)
            copied = std::make_shared<const Expr>(
                Expr{.kind = Expr::Kind::Cast, .args = {copied}, .type = next});
    }
    if (!isCast)
        return value;
    const Result<QString> text = m_dialect.expression(copied, m_request.context);
    if (!text)
        return text.error();
    return *text + u" AS "_s + m_dialect.ident(source);
}

Result<QString> Rebuilder::copyText() const
{
    QStringList columns;
    QStringList values;
    for (const Column &column : m_new.columns) {
        const QString source = m_sources.value(column.name);
        if (source.isEmpty() || isPersistedElsewhere(column))
            continue;
        const Result<QString> value = castText(column, source);
        if (!value)
            return value.error();
        columns += m_dialect.ident(column.name);
        values += *value;
    }
    if (columns.isEmpty())
        return cannotRebuild(
            u"No column of table %1 stays, so its rows can't be kept; drop and create the table "
            "instead"_s.arg(m_old.name.text()));
    const bool hasConflictClause =
        std::ranges::any_of(m_new.columns, [](const Column &c) { return !c.onConflict.isEmpty(); })
        || std::ranges::any_of(m_new.constraints, [](const Constraint &c) {
               const auto *key = std::get_if<PrimaryKey>(&c);
               const auto *unique = std::get_if<UniqueConstraint>(&c);
               return (key && !key->onConflict.isEmpty())
                      || (unique && !unique->onConflict.isEmpty());
           });
    return (hasConflictClause ? u"INSERT OR ABORT INTO "_s : u"INSERT INTO "_s)
           + m_dialect.tableIdent(m_temporary) + u" ("_s + columns.join(u", "_s) + u") SELECT "_s
           + values.join(u", "_s) + u" \nFROM "_s + m_dialect.tableIdent(m_old.name);
}

/// AUTOINCREMENT must not hand out the number of a deleted row again.
void Rebuilder::keepCounter()
{
    const auto counts = [](const Table &table) {
        const auto found = table.options.constFind(u"sqlite_autoincrement"_s);
        return found != table.options.cend() && std::holds_alternative<bool>(*found)
               && std::get<bool>(*found);
    };
    const bool isAlembics = m_request.context.offline && !m_request.isReflected;
    if (!isSqlite() || isAlembics || !counts(m_old) || !counts(m_new))
        return;
    const auto literal = [](const QString &name) {
        return u'\'' + QString(name).replace(u'\'', "''"_L1) + u'\'';
    };
    const QString sequence =
        (m_old.name.schema.isEmpty() ? QString() : m_dialect.ident(m_old.name.schema) + u'.')
        + u"sqlite_sequence"_s;
    put(u"DELETE FROM "_s + sequence + u" WHERE name = "_s + literal(m_temporary.name));
    put(u"INSERT INTO "_s + sequence + u" (name, seq) SELECT "_s + literal(m_temporary.name)
        + u", seq FROM "_s + sequence + u" WHERE name = "_s + literal(m_old.name.name));
}

Status Rebuilder::createIndexes()
{
    for (const Index &index : std::as_const(m_new.indexes)) {
        if (!index.sql.isEmpty()) {
            put(index.sql);
            continue;
        }
        RenderContext context = m_request.context;
        const Operation create{.kind = CreateIndex{.table = m_old.name, .index = index}};
        if (const Status created = m_dialect.renderInto(create, context, m_statements); !created)
            return created.error();
    }
    return done();
}

Result<QStringList> Rebuilder::run()
{
    followColumns();
    settleNewTable();
    const TableDependents dependents =
        isSqlite() ? dependentsOf(m_request.before, m_old.name) : TableDependents{};
    if (const Status kept = checkDependents(dependents); !kept)
        return kept.error();
    if (m_dialect.freesNamesBeforeRebuild())
        if (const Status dropped = dropNamedConstraints(); !dropped)
            return dropped.error();
    for (auto object = dependents.dropped.crbegin(); object != dependents.dropped.crend(); ++object)
        put(dropText(*object));
    if (const Status made = createTable(); !made)
        return made.error();
    const Result<QString> copy = copyText();
    if (!copy)
        return copy.error();
    put(*copy);
    keepCounter();
    put(u"DROP TABLE "_s + m_dialect.tableIdent(m_old.name));
    RenderContext context = m_request.context;
    const Operation rename{.kind = RenameTable{m_temporary, m_old.name.name}};
    if (const Status renamed = m_dialect.renderInto(rename, context, m_statements); !renamed)
        return renamed.error();
    if (const Status indexed = createIndexes(); !indexed)
        return indexed.error();
    for (const NamedObject &object : dependents.ownTriggers + dependents.dropped)
        put(renamedText(object.definition));
    return m_statements;
}

} // namespace

QString rebuildTableName(const QString &table)
{
    return (u"_alembic_tmp_"_s + table).left(50);
}

Result<QStringList> rebuildTable(const RebuildRequest &request)
{
    if (!request.before.table(request.table) || !request.after.table(request.table))
        return cannotRebuild(
            u"Table %1 is not known, so it can't be rebuilt"_s.arg(request.table.text()));
    return Rebuilder(request).run();
}

} // namespace tribikos
