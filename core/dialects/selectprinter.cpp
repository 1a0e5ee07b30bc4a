#include "core/dialects/expressionprinter.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

QString pointerKey(const void *pointer)
{
    return u"@"_s + QString::number(quintptr(pointer), 16);
}

bool isSource(const Expr &expr)
{
    switch (expr.kind) {
    case Expr::Kind::TableSource:
    case Expr::Kind::Join:
    case Expr::Kind::Subquery:
    case Expr::Kind::Cte:
    case Expr::Kind::Values:
    case Expr::Kind::TableFunction: return true;
    default: return false;
    }
}

/// The keys of everything that \a item holds, itself included.
void eachKey(const ExprPtr &item, QStringList &keys)
{
    if (!item)
        return;
    keys += sourceKey(item);
    if (item->kind != Expr::Kind::Join)
        return;
    eachKey(item->args.value(0), keys);
    eachKey(item->args.value(1), keys);
}

/// and_(boolean) or not_(boolean): the boolean itself as a condition.
ExprPtr wrappedTruth(const Expr &expr)
{
    const bool isJunction = expr.kind == Expr::Kind::And || expr.kind == Expr::Kind::Or;
    const bool isNot = expr.kind == Expr::Kind::Unary && expr.text == u"NOT";
    return isNot || (isJunction && expr.args.size() == 1) ? expr.args.value(0) : nullptr;
}

bool contains(const QStringList &keys, const ExprPtr &item)
{
    return keys.contains(sourceKey(item));
}

} // namespace

QString sourceKey(const TableRef &table)
{
    if (table.source)
        return sourceKey(table.source);
    return table.alias.isEmpty() ? TableName{table.schema, table.name}.text() : table.alias;
}

QString sourceKey(const ExprPtr &item)
{
    if (item->kind == Expr::Kind::TableSource)
        return item->table ? sourceKey(*item->table) : item->text;
    const bool isNamed = isSource(*item) && !item->text.isEmpty() && item->kind != Expr::Kind::Join;
    return isNamed ? item->text : pointerKey(item.get());
}

void eachSource(const ExprPtr &expr, const std::function<void(const ExprPtr &)> &visit)
{
    if (!expr)
        return;
    if (isSource(*expr)) {
        visit(expr->kind == Expr::Kind::TableSource && expr->table && expr->table->source
                  ? expr->table->source
                  : expr);
        return;
    }
    const bool isNamed = expr->kind == Expr::Kind::Column || expr->kind == Expr::Kind::Star;
    if (isNamed && expr->table) {
        visit(expr->table->source ? expr->table->source
                                  : std::make_shared<const Expr>(
                                      Expr{.kind = Expr::Kind::TableSource, .table = expr->table}));
        return;
    }
    if (isNamed || expr->kind == Expr::Kind::ScalarSubquery || expr->kind == Expr::Kind::Exists
        || expr->statement)
        return;
    for (const ExprPtr &arg : expr->args)
        eachSource(arg, visit);
}

QString ExpressionPrinter::sourceName(const ExprPtr &source)
{
    if (!source->text.isEmpty())
        return m_dialect.ident(source->text);
    const bool hasBase = source->kind == Expr::Kind::TableFunction && !source->schema.isEmpty();
    return nameText({hasBase ? source->schema : u"anon"_s, pointerKey(source.get())});
}

QString ExpressionPrinter::aliasIdent(const TableRef &table)
{
    return m_dialect.ident(table.alias.startsWith(anonymousAliasMark)
                               ? nameText({table.name, table.alias})
                               : table.alias);
}

QString ExpressionPrinter::tableSource(const TableRef &table)
{
    if (table.source)
        return fromItem(table.source);
    const QString name = m_dialect.tableIdent({table.schema, table.name});
    QString made = table.alias.isEmpty() ? name : name + u" AS "_s + aliasIdent(table);
    const Expr::Statement *statement = m_frames.isEmpty() ? nullptr : m_frames.last().statement;
    const QString hint = statement ? statement->hints.value(sourceKey(table)) : QString();
    if (hint.isEmpty() || m_dialect.backend() == Backend::Sqlite)
        return made;
    if (m_dialect.backend() != Backend::PostgreSql)
        return made + u' '
               + QString(hint).replace(u"%(name)s"_s,
                                       table.alias.isEmpty() ? name : aliasIdent(table));
    if (hint.compare(u"ONLY", Qt::CaseInsensitive) != 0)
        m_rendering.fail(u"PostgreSQL knows no hint but ONLY, not %1"_s.arg(hint));
    return u"ONLY "_s + made;
}

QString ExpressionPrinter::join(const Expr &join)
{
    const ExprPtr right = join.args.value(1);
    const bool isNested = right && right->kind == Expr::Kind::Join;
    const QString word = isMySql() && join.text == u"JOIN" ? u"INNER JOIN"_s : join.text;
    QString made = fromItem(join.args.value(0)) + u' ' + word + u' '
                   + (isNested ? u'(' + fromItem(right) + u')' : fromItem(right));
    if (const ExprPtr on = join.args.value(2))
        made += u" ON "_s + condition(on);
    return made;
}

QString ExpressionPrinter::cte(const ExprPtr &item)
{
    const QString name = sourceName(item);
    const QString key = sourceKey(item);
    if (m_knownCtes.contains(key))
        return name;
    m_knownCtes.insert(key);
    m_isRecursive = m_isRecursive || item->flag;
    const ExprPtr inner = item->args.value(0);
    QStringList columns;
    if (item->flag || (inner && inner->kind == Expr::Kind::Values))
        for (const ExprPtr &column : item->args.value(1) ? item->args[1]->args : QList<ExprPtr>())
            columns += m_dialect.ident(column->text);
    const bool wasFrom = std::exchange(m_isFrom, true);
    const bool isValues = inner && inner->kind == Expr::Kind::Values;
    const QString rows = u'(' + (isValues ? u"VALUES "_s + list(inner->args) : print(inner)) + u')';
    m_isFrom = wasFrom;
    const QString hint = item->schema.isEmpty() ? QString() : item->schema + u' ';
    m_ctes += name + (columns.isEmpty() ? QString() : u'(' + columns.join(u", "_s) + u')')
              + u" AS "_s + hint + u'\n' + rows;
    return name;
}

QString ExpressionPrinter::fromItem(const ExprPtr &item)
{
    if (!item)
        return {};
    switch (item->kind) {
    case Expr::Kind::TableSource:
        return item->table ? tableSource(*item->table) : m_dialect.ident(item->text);
    case Expr::Kind::Subquery: {
        const QString name = sourceName(item);
        const bool wasFrom = std::exchange(m_isFrom, true);
        const QString rows = u'(' + print(item->args.value(0)) + u')';
        m_isFrom = wasFrom;
        return (item->flag ? u"LATERAL "_s : QString()) + rows + u" AS "_s + name;
    }
    case Expr::Kind::Values: {
        QStringList columns;
        for (const auto &[name, type] :
             item->table ? item->table->columns : QList<std::pair<QString, SqlTypePtr>>())
            columns += m_dialect.ident(name);
        return u"(VALUES %1) AS %2 (%3)"_s.arg(list(item->args), sourceName(item),
                                               columns.join(u", "_s));
    }
    case Expr::Kind::TableFunction: return tableFunction(*item, sourceName(item));
    case Expr::Kind::Cte: return cte(item);
    case Expr::Kind::Join: return join(*item);
    default: return print(item);
    }
}

QList<ExprPtr> ExpressionPrinter::displayedSources(const Expr::Statement &select, bool isFrom)
{
    QList<ExprPtr> items;
    QStringList keys;
    const auto take = [&](const ExprPtr &item) {
        const QString key = sourceKey(item);
        if (keys.contains(key))
            return;
        keys += key;
        items += item;
    };
    for (const ExprPtr &item : select.from)
        if (item)
            take(item);
    for (const ExprPtr &column : select.columns)
        eachSource(column, take);
    eachSource(select.where, take);
    QStringList hidden;
    for (const ExprPtr &item : items)
        if (item->kind == Expr::Kind::Join) {
            eachKey(item->args.value(0), hidden);
            eachKey(item->args.value(1), hidden);
        }
    items.removeIf([&](const ExprPtr &item) { return contains(hidden, item); });
    return withoutCorrelated(items, select, isFrom);
}

/// Tables of the statement around are that statement's, not this one's.
QList<ExprPtr> ExpressionPrinter::withoutCorrelated(QList<ExprPtr> items,
                                                    const Expr::Statement &select, bool isFrom)
{
    if (m_frames.isEmpty())
        return items;
    QStringList around = m_frames.last().seen;
    if (isFrom)
        for (const QString &key : m_frames.last().own)
            around.removeAll(key);
    const auto isAny = [](const QList<ExprPtr> &given, const ExprPtr &item) {
        return std::ranges::any_of(
            given, [&](const ExprPtr &each) { return sourceKey(each) == sourceKey(item); });
    };
    if (!select.correlated.isEmpty())
        items.removeIf([&](const ExprPtr &item) {
            return contains(around, item) && isAny(select.correlated, item);
        });
    if (select.correlatesExcept)
        items.removeIf([&](const ExprPtr &item) {
            return contains(around, item) && !isAny(select.uncorrelated, item);
        });
    if (select.correlates && !isFrom && items.size() > 1) {
        items.removeIf([&](const ExprPtr &item) { return contains(m_frames.last().own, item); });
        if (items.isEmpty())
            m_rendering.fail(u"A SELECT inside of another one has no table of its own: say with "
                             "correlate() which ones it shares"_s);
    }
    return items;
}

void ExpressionPrinter::enter(const QList<ExprPtr> &sources, const Expr::Statement *statement)
{
    Frame frame{.statement = statement};
    for (const ExprPtr &source : sources)
        eachKey(source, frame.own);
    frame.seen = frame.own + (m_frames.isEmpty() ? QStringList() : m_frames.last().seen);
    m_frames += frame;
}

ExpressionPrinter::ColumnName ExpressionPrinter::plainName(const Expr &column) const
{
    if (column.kind == Expr::Kind::Label && column.text.isEmpty()) {
        const ExprPtr inner = column.args.value(0);
        const QString base = !inner                                ? u"anon"_s
                             : inner->kind == Expr::Kind::Column   ? inner->text
                             : inner->kind == Expr::Kind::Function ? inner->text.section(u'.', -1)
                                                                   : u"anon"_s;
        return {base, pointerKey(&column)};
    }
    if (column.kind == Expr::Kind::Column && column.text.isEmpty() && !column.args.isEmpty())
        return madeName(column.args.first());
    if (column.kind == Expr::Kind::Column || column.kind == Expr::Kind::Label)
        return {column.text, {}};
    return {};
}

QString ExpressionPrinter::identityOf(const ExprPtr &column) const
{
    switch (column->kind) {
    case Expr::Kind::Column:
        return column->flag || !column->table ? pointerKey(column.get())
                                              : sourceKey(*column->table) + u'.' + column->text;
    case Expr::Kind::Null: return u"null"_s;
    case Expr::Kind::True: return u"true"_s;
    case Expr::Kind::False: return u"false"_s;
    default: return pointerKey(column.get());
    }
}

/// The name that the column gets where it has none, or must not keep its own.
ExpressionPrinter::ColumnName ExpressionPrinter::madeName(const ExprPtr &column) const
{
    const bool isWrapper = column->kind == Expr::Kind::Cast || isTruth(wrappedTruth(*column));
    const ExprPtr inner = isWrapper ? column->args.value(0) : nullptr;
    if (inner && inner->kind != Expr::Kind::Text) {
        const ColumnName name = plainName(*inner);
        return name.isEmpty() ? madeName(inner) : name;
    }
    const ColumnName own = plainName(*column);
    const QString base = column->kind == Expr::Kind::Function   ? column->text.section(u'.', -1)
                         : column->kind == Expr::Kind::Sequence ? u"next_value"_s
                         : own.isEmpty()                        ? u"anon"_s
                                                                : own.base;
    return {base, identityOf(column)};
}

/// The name of a column that was selected already.
ExpressionPrinter::ColumnName ExpressionPrinter::repeatedName(const ExprPtr &column,
                                                              int index) const
{
    const bool isWrapper = column->kind == Expr::Kind::Cast || isTruth(wrappedTruth(*column));
    const ColumnName made = madeName(column);
    if (isWrapper && made.identity.isEmpty())
        return {made.base + u'_', identityOf(column)};
    return {made.base + u'_', identityOf(column) + u'#' + QString::number(index)};
}

bool ExpressionPrinter::hasLabel(const Expr &column, ListStyle style) const
{
    const bool isFrom = style == ListStyle::FromSelect;
    switch (column.kind) {
    case Expr::Kind::Column: return isFrom && !column.flag && column.table;
    case Expr::Kind::Text:
    case Expr::Kind::Star: return false;
    case Expr::Kind::And:
    case Expr::Kind::Or:
        if (!isTruth(wrappedTruth(column)))
            return true;
        [[fallthrough]];
    case Expr::Kind::Distinct:
    case Expr::Kind::Unary: {
        const ExprPtr inner = column.args.value(0);
        const bool isTrue =
            isTruth(wrappedTruth(column)) && m_dialect.backend() != Backend::PostgreSql;
        return isTrue || isFrom || !inner || plainName(*inner).isEmpty();
    }
    default: return true;
    }
}

QString ExpressionPrinter::labelled(const ExprPtr &column, const ColumnName &required,
                                    const ColumnName &fallback, ListStyle style)
{
    const bool isLabel = column->kind == Expr::Kind::Label;
    const ColumnName name = isLabel                    ? plainName(*column)
                            : !required.isEmpty()      ? required
                            : hasLabel(*column, style) ? fallback
                                                       : ColumnName();
    const QString label = name.isEmpty() ? QString() : nameText(name);
    const ExprPtr inner = isLabel ? column->args.value(0) : column;
    // A plain boolean in and_() of its own is a condition all the same.
    const QString text = isLabel ? operand(inner, {}, Comma) : print(inner);
    const bool isQuery =
        inner && (inner->kind == Expr::Kind::Select || inner->kind == Expr::Kind::CompoundSelect);
    const QString shown = isQuery && !isLabel ? subquery(inner) : text;
    return name.isEmpty() ? shown : shown + u" AS "_s + m_dialect.ident(label);
}

/// The columns with the names by which SQLAlchemy tells them apart.
QString ExpressionPrinter::selectList(const QList<ExprPtr> &columns, ListStyle style)
{
    QHash<QString, QString> names; // and whose they are
    QStringList parts;
    int repeated = 0;
    const bool wasInColumns = std::exchange(m_inColumns, true);
    for (const ExprPtr &column : columns) {
        if (!column)
            continue;
        ColumnName required;
        const ColumnName own = plainName(*column);
        ColumnName fallback = own.isEmpty() ? madeName(column) : own;
        const bool isNamed = column->kind != Expr::Kind::Text && column->kind != Expr::Kind::Star
                             && style != ListStyle::Scalar;
        if (isNamed && own.isEmpty()) {
            if (names.contains(fallback.key()))
                fallback = repeatedName(column, ++repeated);
            else
                names.insert(fallback.key(), identityOf(column));
        } else if (isNamed && !names.contains(own.key())) {
            names.insert(own.key(), identityOf(column));
        } else if (isNamed) {
            required = names.value(own.key()) == identityOf(column)
                           ? repeatedName(column, ++repeated)
                           : ColumnName{own.base, identityOf(column)};
            if (names.contains(required.key()))
                required = repeatedName(column, ++repeated);
            names.insert(required.key(), identityOf(column));
        }
        parts += labelled(column, required, fallback, style);
    }
    m_inColumns = wasInColumns;
    return parts.join(u", "_s);
}

/// What ORDER BY or GROUP BY names by a text: a label, or a column.
QString ExpressionPrinter::labelReference(const Expr &label)
{
    const Frame *frame = m_frames.isEmpty() ? nullptr : &m_frames.last();
    if (frame && frame->labels.contains(label.text))
        return m_dialect.ident(label.text);
    if (frame && frame->statement && !m_inColumns)
        for (const ExprPtr &column : frame->statement->columns) {
            if (!column || plainName(*column).base != label.text)
                continue;
            return column->kind == Expr::Kind::Label ? m_dialect.ident(label.text) : print(column);
        }
    ExprPtr found;
    const auto look = [&](const ExprPtr &item) {
        const auto *table = item->kind == Expr::Kind::TableSource ? item->table.get() : nullptr;
        if (table && !found)
            for (const auto &[name, type] : table->columns)
                if (name == label.text)
                    found = std::make_shared<const Expr>(Expr{.kind = Expr::Kind::Column,
                                                              .text = name,
                                                              .type = type,
                                                              .table = item->table});
    };
    if (frame && frame->statement) {
        for (const ExprPtr &item : frame->statement->from)
            eachSource(item, look);
        for (const ExprPtr &column : frame->statement->columns)
            eachSource(column, look);
        eachSource(frame->statement->where, look);
    }
    if (found)
        return print(found);
    return frame ? m_rendering.fail(
               u"ORDER BY or GROUP BY names %1, which is no column of the SELECT; "
               "use text() for SQL"_s.arg(label.text))
                 : m_dialect.ident(label.text);
}

QString ExpressionPrinter::rowLimit(const Expr::Statement &select)
{
    if (!select.limit && !select.offset)
        return {};
    // SQLAlchemy forgets that values are to be written here, and so do we in its scripts.
    if (!select.limit && m_dialect.backend() == Backend::Sqlite && m_rendering.context.offline)
        return m_dialect.limit(m_dialect.bindMarker(numbered(u"param"_s), m_rendering.context),
                               print(select.offset));
    return m_dialect.limit(print(select.limit), print(select.offset));
}

QString ExpressionPrinter::select(const Expr &expr, const Expr::Statement &select)
{
    const bool isFrom = std::exchange(m_isFrom, false);
    const bool isScalar = std::exchange(m_isScalar, false);
    const bool showedTables = std::exchange(m_showTables, true);
    const bool wasOperand = m_isOperand;
    const QList<ExprPtr> sources = displayedSources(select, isFrom && !expr.flag);
    enter(sources, &select);
    for (const ExprPtr &each : select.ctes)
        cte(each);
    QString sql = u"SELECT "_s;
    for (const QString &prefix : select.prefixes)
        sql += prefix + u' ';
    if (select.distinct && !select.distinctOn.isEmpty()
        && m_dialect.backend() == Backend::PostgreSql)
        sql += u"DISTINCT ON (%1) "_s.arg(list(select.distinctOn));
    else if (select.distinct)
        sql += u"DISTINCT "_s;
    sql += selectList(select.columns, isFrom     ? ListStyle::FromSelect
                                      : isScalar ? ListStyle::Scalar
                                                 : ListStyle::Select);
    QStringList from;
    for (const ExprPtr &source : sources)
        from += fromItem(source);
    if (!from.isEmpty())
        sql += u" \nFROM "_s + from.join(u", "_s);
    else if (isMySql() && select.where)
        sql += u" FROM DUAL"_s;
    if (const QString where = select.where ? condition(select.where) : QString(); !where.isEmpty())
        sql += u" \nWHERE "_s + where;
    if (!select.groupBy.isEmpty())
        sql += u" GROUP BY "_s + list(select.groupBy);
    if (select.having)
        sql += u" \nHAVING "_s + condition(select.having);
    if (!select.orderBy.isEmpty())
        sql += u" ORDER BY "_s + orderList(select.orderBy, select.columns);
    sql += rowLimit(select) + lock(select);
    if (const QString hint = select.hints.value({}); !hint.isEmpty())
        sql += u' ' + hint;
    for (const QString &suffix : select.suffixes)
        sql += u' ' + suffix;
    m_frames.removeLast();
    m_isOperand = wasOperand;
    m_showTables = showedTables;
    return sql;
}

/// ORDER BY writes a label that the SELECT has by its name.
QString ExpressionPrinter::orderList(const QList<ExprPtr> &items, const QList<ExprPtr> &columns)
{
    QStringList parts;
    for (const ExprPtr &item : items) {
        ExprPtr label = item;
        while (label && label->kind == Expr::Kind::Unary && label->flag)
            label = label->args.value(0);
        const bool isShown = label && label->kind == Expr::Kind::Label && !label->args.isEmpty()
                             && std::ranges::any_of(columns, [&](const ExprPtr &column) {
                                    return column && column->kind == Expr::Kind::Label
                                           && column->text == label->text
                                           && sameExpr(column->args.value(0), label->args.value(0));
                                });
        const Expr *outer = std::exchange(m_shownLabel, isShown ? label.get() : nullptr);
        parts += item && item->kind == Expr::Kind::Select ? subquery(item) : print(item);
        m_shownLabel = outer;
    }
    return parts.join(u", "_s);
}

QString ExpressionPrinter::compound(const Expr &expr)
{
    const bool isFrom = std::exchange(m_isFrom, false);
    m_isScalar = false;
    QStringList parts;
    for (const ExprPtr &part : expr.args) {
        const Expr::Statement *own = part ? part->statement.get() : nullptr;
        const bool isGrouped =
            part
            && (part->kind == Expr::Kind::CompoundSelect
                || (own && (!own->orderBy.isEmpty() || own->limit || own->offset)));
        m_isFrom = isFrom;
        parts += isGrouped ? u'(' + print(part) + u')' : print(part);
    }
    m_isFrom = false;
    QString sql = parts.join(u' ' + expr.text + u' ');
    if (const Expr::Statement *own = expr.statement.get()) {
        Frame frame;
        const ExprPtr first = expr.args.value(0);
        for (const ExprPtr &column :
             first && first->statement ? first->statement->columns : QList<ExprPtr>())
            if (column)
                frame.labels += plainName(*column).base;
        m_frames += frame;
        const bool showedTables = std::exchange(m_showTables, false);
        if (!own->groupBy.isEmpty())
            sql += u" GROUP BY "_s + list(own->groupBy);
        if (!own->orderBy.isEmpty())
            sql += u" ORDER BY "_s + list(own->orderBy);
        sql += rowLimit(*own) + lock(*own);
        m_showTables = showedTables;
        m_frames.removeLast();
        if (own->distinct || own->where || own->having || !own->columns.isEmpty()
            || !own->from.isEmpty() || !own->prefixes.isEmpty())
            m_rendering.fail(
                u"A clause of SELECT doesn't apply to a %1; put it into the parts"_s.arg(
                    expr.text));
    }
    return sql;
}

/// SELECT … FOR UPDATE; SQLite has none, SQLAlchemy leaves it out there.
QString ExpressionPrinter::lock(const Expr::Statement &select)
{
    if (!select.forUpdate || m_dialect.backend() == Backend::Sqlite)
        return {};
    const bool isPostgres = m_dialect.backend() == Backend::PostgreSql;
    const bool isRead = select.lockOptions.contains(u"read");
    const bool isKey = select.lockOptions.contains(u"key_share");
    QString sql = isRead ? u" LOCK IN SHARE MODE"_s : u" FOR UPDATE"_s;
    if (isPostgres)
        sql = isRead  ? (isKey ? u" FOR KEY SHARE"_s : u" FOR SHARE"_s)
              : isKey ? u" FOR NO KEY UPDATE"_s
                      : u" FOR UPDATE"_s;
    QStringList tables;
    for (const ExprPtr &item : select.lockOf)
        eachSource(item, [&](const ExprPtr &source) {
            const TableRef *table = source->table.get();
            const QString name = !table || source->kind != Expr::Kind::TableSource
                                     ? sourceName(source)
                                 : table->alias.isEmpty() ? m_dialect.ident(table->name)
                                                          : aliasIdent(*table);
            if (!tables.contains(name))
                tables += name;
        });
    if (isPostgres && !tables.isEmpty())
        sql += u" OF "_s + tables.join(u", "_s);
    if (select.lockOptions.contains(u"nowait"))
        sql += u" NOWAIT"_s;
    if (select.lockOptions.contains(u"skip_locked"))
        sql += u" SKIP LOCKED"_s;
    return sql;
}

} // namespace tribikos
