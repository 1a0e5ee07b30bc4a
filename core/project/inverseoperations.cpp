#include "core/project/inverseoperations.h"

#include "core/base/sqlhead.h"
#include "core/base/text.h"

#include <QRegularExpression>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

Operation made(Operation::Kind kind, const Operation &cause)
{
    return {.kind = std::move(kind), .span = cause.span};
}

const Index *indexNamed(const Table &table, const QString &name)
{
    const auto found = std::ranges::find_if(
        table.indexes, [&](const Index &index) { return index.name.text == name; });
    return found == table.indexes.cend() ? nullptr : &*found;
}

QStringList columnsOf(const Constraint &constraint)
{
    if (const auto *key = std::get_if<PrimaryKey>(&constraint))
        return key->columns;
    if (const auto *unique = std::get_if<UniqueConstraint>(&constraint))
        return unique->columns;
    if (const auto *foreign = std::get_if<ForeignKey>(&constraint))
        return foreign->columns;
    return {};
}

bool isLike(const Constraint &a, const Constraint &b)
{
    const auto *left = std::get_if<ForeignKey>(&a);
    const auto *right = std::get_if<ForeignKey>(&b);
    return constraintKind(a) == constraintKind(b) && columnsOf(a) == columnsOf(b)
           && (!left || !right || left->target.name == right->target.name);
}

/// The change of a column that makes of \a from what \a to is.
AlterColumn columnChange(const TableName &table, const Column &from, const Column &to)
{
    AlterColumn change{.table = table, .column = from.name};
    const auto defaultOf = [](const Column &column) {
        return DefaultChange{.expression = column.serverDefault,
                             .identity = column.identity,
                             .computed = column.computed};
    };
    if (!sameType(from.type, to.type))
        change.type = to.type;
    if (from.isNullable() != to.isNullable())
        change.nullable = to.isNullable();
    if (!(defaultOf(from) == defaultOf(to)))
        change.serverDefault = defaultOf(to);
    if (from.comment != to.comment) {
        change.comment = to.hasComment ? std::optional(to.comment) : std::nullopt;
        change.clearComment = !to.hasComment;
    }
    if (from.name != to.name)
        change.newName = to.name;
    const bool counts = from.autoincrement == AutoIncrement::Yes;
    if (from.autoincrement != to.autoincrement)
        change.autoincrement = to.autoincrement == AutoIncrement::Yes;
    if (counts)
        change.existingAutoincrement = true;
    change.existingType = from.type;
    change.existingNullable = from.isNullable();
    change.existingServerDefault = defaultOf(from);
    if (from.hasComment)
        change.existingComment = from.comment;
    return change;
}

/// What was added to a table goes, its indexes and constraints before the columns; what went comes back.
class TableInverse
{
public:
    TableInverse(const Operation &cause, const Table &before, const Table &after)
        : m_cause(cause)
        , m_before(before)
        , m_after(after)
    {}

    Operations operations()
    {
        dropConstraints();
        dropIndexes();
        for (const Column &column : m_after.columns)
            if (!m_before.column(column.name))
                add(DropColumn{.table = m_after.name, .column = column.name});
        for (const Column &column : m_after.columns) {
            const Column *was = m_before.column(column.name);
            if (was && !(*was == column))
                add(columnChange(m_after.name, column, *was));
        }
        for (const Index &index : m_before.indexes)
            if (!indexNamed(m_after, index.name.text))
                add(CreateIndex{.table = m_after.name, .index = index});
        for (const Constraint &constraint : m_before.constraints)
            if (!m_after.constraints.contains(constraint))
                add(AddConstraint{.table = m_after.name, .constraint = constraint});
        if (m_before.comment != m_after.comment || m_before.hasComment != m_after.hasComment)
            add(SetTableComment{.table = m_after.name,
                                .comment = m_before.hasComment ? std::optional(m_before.comment)
                                                               : std::nullopt,
                                .isDrop = !m_before.hasComment});
        return m_made;
    }

private:
    void add(Operation::Kind kind) { m_made.append(made(std::move(kind), m_cause)); }
    void dropConstraints()
    {
        for (const Constraint &constraint : m_after.constraints)
            if (!m_before.constraints.contains(constraint))
                add(DropConstraint{.table = m_after.name,
                                   .name = constraintName(constraint),
                                   .kind = constraintKind(constraint)});
    }
    void dropIndexes()
    {
        for (const Index &index : m_after.indexes)
            if (!indexNamed(m_before, index.name.text))
                add(DropIndex{.name = index.name, .table = m_after.name});
    }

    const Operation &m_cause;
    const Table &m_before;
    const Table &m_after;
    Operations m_made{};
};

} // namespace

Operations flattened(const Operations &operations)
{
    Operations flat;
    for (const Operation &operation : operations) {
        if (const auto *batch = operation.as<BatchAlterTable>())
            flat += batch->operations;
        else
            flat.append(operation);
    }
    return flat;
}

void nameConstraints(Schema &schema, const Schema &now)
{
    for (Table &table : schema.tables) {
        const Table *there = now.table(table.name);
        for (Constraint &constraint : table.constraints) {
            if (std::holds_alternative<PrimaryKey>(constraint)
                || !constraintName(constraint).isEmpty() || columnsOf(constraint).isEmpty())
                continue;
            QString name = u"(%1 of %2)"_s.arg(constraintKind(constraint),
                                               columnsOf(constraint).join(u", "_s));
            for (const Constraint &one : there ? there->constraints : QList<Constraint>())
                if (isLike(one, constraint))
                    name = constraintName(one).text;
            std::visit([&](auto &named) { named.name.text = name; }, constraint);
        }
    }
}

Operations inverseOf(const Operation &operation, const Schema &before, const Schema &after)
{
    if (const auto *rename = operation.as<RenameTable>())
        return {made(RenameTable{.table = {rename->table.schema, rename->newName},
                                 .newName = rename->table.name},
                     operation)};
    if (const auto *alter = operation.as<AlterColumn>(); alter && alter->newName) {
        const Table *was = before.table(alter->table);
        const Table *is = after.table(alter->table);
        const Column *from = is ? is->column(*alter->newName) : nullptr;
        const Column *to = was ? was->column(alter->column) : nullptr;
        if (from && to)
            return {made(columnChange(alter->table, *from, *to), operation)};
    }
    Operations inverse;
    for (auto table = after.tables.cbegin(); table != after.tables.cend(); ++table) {
        const Table *was = before.table(table.key());
        if (!was)
            inverse.append(made(DropTable{.table = table.key()}, operation));
        else if (!(*was == *table))
            inverse += TableInverse(operation, *was, *table).operations();
    }
    return inverse;
}

std::optional<bool> isDoneIn(const Operation &operation, const Schema &schema)
{
    const auto tableOf = [&](const TableName &name) {
        const Table *table = schema.table(name);
        return table ? *table : Table();
    };
    const auto hasConstraint = [&](const TableName &table, const auto &isIt) {
        return std::ranges::any_of(tableOf(table).constraints, isIt);
    };
    if (const auto *create = operation.as<CreateTable>())
        return schema.table(create->table.name) != nullptr;
    if (const auto *drop = operation.as<DropTable>())
        return !schema.table(drop->table);
    if (const auto *rename = operation.as<RenameTable>())
        return !schema.table(rename->table);
    if (const auto *add = operation.as<AddColumn>())
        return tableOf(add->table).column(add->column.name) != nullptr;
    if (const auto *drop = operation.as<DropColumn>())
        return !tableOf(drop->table).column(drop->column);
    if (const auto *alter = operation.as<AlterColumn>(); alter && alter->newName)
        return !tableOf(alter->table).column(alter->column);
    if (const auto *create = operation.as<CreateIndex>())
        return indexNamed(tableOf(create->table), create->index.name.text) != nullptr;
    if (const auto *drop = operation.as<DropIndex>(); drop && drop->table)
        return !indexNamed(tableOf(*drop->table), drop->name.text);
    if (const auto *add = operation.as<AddConstraint>()) {
        const Constraint &wanted = add->constraint;
        return hasConstraint(add->table, [&](const Constraint &one) {
            return constraintName(wanted).isEmpty()
                       ? constraintKind(one) == constraintKind(wanted)
                             && columnsOf(one) == columnsOf(wanted)
                       : constraintName(one).text == constraintName(wanted).text;
        });
    }
    if (const auto *drop = operation.as<DropConstraint>())
        return !hasConstraint(drop->table, [&](const Constraint &one) {
            return constraintName(one).text == drop->name.text;
        });
    return std::nullopt;
}

bool changesRows(const Operation &operation, const QString &sql)
{
    static const QStringList words{u"INSERT"_s, u"REPLACE"_s,  u"UPDATE"_s, u"DELETE"_s,
                                   u"MERGE"_s,  u"LOAD"_s,     u"CALL"_s,   u"WITH"_s,
                                   u"DO"_s,     u"TRUNCATE"_s, u"COPY"_s};
    return operation.as<BulkInsert>() || operation.as<ExecuteMany>()
           || words.contains(leadingKeyword(sql));
}

namespace {

/// The table whose rows an INSERT, UPDATE or DELETE of one table changes; empty: it can't be told.
TableName changedTable(const QString &sql)
{
    static const QRegularExpression change(
        u"^(?:(?:INSERT|REPLACE)\\s+(?:(?:LOW_PRIORITY|HIGH_PRIORITY|DELAYED|IGNORE)\\s+)*(?:"
        u"INTO\\s+)?"
        "|DELETE\\s+(?:(?:LOW_PRIORITY|QUICK|IGNORE)\\s+)*FROM\\s+"
        "|UPDATE\\s+(?:(?:LOW_PRIORITY|IGNORE|ONLY)\\s+)*)"
        "(?:([`\"]?)([\\w$]+)\\1\\.)?([`\"]?)([\\w$]+)\\3(?:\\s*\\(|\\s+(SET|VALUES?|SELECT|WHERE|DEFAULT)\\b|$)"_s,
        QRegularExpression::CaseInsensitiveOption);
    const auto match = change.match(withoutPadding(sql));
    return match.hasMatch() ? TableName{match.captured(2), match.captured(4)} : TableName();
}

/// The columns that an UPDATE sets, one after the other; empty: they can't be told.
QStringList setColumns(const QString &sql)
{
    static const QRegularExpression head(u"^UPDATE\\s.*?\\bSET\\s+"_s,
                                         QRegularExpression::CaseInsensitiveOption
                                             | QRegularExpression::DotMatchesEverythingOption);
    static const QRegularExpression target(
        u"^\\s*(?:[`\"]?[\\w$]+[`\"]?\\.)?[`\"]?([\\w$]+)[`\"]?\\s*=(?!=)"_s);
    const QString text = withoutPadding(sql);
    const auto start = head.match(text);
    if (!start.hasMatch())
        return {};
    QStringList columns;
    int depth = 0;
    QChar quote;
    qsizetype from = start.capturedEnd();
    const auto take = [&](qsizetype to) {
        const auto match = target.match(text.mid(from, to - from));
        columns.append(match.hasMatch() ? match.captured(1) : QString());
        from = to + 1;
    };
    qsizetype at = from;
    for (; at < text.size(); ++at) {
        const QChar c = text.at(at);
        if (!quote.isNull())
            quote = c == quote ? QChar() : quote;
        else if (c == u'\'' || c == u'"' || c == u'`')
            quote = c;
        else if (c == u'(' || c == u')')
            depth += c == u'(' ? 1 : -1;
        else if (depth == 0 && c == u',')
            take(at);
        else if (depth == 0 && text.mid(at, 5).compare(u"WHERE"_s, Qt::CaseInsensitive) == 0)
            break;
    }
    take(at);
    return columns.contains(QString()) ? QStringList() : columns;
}

bool hasTrigger(const Schema &schema)
{
    return std::ranges::any_of(schema.objects, [](const NamedObject &object) {
        return object.kind == NamedObject::Kind::Trigger;
    });
}

} // namespace

bool goesWithTables(const Operation &operation, const QString &sql, const Schema &start,
                    const Schema &before)
{
    if (hasTrigger(before)) // it may have written anywhere
        return false;
    TableName name = changedTable(sql);
    if (const auto *insert = operation.as<BulkInsert>())
        name = {insert->table.schema, insert->table.name};
    const Table *met = before.table(name);
    if (name.name.isEmpty() || !met)
        return false;
    const Table *was = start.table(name);
    if (!was)
        return true;
    const QStringList set = setColumns(sql);
    return !set.isEmpty() && std::ranges::all_of(set, [&](const QString &column) {
        return met->column(column) && !was->column(column);
    });
}

bool changesStorage(const QString &sql)
{
    static const QRegularExpression clause(
        u"\\b(?:(?:ENGINE|ROW_FORMAT|PARTITION(?:S|ING)?|TABLESPACE|CONVERT\\s+TO|KEY_BLOCK_SIZE|"
        "DEFAULT\\s+(?:CHARACTER\\s+SET|CHARSET|COLLATE))\\b|AUTO_INCREMENT\\s*=)"_s,
        QRegularExpression::CaseInsensitiveOption);
    return leadingKeyword(sql) == u"ALTER" && clause.match(sql).hasMatch();
}

QString lostBy(const Schema &before, const Schema &after)
{
    QStringList lost;
    for (auto table = before.tables.cbegin(); table != before.tables.cend(); ++table) {
        const Table *now = after.table(table.key());
        if (!now) {
            lost.append(u"table "_s + visibleText(table.key().text(), false));
            continue;
        }
        for (const Column &column : table->columns)
            if (!now->column(column.name))
                lost.append(u"column "_s
                            + visibleText(table.key().text() + u'.' + column.name, false));
    }
    return lost.join(u" and "_s);
}

bool hasNewOpaqueTable(const Schema &before, const Schema &after)
{
    return std::ranges::any_of(after.tables, [&](const Table &table) {
        const Table *was = before.table(table.name);
        return table.isOpaque && !(was && was->isOpaque);
    });
}

} // namespace tribikos
