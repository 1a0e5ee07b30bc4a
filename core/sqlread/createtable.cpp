#include "core/sqlread/createtable.h"

#include "core/sqlread/definition.h"

#include <QHash>
#include <QSet>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

/// [DEFAULT] name [=] value; only the comment is kept.
void readMySqlOption(SqlCursor &cursor, Table &table)
{
    cursor.accept({u"DEFAULT"});
    const bool isComment = cursor.take().isWord(u"COMMENT");
    if (!cursor.acceptSymbol(u"=") && cursor.isWord(u"SET"))
        cursor.take(); // CHARACTER SET x
    const QString value = cursor.take().text;
    if (isComment) {
        table.hasComment = true;
        table.comment = value;
    }
}

/// What follows the closing parenthesis.
Status readOptions(SqlCursor &cursor, Table &table)
{
    while (!cursor.atEnd() && !cursor.isSymbol(u";")) {
        if (cursor.accept({u"WITHOUT", u"ROWID"})) {
            table.options.insert(u"sqlite_with_rowid"_s, false);
        } else if (cursor.accept({u"STRICT"})) {
            table.options.insert(u"sqlite_strict"_s, true);
        } else if (cursor.isMySql() && cursor.isWord(u"PARTITION")) {
            cursor.takeRest(); // which nothing here compares
        } else if (cursor.isMySql() && cursor.isName()
                   && cursor.peek(1).kind != SqlToken::Kind::End) {
            readMySqlOption(cursor, table);
        } else {
            return definitionError(cursor, u"the end of the table's definition"_s);
        }
        cursor.acceptSymbol(u",");
    }
    return done();
}

/// The columns and constraints, from the opening parenthesis to behind the closing one.
Status readBody(SqlCursor &cursor, Table &table)
{
    if (!cursor.acceptSymbol(u"("))
        return definitionError(cursor, u"an opening parenthesis"_s);
    bool inConstraints = false;
    while (!cursor.isSymbol(u")")) {
        inConstraints = inConstraints || startsConstraint(cursor);
        const qsizetype from = cursor.position();
        const Status item =
            startsConstraint(cursor) ? readConstraint(cursor, table) : readColumn(cursor, table);
        if (!item)
            return item;
        // SQLite lets the commas between table constraints be left out.
        const bool isDone = cursor.acceptSymbol(u",") || cursor.isSymbol(u")")
                            || (inConstraints && startsConstraint(cursor));
        if (!isDone || cursor.position() == from)
            return definitionError(cursor, u"a comma or a closing parenthesis"_s);
    }
    cursor.take();
    return readOptions(cursor, table);
}

/// Keys name their columns in any case; the table knows each by one name.
void useColumnNames(Table &table)
{
    QHash<QString, QString> names;
    for (const Column &column : std::as_const(table.columns))
        names.insert(column.name.toLower(), column.name);
    for (Constraint &constraint : table.constraints) {
        std::visit(
            [&](auto &c) {
                if constexpr (requires { c.columns; })
                    for (QString &name : c.columns)
                        name = names.value(name.toLower(), name);
            },
            constraint);
    }
}

/// USING method: before ON or behind the columns.
void readIndexMethod(SqlCursor &cursor, Index &index)
{
    if (!cursor.isMySql() || !cursor.accept({u"USING"}))
        return;
    const QString method = cursor.takeName().toLower();
    if (method != u"btree")
        index.options.insert(backendName(cursor.backend()) + u"_using"_s, method);
}

} // namespace

Result<CreateTableText> parseCreateTable(const QString &sql, Backend backend)
{
    SqlCursor cursor(sql, backend);
    CreateTableText created;
    Table &table = created.table;
    if (!cursor.accept({u"CREATE"}))
        return definitionError(cursor, u"CREATE TABLE"_s);
    if (cursor.isMySql())
        cursor.accept({u"OR", u"REPLACE"});
    created.isTemporary = cursor.accept({u"TEMP"}) || cursor.accept({u"TEMPORARY"});
    const bool isVirtual = cursor.accept({u"VIRTUAL"});
    if (!cursor.accept({u"TABLE"}))
        return definitionError(cursor, u"CREATE TABLE"_s);
    created.ifNotExists = cursor.acceptIfNotExists();
    table.name = cursor.takeTableName();
    if (table.name.name.isEmpty())
        return definitionError(cursor, u"a table's name"_s);
    if (isVirtual) {
        table.isOpaque = table.columnsOpaque = true;
        cursor.accept({u"USING"});
        created.module = cursor.takeRest();
        return created;
    }
    if (cursor.isWord(u"AS") || cursor.isWord(u"LIKE")) {
        table.isOpaque = table.columnsOpaque = true;
        return created;
    }
    const Status body = readBody(cursor, table);
    if (!body)
        return body.error();
    useColumnNames(table);
    const PrimaryKey *key = table.primaryKey();
    if (key && backend != Backend::Sqlite)
        for (const QString &name : key->columns)
            if (Column *column = table.column(name))
                column->nullable = false;
    return created;
}

Result<CreateIndexText> parseCreateIndex(const QString &sql, Backend backend)
{
    SqlCursor cursor(sql, backend);
    CreateIndexText created;
    created.index.sql = sql;
    if (!cursor.accept({u"CREATE"}))
        return definitionError(cursor, u"CREATE INDEX"_s);
    created.index.unique = cursor.accept({u"UNIQUE"});
    if (cursor.isMySql() && (cursor.isWord(u"FULLTEXT") || cursor.isWord(u"SPATIAL")))
        created.index.options.insert(backendName(backend) + u"_prefix"_s,
                                     cursor.take().text.toUpper());
    if (!cursor.accept({u"INDEX"}))
        return definitionError(cursor, u"CREATE INDEX"_s);
    created.ifNotExists = cursor.acceptIfNotExists();
    const TableName name = cursor.takeTableName();
    created.index.name.text = name.name;
    readIndexMethod(cursor, created.index);
    if (name.name.isEmpty() || !cursor.accept({u"ON"}))
        return definitionError(cursor, u"an index's name and ON"_s);
    created.table = cursor.takeTableName();
    if (created.table.schema.isEmpty())
        created.table.schema = name.schema;
    readIndexMethod(cursor, created.index);
    if (!cursor.acceptSymbol(u"("))
        return definitionError(cursor, u"the indexed columns"_s);
    do {
        const Result<ExprPtr> element = readIndexElement(cursor);
        if (!element)
            return element.error();
        created.index.elements.append(*element);
    } while (cursor.acceptSymbol(u","));
    if (!cursor.acceptSymbol(u")"))
        return definitionError(cursor, u"a closing parenthesis"_s);
    readIndexMethod(cursor, created.index);
    if (cursor.accept({u"WHERE"})) {
        const QString key = backendName(backend) + u"_where"_s;
        created.index.options.insert(key, textExpr(cursor.takeRest()));
    }
    if (!cursor.atEnd() && !cursor.isSymbol(u";"))
        return definitionError(cursor, u"the end of the index's definition"_s);
    return created;
}

/// MySQL's make_unique_key_name(): the first column's name, or with _2, _3 … behind it.
QString freeKeyName(const Table &table, const QString &column)
{
    QSet<QString> taken;
    for (const Index &index : table.indexes)
        taken.insert(index.name.text.toLower());
    const auto free = [&taken](const QString &wanted) {
        QString name = wanted;
        for (int number = 2; taken.contains(name.toLower()); ++number)
            name = wanted + u'_' + QString::number(number);
        return name;
    };
    for (const Constraint &constraint : table.constraints)
        if (const auto *unique = std::get_if<UniqueConstraint>(&constraint))
            taken.insert(unique->name.isEmpty() ? free(unique->columns.value(0)).toLower()
                                                : unique->name.text.toLower());
    return free(column);
}

} // namespace tribikos
