#include "core/dialects/expressionprinter.h"

using namespace Qt::StringLiterals;

namespace tribikos {

QString ExpressionPrinter::insertRows(const Expr::Statement &insert)
{
    const auto row = [&](const QList<ExprPtr> &values) -> QString {
        QStringList parts;
        for (qsizetype i = 0; i < values.size(); ++i) {
            m_bindName = insert.insertColumns.value(i);
            m_isBindNumbered = false;
            const ExprPtr &value = values[i];
            parts += value ? assigned(value) : placeholder(insert, m_bindName);
        }
        m_bindName.clear();
        return u'(' + parts.join(u", "_s) + u')';
    };
    QStringList rows;
    for (const QList<ExprPtr> &values : insert.rows)
        rows += row(values);
    return rows.join(u", "_s);
}

/// What stands for a value that isn't there.
QString ExpressionPrinter::placeholder(const Expr::Statement &insert, const QString &column)
{
    SqlTypePtr type;
    for (const auto &[name, known] : insert.table->columns)
        if (name == column)
            type = known;
    return m_dialect.bindMarker(column, m_rendering.context)
           + m_dialect.bindCast(type, m_rendering);
}

QString ExpressionPrinter::assigned(const ExprPtr &value)
{
    return value && value->kind == Expr::Kind::Select ? subquery(value) : printGrouped(value);
}

QString ExpressionPrinter::insert(const Expr::Statement &insert)
{
    if (!insert.table)
        return m_rendering.fail(u"An INSERT names no table"_s);
    const bool showedTables = std::exchange(m_showTables, true);
    m_isFrom = false;
    m_frames += Frame{};
    QString sql = u"INSERT "_s;
    for (const QString &prefix : insert.prefixes)
        sql += prefix + u' ';
    sql += u"INTO "_s + m_dialect.tableIdent({insert.table->schema, insert.table->name});
    const bool isEmpty =
        insert.defaultValues || (insert.insertColumns.isEmpty() && !insert.fromSelect);
    if (isEmpty)
        sql += m_dialect.emptyRow();
    else
        sql += u" ("_s + m_dialect.identList(insert.insertColumns) + u')';
    if (insert.fromSelect) {
        const QString rows = print(insert.fromSelect);
        sql += u' ' + (isMySql() ? withCtes(rows) : rows);
    }
    if (!insert.fromSelect && !isEmpty)
        sql += u" VALUES "_s + insertRows(insert);
    sql += conflict(insert) + returning(insert);
    m_frames.removeLast();
    m_showTables = showedTables;
    return sql;
}

/// MySQL's ON DUPLICATE KEY UPDATE; SQLAlchemy forgets there that values are to be written.
QString ExpressionPrinter::duplicates(const Expr::Statement &insert)
{
    if (!isMySql())
        return m_rendering.fail(
            u"%1 has no ON DUPLICATE KEY UPDATE: use on_conflict_do_update() of its "
            "own insert()"_s.arg(backendTitle(m_dialect.backend())));
    QStringList parts;
    const bool literalBinds = std::exchange(
        m_rendering.literalBinds, m_rendering.literalBinds && !m_rendering.context.offline);
    for (const auto &[column, value] : insert.assignments) {
        m_bindName.clear();
        m_isBindNumbered = true;
        const bool showedSchemas = std::exchange(m_showSchemas, false);
        const bool wasInConflict = std::exchange(m_inConflict, true);
        parts += m_dialect.ident(column) + u" = "_s + assigned(value);
        m_inConflict = wasInConflict;
        m_showSchemas = showedSchemas;
    }
    m_rendering.literalBinds = literalBinds;
    return u" ON DUPLICATE KEY UPDATE "_s + parts.join(u", "_s);
}

QString ExpressionPrinter::conflict(const Expr::Statement &insert)
{
    if (insert.onConflict.isEmpty())
        return {};
    if (insert.onConflict == u"duplicate")
        return duplicates(insert);
    if (isMySql())
        return m_rendering.fail(
            u"MySQL has no ON CONFLICT: use on_duplicate_key_update() of its own insert()"_s);
    QString target;
    const bool isLite =
        m_dialect.backend() == Backend::Sqlite; // which knows no constraint's name here
    if (isLite && !insert.conflictConstraint.isEmpty())
        target = insert.onConflict == u"update" ? u" "_s : QString();
    else if (!insert.conflictConstraint.isEmpty())
        target = u" ON CONSTRAINT "_s + m_dialect.ident(insert.conflictConstraint);
    else if (!insert.conflictColumns.isEmpty())
        target = u" ("_s + m_dialect.identList(insert.conflictColumns) + u')';
    if (insert.conflictIndexWhere) {
        const bool showedTables = std::exchange(m_showTables, false);
        target += u" WHERE "_s + print(insert.conflictIndexWhere);
        m_showTables = showedTables;
    }
    m_inConflict = true;
    m_showSchemas = false;
    QString set = insert.onConflict == u"update" ? assignments(insert, u" = "_s) : QString();
    if (insert.conflictWhere)
        set += u" WHERE "_s + print(insert.conflictWhere);
    m_showSchemas = true;
    m_inConflict = false;
    return m_dialect.conflictClause(target, set);
}

QString ExpressionPrinter::assignments(const Expr::Statement &statement, const QString &equals,
                                       const QString &owner)
{
    QStringList parts;
    for (const auto &[column, value] : statement.assignments) {
        m_bindName = column;
        m_isBindNumbered = false;
        parts += owner + m_dialect.ident(column) + equals + assigned(value);
    }
    m_bindName.clear();
    return parts.join(u", "_s);
}

/// Tables beside the target: those of the condition, then those of the values.
QList<ExprPtr> ExpressionPrinter::extraTables(const Expr::Statement &statement)
{
    QList<ExprPtr> sources;
    QStringList keys{sourceKey(*statement.table)};
    const auto visit = [&](const ExprPtr &source) {
        if (keys.contains(sourceKey(source)))
            return;
        keys += sourceKey(source);
        sources += source;
    };
    for (const ExprPtr &item : statement.from)
        eachSource(item, visit);
    eachSource(statement.where, visit);
    for (const auto &[column, value] : statement.assignments)
        eachSource(value, visit);
    return sources;
}

QString ExpressionPrinter::update(const Expr::Statement &update)
{
    if (!update.table)
        return m_rendering.fail(u"An UPDATE names no table"_s);
    const bool showedTables = std::exchange(m_showTables, true);
    m_isFrom = false;
    const QList<ExprPtr> others = extraTables(update);
    const ExprPtr target =
        std::make_shared<const Expr>(Expr{.kind = Expr::Kind::TableSource, .table = update.table});
    enter(QList<ExprPtr>{target} + others, &update);
    QString sql = u"UPDATE "_s;
    for (const QString &prefix : update.prefixes)
        sql += prefix + u' ';
    QStringList tables;
    for (const ExprPtr &other : others)
        tables += fromItem(other);
    const bool isJoin = isMySql() && !tables.isEmpty();
    sql += tableSource(*update.table) + (isJoin ? u", "_s + tables.join(u", "_s) : QString());
    const QString owner = isJoin ? m_dialect.ident(update.table->name) + u'.' : QString();
    sql += u" SET "_s + assignments(update, u"="_s, owner);
    if (!isJoin && !tables.isEmpty())
        sql += u" FROM "_s + tables.join(u", "_s);
    if (const QString where = update.where ? condition(update.where) : QString(); !where.isEmpty())
        sql += u" WHERE "_s + where;
    if (isMySql() && update.rowLimit >= 0)
        sql += u" LIMIT %1"_s.arg(update.rowLimit);
    sql += returning(update);
    m_frames.removeLast();
    m_showTables = showedTables;
    return sql;
}

QString ExpressionPrinter::remove(const Expr::Statement &remove)
{
    if (!remove.table)
        return m_rendering.fail(u"A DELETE names no table"_s);
    const bool showedTables = std::exchange(m_showTables, true);
    m_isFrom = false;
    const QList<ExprPtr> others = extraTables(remove);
    const ExprPtr target =
        std::make_shared<const Expr>(Expr{.kind = Expr::Kind::TableSource, .table = remove.table});
    enter(QList<ExprPtr>{target} + others, &remove);
    QString sql = u"DELETE "_s;
    for (const QString &prefix : remove.prefixes)
        sql += prefix + u' ';
    const QString own = tableSource(*remove.table);
    sql += u"FROM "_s + own;
    QStringList tables;
    for (const ExprPtr &other : others)
        tables += fromItem(other);
    if (!tables.isEmpty() && m_dialect.backend() == Backend::Sqlite)
        m_rendering.fail(u"SQLite can't DELETE with the rows of another table; use a subquery"_s);
    if (!tables.isEmpty())
        sql += u" USING "_s + (isMySql() ? own + u", "_s : QString()) + tables.join(u", "_s);
    if (const QString where = remove.where ? condition(remove.where) : QString(); !where.isEmpty())
        sql += u" WHERE "_s + where;
    if (isMySql() && remove.rowLimit >= 0)
        sql += u" LIMIT %1"_s.arg(remove.rowLimit);
    sql += returning(remove);
    m_frames.removeLast();
    m_showTables = showedTables;
    return sql;
}

QString ExpressionPrinter::returning(const Expr::Statement &statement)
{
    if (statement.returning.isEmpty())
        return {};
    // SQLAlchemy forgets here that values are to be written, and names no tables on SQLite.
    const bool literalBinds = std::exchange(
        m_rendering.literalBinds, m_rendering.literalBinds && !m_rendering.context.offline);
    const bool showedTables = std::exchange(m_showTables, m_dialect.backend() != Backend::Sqlite);
    const QString columns = selectList(statement.returning, ListStyle::Returning);
    m_showTables = showedTables;
    m_rendering.literalBinds = literalBinds;
    return u" RETURNING "_s + columns;
}

} // namespace tribikos
