#include "core/plan/lossnotes.h"

#include "core/base/sqltokenizer.h"
#include "core/base/text.h"
#include "core/ops/heldindex.h"
#include "core/plan/statementnature.h"

#include <QRegularExpression>
#include <algorithm>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

/// How much an integer type holds; 0: not one whose size is known.
int integerBytes(const QString &name)
{
    const QString lower = name.toLower();
    if (lower == u"tinyint")
        return 1;
    if (lower.startsWith(u"smallint"))
        return 2;
    if (lower == u"mediumint")
        return 3;
    if (lower == u"integer" || lower == u"int")
        return 4;
    return lower.startsWith(u"bigint") ? 8 : 0;
}

bool isShorter(std::optional<int> now, std::optional<int> old)
{
    return now && (!old || *now < *old);
}

bool isNarrower(const SqlTypePtr &now, const SqlTypePtr &old, const Dialect &dialect)
{
    const TypeAffinity kind = dialect.affinity(now);
    if (kind != dialect.affinity(old))
        return kind != TypeAffinity::String || isShorter(now->length, std::nullopt);
    switch (kind) {
    case TypeAffinity::Integer: {
        const int size = integerBytes(now->name);
        return size && size < integerBytes(old->name);
    }
    case TypeAffinity::Numeric:
        return isShorter(now->precision, old->precision) || isShorter(now->scale, old->scale);
    case TypeAffinity::String: return isShorter(now->length, old->length);
    default: return false;
    }
}

QString qualified(const TableName &table, const QString &column)
{
    return table.text() + u'.' + column;
}

/// Whether the ALTER TABLE whose words begin at \a start takes a column or a partition away.
bool dropsColumn(const QList<SqlToken> &tokens, qsizetype start)
{
    static const QStringList harmless{u"CONSTRAINT"_s, u"INDEX"_s,     u"KEY"_s,     u"PRIMARY"_s,
                                      u"FOREIGN"_s,    u"CHECK"_s,     u"DEFAULT"_s, u"NOT"_s,
                                      u"IDENTITY"_s,   u"EXPRESSION"_s};
    const auto isHarmless = [](const SqlToken &token) {
        return std::ranges::any_of(harmless,
                                   [&token](const QString &word) { return token.isWord(word); });
    };
    int depth = 0;
    for (qsizetype i = start; i + 1 < tokens.size() && !tokens[i].isSymbol(u";"); ++i) {
        depth += tokens[i].isSymbol(u"(") ? 1 : tokens[i].isSymbol(u")") ? -1 : 0;
        const bool isDrop = depth == 0 && tokens[i].isWord(u"DROP");
        if (isDrop && tokens[i + 1].isName() && !isHarmless(tokens[i + 1]))
            return true;
    }
    return false;
}

/// What in \a sql deletes, by the first words of each of its statements: "a DROP TABLE statement".
QString deletingPart(const QString &sql, Backend backend)
{
    bool isStart = true;
    const QList<SqlToken> tokens = sqlTokens(sql, backend);
    for (qsizetype i = 0; i < tokens.size(); ++i) {
        const SqlToken &token = tokens[i];
        const bool hasNext = isStart && i + 1 < tokens.size();
        if (isStart && (token.isWord(u"DELETE") || token.isWord(u"TRUNCATE")))
            return u"a %1 statement"_s.arg(token.text.toUpper());
        if (hasNext && token.isWord(u"DROP")
            && (tokens[i + 1].isWord(u"TABLE") || tokens[i + 1].isWord(u"SCHEMA")
                || tokens[i + 1].isWord(u"DATABASE")))
            return u"a DROP %1 statement"_s.arg(tokens[i + 1].text.toUpper());
        if (hasNext && token.isWord(u"ALTER") && tokens[i + 1].isWord(u"TABLE")
            && dropsColumn(tokens, i + 2))
            return u"an ALTER TABLE statement that drops a column"_s;
        isStart = token.isSymbol(u";");
    }
    return {};
}

QString executeLoss(const Execute &execute, const Dialect &dialect)
{
    const ExprPtr &statement = execute.statement;
    if (!statement)
        return {};
    if (statement->kind == Expr::Kind::Delete && statement->statement
        && statement->statement->table)
        return u"deletes rows of %1"_s.arg(statement->statement->table->name);
    if (statement->kind != Expr::Kind::Text)
        return {};
    const QString part = deletingPart(statement->text, dialect.backend());
    return part.isEmpty() ? QString() : u"runs "_s + part;
}

QString alterLoss(const AlterColumn &alter, const Schema &before, const Dialect &dialect)
{
    const Table *table = before.table(alter.table);
    const Column *column = table ? table->column(alter.column) : nullptr;
    const SqlTypePtr old = column && column->type ? column->type : alter.existingType;
    if (!alter.type || !old || !isNarrower(alter.type, old, dialect))
        return {};
    const auto now = dialect.typeText(alter.type);
    const auto then = dialect.typeText(old);
    return u"changes %1 from %2 to %3, which may not hold every value"_s.arg(
        qualified(alter.table, alter.column), then ? *then : old->name,
        now ? *now : alter.type->name);
}

} // namespace

QList<LossNote> lossNotes(const Operation &operation, const Schema &before, const Dialect &dialect)
{
    QString message;
    if (const auto *drop = operation.as<DropTable>())
        message = u"drops table %1 and its rows"_s.arg(drop->table.text());
    else if (const auto *dropped = operation.as<DropColumn>())
        message =
            u"drops column %1 and its values"_s.arg(qualified(dropped->table, dropped->column));
    else if (const auto *alter = operation.as<AlterColumn>())
        message = alterLoss(*alter, before, dialect);
    else if (const auto *execute = operation.as<Execute>())
        message = executeLoss(*execute, dialect);
    else if (const auto *many = operation.as<ExecuteMany>(); many && many->stretch->deletions > 0)
        message = u"runs %1 DELETE statements"_s.arg(many->stretch->deletions);
    QList<LossNote> notes;
    if (!message.isEmpty())
        notes += LossNote{message, operation.span};
    if (const auto *batch = operation.as<BatchAlterTable>())
        for (const Operation &inner : batch->operations)
            notes += lossNotes(inner, before, dialect);
    return notes;
}

bool takesNothingBack(const QString &engine)
{
    static const QStringList all{u"myisam"_s, u"aria"_s,    u"memory"_s,
                                 u"csv"_s,    u"archive"_s, u"mrg_myisam"_s};
    return all.contains(engine.toLower());
}

QList<LossNote> heldIndexNotes(const Operation &operation, const Schema &before, Backend backend)
{
    if (backend != Backend::MySql && backend != Backend::MariaDb)
        return {};
    QList<LossNote> notes;
    if (const auto *batch = operation.as<BatchAlterTable>())
        for (const Operation &one : batch->operations)
            notes += heldIndexNotes(one, before, backend);
    const auto *drop = operation.as<DropIndex>();
    if (const ForeignKey *key = drop ? keyThatHolds(*drop, before) : nullptr)
        notes.append(
            {u"the server won't drop index %1, which the foreign key on %2 of %3 needs: drop the "
             "key first, or give it another index"_s.arg(
                 visibleText(drop->name.text, false),
                 visibleText(key->columns.join(u", "_s), false),
                 visibleText(drop->table->text(), false)),
             operation.span});
    return notes;
}

bool writesRowsOf(const Statement &statement, const QString &table, Backend backend)
{
    if (statement.stretch || !statement.sql.contains(table, Qt::CaseInsensitive)
        || natureOf(statement.sql, backend, 0) != StatementNature::Transactional)
        return false;
    const QRegularExpression name(
        u"(?<![\\w$])`?%1`?(?![\\w$])"_s.arg(QRegularExpression::escape(table)));
    return name.match(statement.sql).hasMatch();
}

QString engineNote(const QString &table, const QString &engine)
{
    return u"The table %1 is kept by %2, which takes nothing back: what a failing revision has written there stays."_s
        .arg(visibleText(table, false), visibleText(engine, false));
}

QList<LossNote> engineNotes(const QList<Statement> &statements, const Schema &schema,
                            Backend backend)
{
    QList<LossNote> notes;
    const bool isMySql = backend == Backend::MySql || backend == Backend::MariaDb;
    const auto isOnData = [&](const Statement &statement) {
        return natureOf(statement.sql, backend, 0) == StatementNature::Transactional;
    };
    if (!isMySql || std::ranges::none_of(statements, isOnData))
        return notes;
    for (const Table &table : schema.tables) {
        const DialectOption option =
            table.options.value(u"mysql_engine"_s, table.options.value(u"mariadb_engine"_s));
        const QString *engine = std::get_if<QString>(&option);
        if (!engine || !takesNothingBack(*engine))
            continue;
        const auto written = std::ranges::find_if(statements, [&](const Statement &statement) {
            return writesRowsOf(statement, table.name.name, backend);
        });
        if (written != statements.cend())
            notes.append({engineNote(table.name.name, *engine), written->span});
    }
    return notes;
}

} // namespace tribikos
