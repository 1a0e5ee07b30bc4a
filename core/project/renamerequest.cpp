#include "core/project/renamerequest.h"

#include "core/ops/replay.h"

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

Error noSuchRename(const QString &text, const QString &why)
{
    return {.code = ErrorCode::Usage,
            .message = u"--rename %1: %2; write OLD=NEW, such as users.name=users.full_name or "
                       "users=people."_s.arg(text, why)};
}

/// What \a text renames in \a from, which the renames before it have changed already.
Result<Rename> renameIn(const Schema &from, const Schema &to, const QString &toHas,
                        const QString &text)
{
    const QString left = text.section(u'=', 0, 0).trimmed();
    const QString right = text.section(u'=', 1).trimmed();
    const QString newName = right.section(u'.', -1);
    if (left.isEmpty() || newName.isEmpty())
        return noSuchRename(text, u"that is no pair of names"_s);
    for (const TableName &table : from.tables.keys()) {
        if (table.text() != left)
            continue;
        const TableName renamed{table.schema, newName};
        if (right != renamed.text() && right != newName)
            return noSuchRename(text, u"a table stays in its schema"_s);
        if (from.table(renamed) || !to.table(renamed))
            return noSuchRename(text, from.table(renamed)
                                          ? u"there is a table %1 already"_s.arg(right)
                                          : u"%1 no table %2"_s.arg(toHas, right));
        return Rename{table, {}, newName};
    }
    const QString owner = left.section(u'.', 0, -2);
    const QString column = left.section(u'.', -1);
    for (const Table &table : from.tables) {
        if (table.name.text() != owner || !table.column(column))
            continue;
        const Table *wanted = to.table(table.name);
        if (right != newName && right != owner + u'.' + newName)
            return noSuchRename(text, u"a column stays in its table"_s);
        if (table.column(newName))
            return noSuchRename(text, u"there is a column %1 already"_s.arg(newName));
        if (!wanted || !wanted->column(newName))
            return noSuchRename(text, u"%1 no column %2.%3"_s.arg(toHas, owner, newName));
        return Rename{table.name, column, newName};
    }
    return noSuchRename(text, u"there is no %1"_s.arg(left));
}

void carryOut(const Rename &rename, Schema *schema)
{
    if (rename.column.isEmpty()) {
        replay(Operation{RenameTable{rename.table, rename.newName}}, *schema);
        return;
    }
    AlterColumn renamed{.table = rename.table, .column = rename.column};
    renamed.newName = rename.newName;
    replay(Operation{renamed}, *schema);
}

} // namespace

Result<QList<Rename>> renamesIn(const Schema &from, const Schema &to, const QString &toHas,
                                const QStringList &texts)
{
    QList<Rename> renames;
    Schema left = from;
    for (const QString &text : texts) {
        const auto rename = renameIn(left, to, toHas, text);
        if (!rename)
            return rename.error();
        renames.append(*rename);
        carryOut(*rename, &left);
    }
    return renames;
}

Schema renamed(Schema schema, const QList<Rename> &renames)
{
    for (const Rename &rename : renames)
        carryOut(rename, &schema);
    return schema;
}

} // namespace tribikos
