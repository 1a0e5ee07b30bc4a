#include "core/dialects/expressionprinter.h"

#include <functional>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

QString subqueryKey(const ExprPtr &subquery)
{
    return subquery->text.isEmpty() ? u"anonymous "_s + QString::number(quintptr(subquery.get()))
                                    : subquery->text;
}

/// What tells one FROM from another.
QString sourceKey(const TableRef &table)
{
    if (table.source)
        return subqueryKey(table.source);
    return table.alias.isEmpty() ? TableName{table.schema, table.name}.text() : table.alias;
}

void eachTable(const ExprPtr &expr, const std::function<void(const TableRefPtr &)> &visit)
{
    if (!expr)
        return;
    const bool isNamed = expr->kind == Expr::Kind::Column || expr->kind == Expr::Kind::TableSource
                         || expr->kind == Expr::Kind::Star;
    if (isNamed && expr->table)
        visit(expr->table);
    // A nested statement has its own FROM.
    if (expr->kind == Expr::Kind::Subquery || expr->kind == Expr::Kind::Cte)
        return;
    for (const ExprPtr &arg : expr->args)
        eachTable(arg, visit);
}

} // namespace

QString ExpressionPrinter::subqueryName(const ExprPtr &subquery)
{
    if (!subquery->text.isEmpty())
        return m_dialect.ident(subquery->text);
    QString &name = m_anonymous[subquery.get()];
    if (name.isEmpty())
        name = u"anon_"_s + QString::number(++m_labels[u"anon"_s]);
    return name;
}

QString ExpressionPrinter::tableSource(const TableRef &table)
{
    if (table.source)
        return fromItem(table.source);
    const QString name = m_dialect.tableIdent({table.schema, table.name});
    return table.alias.isEmpty() ? name : name + u" AS "_s + m_dialect.ident(table.alias);
}

QString ExpressionPrinter::fromItem(const ExprPtr &item)
{
    if (!item)
        return {};
    switch (item->kind) {
    case Expr::Kind::TableSource:
        return item->table ? tableSource(*item->table) : m_dialect.ident(item->text);
    case Expr::Kind::Subquery: {
        const QString name = subqueryName(item);
        const bool wasFrom = std::exchange(m_isFrom, true);
        const QString made = subquery(item->args.value(0)) + u" AS "_s + name;
        m_isFrom = wasFrom;
        return made;
    }
    case Expr::Kind::Cte: {
        const QString name = subqueryName(item);
        if (!m_knownCtes.contains(item.get())) {
            m_knownCtes.insert(item.get());
            const bool wasFrom = std::exchange(m_isFrom, true);
            const QString made = name + u" AS \n"_s + subquery(item->args.value(0));
            m_isFrom = wasFrom;
            m_ctes += made;
        }
        return name;
    }
    case Expr::Kind::Join: {
        const ExprPtr right = item->args.value(1);
        const bool isNested = right && right->kind == Expr::Kind::Join;
        const bool isMySql =
            m_dialect.backend() == Backend::MySql || m_dialect.backend() == Backend::MariaDb;
        const QString word = isMySql && item->text == u"JOIN" ? u"INNER JOIN"_s : item->text;
        QString made = fromItem(item->args.value(0)) + u' ' + word + u' '
                       + (isNested ? u'(' + fromItem(right) + u')' : fromItem(right));
        if (const ExprPtr on = item->args.value(2))
            made += u" ON "_s + print(on);
        return made;
    }
    default: return print(item);
    }
}

QString ExpressionPrinter::fromList(const Expr::Statement &select)
{
    QStringList keys;
    QStringList sources;
    const auto hide = [&keys](const TableRefPtr &table) { keys += sourceKey(*table); };
    for (const ExprPtr &item : select.from) {
        sources += fromItem(item);
        eachTable(item, hide);
        if (item && (item->kind == Expr::Kind::Subquery || item->kind == Expr::Kind::Cte))
            keys += subqueryKey(item);
    }
    const qsizetype written = sources.size();
    QStringList impliedKeys;
    const auto imply = [&](const TableRefPtr &table) {
        const QString key = sourceKey(*table);
        if (keys.contains(key))
            return;
        keys += key;
        impliedKeys += key;
        sources += tableSource(*table);
    };
    for (const ExprPtr &column : select.columns)
        eachTable(column, imply);
    eachTable(select.where, imply);
    // Tables of the statement around are correlated, unless nothing would be left.
    QStringList kept = sources.first(written);
    for (qsizetype i = 0; i < impliedKeys.size(); ++i)
        if (m_enclosing.isEmpty() || !m_enclosing.last().contains(impliedKeys[i]))
            kept += sources[written + i];
    m_enclosing.append((m_enclosing.isEmpty() ? QStringList{} : m_enclosing.last()) + keys);
    return (kept.isEmpty() ? sources : kept).join(u", "_s);
}

QString ExpressionPrinter::labelOf(const Expr &expr)
{
    const auto numbered = [this](const QString &base) {
        return u" AS "_s + m_dialect.ident(base + u'_' + QString::number(++m_labels[base]));
    };
    switch (expr.kind) {
    case Expr::Kind::Label: return u" AS "_s + m_dialect.ident(expr.text);
    case Expr::Kind::Column:
    case Expr::Kind::Text:
    case Expr::Kind::Star: return {};
    case Expr::Kind::Unary:
        if (!expr.flag)
            return {};
        return numbered(u"anon"_s);
    case Expr::Kind::Cast:
        if (const ExprPtr inner = expr.args.value(0); inner && inner->kind == Expr::Kind::Column)
            return u" AS "_s + m_dialect.ident(inner->text);
        return numbered(u"anon"_s);
    case Expr::Kind::Function: return numbered(expr.text.section(u'.', -1));
    default: return numbered(u"anon"_s);
    }
}

QString ExpressionPrinter::selectList(const QList<ExprPtr> &columns, bool isFrom)
{
    QStringList parts;
    QStringList seen;
    int repeated = 0;
    for (const ExprPtr &column : columns) {
        if (!column)
            continue;
        const ExprPtr inner = column->kind == Expr::Kind::Label ? column->args.value(0) : column;
        const bool isQuery = inner && inner->kind == Expr::Kind::Select;
        const bool isPattern = column->kind == Expr::Kind::Binary && column->flag;
        const QString text = isQuery     ? subquery(inner)
                             : isPattern ? print(inner).sliced(1).chopped(1)
                                         : print(inner);
        const bool isColumn = column->kind == Expr::Kind::Column && column->table && !column->flag;
        const bool isConstant = column->kind == Expr::Kind::Null || column->kind == Expr::Kind::True
                                || column->kind == Expr::Kind::False;
        // SQLAlchemy has one object for each of them, and numbers those that come again.
        if ((isColumn || isConstant) && seen.contains(text))
            parts +=
                u"%1 AS %2__%3"_s.arg(text, isColumn ? column->text : u"anon"_s).arg(++repeated);
        else if (isFrom && isColumn)
            parts += text + u" AS "_s + m_dialect.ident(column->text);
        else
            parts += text + labelOf(*column);
        if (isColumn || isConstant)
            seen += text;
    }
    return parts.join(u", "_s);
}

QString ExpressionPrinter::select(const Expr::Statement &select)
{
    const qsizetype around = m_enclosing.size();
    const bool showedTables = std::exchange(m_showTables, true);
    const bool isFrom = std::exchange(m_isFrom, false);
    const QString from = fromList(select);
    QString sql = u"SELECT "_s;
    for (const QString &prefix : select.prefixes)
        sql += prefix + u' ';
    if (select.distinct && !select.distinctOn.isEmpty()
        && m_dialect.backend() == Backend::PostgreSql)
        sql += u"DISTINCT ON (%1) "_s.arg(list(select.distinctOn));
    else if (select.distinct)
        sql += u"DISTINCT "_s;
    sql += selectList(select.columns, isFrom);
    if (!from.isEmpty())
        sql += u" \nFROM "_s + from;
    if (select.where)
        sql += u" \nWHERE "_s + condition(select.where);
    if (!select.groupBy.isEmpty())
        sql += u" GROUP BY "_s + list(select.groupBy);
    if (select.having)
        sql += u" \nHAVING "_s + condition(select.having);
    if (!select.orderBy.isEmpty())
        sql += u" ORDER BY "_s + list(select.orderBy);
    if (select.limit || select.offset)
        sql += m_dialect.limit(print(select.limit), print(select.offset));
    sql += lock(select);
    m_enclosing.resize(around);
    m_showTables = showedTables;
    return sql;
}

/// SELECT … FOR UPDATE; SQLite has none, SQLAlchemy leaves it out there.
QString ExpressionPrinter::lock(const Expr::Statement &select) const
{
    if (!select.forUpdate || m_dialect.backend() == Backend::Sqlite)
        return {};
    const bool isRead = select.lockOptions.contains(u"read");
    const bool isKey = select.lockOptions.contains(u"key_share");
    QString sql = isRead ? u" LOCK IN SHARE MODE"_s : u" FOR UPDATE"_s;
    if (m_dialect.backend() == Backend::PostgreSql)
        sql = isRead  ? (isKey ? u" FOR KEY SHARE"_s : u" FOR SHARE"_s)
              : isKey ? u" FOR NO KEY UPDATE"_s
                      : u" FOR UPDATE"_s;
    if (select.lockOptions.contains(u"nowait"))
        sql += u" NOWAIT"_s;
    if (select.lockOptions.contains(u"skip_locked"))
        sql += u" SKIP LOCKED"_s;
    return sql;
}

QString ExpressionPrinter::insertRows(const Expr::Statement &insert)
{
    const auto row = [&](const QList<ExprPtr> &values) {
        QStringList parts;
        for (qsizetype i = 0; i < values.size(); ++i) {
            m_bindName = insert.insertColumns.value(i);
            const ExprPtr &value = values[i];
            parts += !value ? m_dialect.bindMarker(m_bindName, m_rendering.context)
                     : value->kind == Expr::Kind::Select ? subquery(value)
                                                         : printGrouped(value);
        }
        m_bindName.clear();
        return u'(' + parts.join(u", "_s) + u')';
    };
    QStringList rows;
    for (const QList<ExprPtr> &values : insert.rows)
        rows += row(values);
    return rows.join(u", "_s);
}

QString ExpressionPrinter::insert(const Expr::Statement &insert)
{
    if (!insert.table)
        return m_rendering.fail(u"An INSERT names no table"_s);
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
        const bool isMySql =
            m_dialect.backend() == Backend::MySql || m_dialect.backend() == Backend::MariaDb;
        sql += u' ' + (isMySql ? withCtes(rows) : rows);
    }
    if (!insert.fromSelect && !isEmpty)
        sql += u" VALUES "_s + insertRows(insert);
    return sql + conflict(insert) + returning(insert);
}

QString ExpressionPrinter::conflict(const Expr::Statement &insert)
{
    if (insert.onConflict.isEmpty())
        return {};
    if (m_dialect.backend() == Backend::MySql || m_dialect.backend() == Backend::MariaDb)
        return m_rendering.fail(u"MySQL has no ON CONFLICT: use on_duplicate_key_update() of its own insert()"_s);
    QString target;
    if (!insert.conflictConstraint.isEmpty())
        target = u" ON CONSTRAINT "_s + m_dialect.ident(insert.conflictConstraint);
    else if (!insert.conflictColumns.isEmpty())
        target = u" ("_s + m_dialect.identList(insert.conflictColumns) + u')';
    m_inConflict = true;
    const QString set = insert.onConflict == u"update" ? assignments(insert, u" = "_s) : QString();
    m_inConflict = false;
    return m_dialect.conflictClause(target, set);
}

QString ExpressionPrinter::assignments(const Expr::Statement &statement, const QString &equals,
                                       const QString &owner)
{
    QStringList parts;
    for (const auto &[column, value] : statement.assignments) {
        m_bindName = column;
        parts +=
            owner + m_dialect.ident(column) + equals
            + (value && value->kind == Expr::Kind::Select                  ? subquery(value)
               : value && value->kind == Expr::Kind::Unary && !value->flag ? print(value)
                                                                           : printGrouped(value));
    }
    m_bindName.clear();
    return parts.join(u", "_s);
}

/// Tables beside the target; \a keys, the target's at first, gets theirs.
QString ExpressionPrinter::extraTables(const Expr::Statement &statement, QStringList &keys)
{
    QStringList sources;
    const auto visit = [&](const TableRefPtr &table) {
        if (!keys.contains(sourceKey(*table))) {
            keys += sourceKey(*table);
            sources += tableSource(*table);
        }
    };
    for (const ExprPtr &item : statement.from)
        eachTable(item, visit);
    eachTable(statement.where, visit);
    return sources.join(u", "_s);
}

QString ExpressionPrinter::update(const Expr::Statement &update)
{
    if (!update.table)
        return m_rendering.fail(u"An UPDATE names no table"_s);
    const bool showedTables = std::exchange(m_showTables, true);
    QStringList keys{sourceKey(*update.table)};
    QString sql = u"UPDATE "_s;
    for (const QString &prefix : update.prefixes)
        sql += prefix + u' ';
    const QString others = extraTables(update, keys);
    m_enclosing.append(keys);
    const bool isJoin =
        m_dialect.backend() == Backend::MySql || m_dialect.backend() == Backend::MariaDb;
    sql +=
        tableSource(*update.table) + (isJoin && !others.isEmpty() ? u", "_s + others : QString());
    const QString owner =
        isJoin && !others.isEmpty() ? m_dialect.ident(update.table->name) + u'.' : QString();
    sql += u" SET "_s + assignments(update, u"="_s, owner);
    if (!isJoin && !others.isEmpty())
        sql += u" FROM "_s + others;
    if (update.where)
        sql += u" WHERE "_s + condition(update.where);
    sql += returning(update);
    m_enclosing.removeLast();
    m_showTables = showedTables;
    return sql;
}

QString ExpressionPrinter::remove(const Expr::Statement &remove)
{
    if (!remove.table)
        return m_rendering.fail(u"A DELETE names no table"_s);
    const bool showedTables = std::exchange(m_showTables, true);
    QStringList keys{sourceKey(*remove.table)};
    const QString target = tableSource(*remove.table);
    QString sql = u"DELETE FROM "_s + target;
    const QString others = extraTables(remove, keys);
    m_enclosing.append(keys);
    if (!others.isEmpty() && m_dialect.backend() == Backend::Sqlite)
        m_rendering.fail(u"SQLite can't DELETE with the rows of another table; use a subquery"_s);
    if (!others.isEmpty())
        sql += u" USING "_s
               + (m_dialect.backend() == Backend::PostgreSql ? others : target + u", "_s + others);
    if (remove.where)
        sql += u" WHERE "_s + condition(remove.where);
    sql += returning(remove);
    m_enclosing.removeLast();
    m_showTables = showedTables;
    return sql;
}

QString ExpressionPrinter::returning(const Expr::Statement &statement)
{
    return statement.returning.isEmpty() ? QString()
                                         : u" RETURNING "_s + selectList(statement.returning);
}

} // namespace tribikos
