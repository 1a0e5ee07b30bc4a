#include "core/plan/versionstatements.h"

#include <QStringBuilder>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

/// Alembic puts ids in as they are; an apostrophe must not end the literal here.
QString idLiteral(const QString &id)
{
    if (!id.contains(u'\''))
        return u'\'' % id % u'\'';
    return u'\'' % QString(id).replace(u'\'', "''"_L1) % u'\'';
}

} // namespace

Result<QString> createVersionTableText(const Dialect &dialect, const RenderContext &context,
                                       const TableName &table, bool hasKey)
{
    const auto type = std::make_shared<const SqlType>(
        SqlType{.name = u"String"_s, .module = u"sqlalchemy"_s, .length = 32});
    Table version{.name = table,
                  .columns = {{.name = u"version_num"_s, .type = type, .nullable = false}}};
    if (hasKey)
        version.constraints = {
            PrimaryKey{.name = {table.name + u"_pkc"_s}, .columns = {u"version_num"_s}}};
    Result<QString> text = dialect.createTable(version, context);
    if (!text)
        return text;
    return dialect.finished(*text, context);
}

Statement versionStatement(const Dialect &dialect, const RenderContext &context,
                           const TableName &table, bool hasKey, const VersionChange &change)
{
    const QString name = dialect.tableIdent(table);
    const QString column = name % u".version_num"_s;
    QString sql;
    switch (change.kind) {
    case VersionChange::Kind::Insert:
        sql = u"INSERT INTO "_s + name + u" (version_num) VALUES ("_s + idLiteral(change.to) + u')'
              + (hasKey ? dialect.versionInsertSuffix(table, context.offline) : QString());
        break;
    case VersionChange::Kind::Update:
        sql = u"UPDATE "_s % name % u" SET version_num="_s % idLiteral(change.to) % u" WHERE "_s
              % column % u" = "_s % idLiteral(change.from);
        break;
    case VersionChange::Kind::Delete:
        sql = u"DELETE FROM "_s + name + u" WHERE "_s + column + u" = "_s + idLiteral(change.from);
        break;
    }
    return {.sql = dialect.finished(sql, context), .kind = Statement::Kind::VersionTable};
}

} // namespace tribikos
