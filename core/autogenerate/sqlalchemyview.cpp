#include "core/autogenerate/sqlalchemyview.h"

#include "core/ops/implicitname.h"

using namespace Qt::StringLiterals;

namespace tribikos {

SqlTypePtr sharedType(SqlType type)
{
    return std::make_shared<const SqlType>(std::move(type));
}

SqlTypePtr classType(const QString &module, const QString &name)
{
    return sharedType({.name = name, .module = module});
}

SqlTypePtr classOfWords(const QString &words, Backend backend)
{
    const SqlTypePtr found = backend == Backend::Sqlite       ? classOfSqliteWords(words)
                             : backend == Backend::PostgreSql ? classOfPostgresWords(words)
                                                              : classOfMySqlWords(words);
    const bool isKnown =
        found && found->name != u"NullType" && !(found->item && found->item->name == u"NullType");
    return isKnown ? found : nullptr;
}

Name finalName(const QString &text)
{
    return {.text = text, .isGenerated = true};
}

Schema asReplayed(const Schema &made, Backend backend)
{
    Schema seen = made;
    for (Table &table : seen.tables) {
        for (Constraint &constraint : table.constraints) {
            const QString given = constraintName(constraint).isEmpty()
                                      ? givenName(table, constraint, backend).value_or(QString())
                                      : constraintName(constraint).text;
            if (!given.isEmpty())
                std::visit([&](auto &each) { each.name = finalName(given); }, constraint);
        }
        for (Index &index : table.indexes)
            index.name = finalName(index.name.text);
    }
    return seen;
}

Schema asSqlAlchemySees(const Schema &database, Backend backend, QStringList *remarks)
{
    Schema seen;
    ViewContext context{.database = database, .remarks = remarks};
    for (const NamedObject &object : database.objects)
        if (object.kind == NamedObject::Kind::Sequence && !object.table.isEmpty())
            context.ownedSequences.insert(object.name.name);
    for (const Table &table : database.tables) {
        const bool isVirtual = table.options.contains(u"sqlite_module"_s);
        const bool isForeign = backend == Backend::PostgreSql && table.isOpaque;
        if (isForeign)
            continue; // SQLAlchemy lists no foreign tables either
        if (isVirtual) {
            remarks->append(u"The virtual table %1 is left out: a revision can't say it."_s.arg(
                table.name.text()));
            continue;
        }
        Table view = backend == Backend::Sqlite       ? viewOfSqliteTable(table, context)
                     : backend == Backend::PostgreSql ? viewOfPostgresTable(table, context)
                                                      : viewOfMySqlTable(table, backend);
        seen.tables.insert(view.name, view);
    }
    return seen;
}

} // namespace tribikos
