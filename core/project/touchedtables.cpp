#include "core/project/touchedtables.h"

#include "core/base/sqltokenizer.h"
#include "core/sqlread/rawsql.h"

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

/// Of a stretch of data so much is read: its tables come again and again.
constexpr qsizetype mostStretchBytes = 4 << 20;

QString rawText(const Operation &operation)
{
    if (const auto *execute = operation.as<Execute>())
        return execute->statement && execute->statement->kind == Expr::Kind::Text
                   ? execute->statement->text
                   : QString();
    if (const auto *many = operation.as<ExecuteMany>())
        return QString::fromUtf8(many->stretch->text().first(
            std::min<qsizetype>(many->stretch->text().size(), mostStretchBytes)));
    return {};
}

void addNamed(const QString &sql, Backend backend, const QList<const Schema *> &schemas,
              TouchedTables *touched)
{
    QSet<QString> names;
    for (const SqlToken &token : sqlTokens(sql, backend)) {
        if (token.isName())
            names.insert(token.text.toLower());
    }
    for (const Schema *schema : schemas) {
        for (auto table = schema->tables.cbegin(); table != schema->tables.cend(); ++table) {
            if (names.contains(table.key().name.toLower()))
                (*touched)[table.key().text()];
        }
    }
}

} // namespace

QStringList columnNames(const Operation &operation)
{
    QStringList names;
    if (const auto *made = operation.as<CreateTable>()) {
        for (const Column &column : made->table.columns)
            names << column.name;
    } else if (const auto *added = operation.as<AddColumn>()) {
        names << added->column.name;
    } else if (const auto *dropped = operation.as<DropColumn>()) {
        names << dropped->column;
    } else if (const auto *altered = operation.as<AlterColumn>()) {
        names << altered->column;
        if (altered->newName)
            names << *altered->newName;
    } else if (const auto *batch = operation.as<BatchAlterTable>()) {
        for (const Operation &inner : batch->operations)
            names << columnNames(inner);
    }
    return names;
}

QStringList namesInSql(const Operation &operation, Backend backend)
{
    constexpr qsizetype most = 20'000; // letters
    QSet<QString> names;
    for (const SqlToken &token : sqlTokens(rawText(operation).left(most), backend)) {
        if (token.isName())
            names.insert(token.text);
    }
    return names.values();
}

TouchedTables touchedTables(const Operations &operations, const Schema &before, Backend backend)
{
    TouchedTables touched;
    Schema after = before;
    replay(operations, after, &rawSqlReader(backend));
    for (const Operation &operation : operations) {
        const QStringList columns = columnNames(operation);
        const QList<TableName> tables = operationTables(operation);
        for (const TableName &table : tables)
            touched[table.text()];
        if (!tables.isEmpty())
            touched[tables.constFirst().text()].unite({columns.cbegin(), columns.cend()});
        if (const QString sql = rawText(operation); !sql.isEmpty())
            addNamed(sql, backend, {&before, &after}, &touched);
    }
    return touched;
}

} // namespace tribikos
