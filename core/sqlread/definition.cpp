#include "core/sqlread/definition.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

/// ON CONFLICT x, or nothing.
QString readConflict(SqlCursor &cursor)
{
    return cursor.accept({u"ON", u"CONFLICT"}) ? cursor.take().text.toUpper() : QString();
}

/// MySQL 8: whether a check is looked at; what it says stays.
void readEnforced(SqlCursor &cursor)
{
    if (cursor.isMySql() && !cursor.accept({u"NOT", u"ENFORCED"}))
        cursor.accept({u"ENFORCED"});
}

QString readAction(SqlCursor &cursor)
{
    if (cursor.accept({u"SET", u"NULL"}))
        return u"SET NULL"_s;
    if (cursor.accept({u"SET", u"DEFAULT"}))
        return u"SET DEFAULT"_s;
    if (cursor.accept({u"NO", u"ACTION"}))
        return u"NO ACTION"_s;
    if (cursor.isWord(u"CASCADE") || cursor.isWord(u"RESTRICT"))
        return cursor.take().text.toUpper();
    return {};
}

/// [NOT] DEFERRABLE [INITIALLY x], for keys and unique constraints.
template<typename T>
bool readDeferral(SqlCursor &cursor, T &constraint)
{
    if (cursor.accept({u"NOT", u"DEFERRABLE"}))
        constraint.deferrable = false;
    else if (cursor.accept({u"DEFERRABLE"}))
        constraint.deferrable = true;
    else if (!cursor.isWord(u"INITIALLY"))
        return false;
    if (cursor.accept({u"INITIALLY"}))
        constraint.initially = cursor.take().text.toUpper();
    return true;
}

/// (a, b) of a key; what is more than names goes to \a options as sqlite_columns.
Status readKeyColumns(SqlCursor &cursor, QStringList &columns, DialectOptions *options,
                      bool *autoinc)
{
    if (!cursor.acceptSymbol(u"("))
        return definitionError(cursor, u"a list of columns"_s);
    QStringList texts;
    bool isPlain = true;
    do {
        const qsizetype from = cursor.position();
        const QString name = cursor.takeName();
        if (name.isEmpty())
            return definitionError(cursor, u"a column's name"_s);
        columns.append(name);
        const qsizetype afterName = cursor.position();
        if (cursor.isSymbol(u"(") && cursor.isMySql() && !cursor.takeGroup()) // a(10): a prefix
            return definitionError(cursor, u"a prefix length"_s);
        if (cursor.accept({u"COLLATE"}))
            cursor.takeName();
        if (!cursor.accept({u"ASC"}))
            cursor.accept({u"DESC"});
        isPlain = isPlain && cursor.position() == afterName;
        texts.append(cursor.textSince(from));
        if (cursor.accept({u"AUTOINCREMENT"}) && autoinc)
            *autoinc = true;
    } while (cursor.acceptSymbol(u","));
    if (!cursor.acceptSymbol(u")"))
        return definitionError(cursor, u"a closing parenthesis"_s);
    if (!isPlain && options)
        options->insert(u"sqlite_columns"_s, texts);
    return done();
}

/// Everything from REFERENCES on.
Status readReferences(SqlCursor &cursor, ForeignKey &key)
{
    if (!cursor.accept({u"REFERENCES"}))
        return definitionError(cursor, u"REFERENCES"_s);
    key.target = cursor.takeTableName();
    if (key.target.name.isEmpty())
        return definitionError(cursor, u"a table's name"_s);
    if (cursor.isSymbol(u"(")) {
        const Status columns = readKeyColumns(cursor, key.targetColumns, nullptr, nullptr);
        if (!columns)
            return columns;
    }
    for (;;) {
        if (cursor.accept({u"ON", u"DELETE"}))
            key.onDelete = readAction(cursor);
        else if (cursor.accept({u"ON", u"UPDATE"}))
            key.onUpdate = readAction(cursor);
        else if (cursor.accept({u"ON", u"INSERT"})) // SQLite takes and forgets it
            readAction(cursor);
        else if (cursor.accept({u"MATCH"}))
            key.match = cursor.take().text.toUpper();
        else if (!readDeferral(cursor, key))
            return done();
    }
}

QString readConstraintName(SqlCursor &cursor)
{
    QString name;
    while (cursor.accept({u"CONSTRAINT"})) // SQLite takes several, the last one counts
        name = cursor.takeName();
    return name;
}

void setPrimaryKey(Table &table, const PrimaryKey &key)
{
    table.constraints.removeIf(
        [](const Constraint &c) { return std::holds_alternative<PrimaryKey>(c); });
    table.constraints.prepend(key);
    for (const QString &name : key.columns)
        for (Column &column : table.columns)
            if (column.name.compare(name, Qt::CaseInsensitive) == 0)
                column.primaryKey = true;
}

/// The clauses that stand behind a column's type, one reader each.
class ColumnClauses
{
public:
    ColumnClauses(SqlCursor &cursor, Table &table, Column &column)
        : m_cursor(cursor)
        , m_table(table)
        , m_column(column)
    {}

    Status readAll();

private:
    bool atEnd() const;
    Status readOne();
    Status readPrimaryKey();
    Status readCheck();
    Status readComputed();
    Status readReferencesClause();
    bool readMySqlClause();

    SqlCursor &m_cursor;
    Table &m_table;
    Column &m_column;
    Name m_name{};
};

bool ColumnClauses::atEnd() const
{
    const bool isPlaced =
        m_cursor.isMySql() && (m_cursor.isWord(u"FIRST") || m_cursor.isWord(u"AFTER"));
    return isPlaced || m_cursor.atEnd() || m_cursor.isSymbol(u",") || m_cursor.isSymbol(u")")
           || m_cursor.isSymbol(u";");
}

Status ColumnClauses::readAll()
{
    while (!atEnd()) {
        m_name.text = readConstraintName(m_cursor);
        if (atEnd())
            break; // SQLite takes a name without a constraint
        const Status clause = readOne();
        if (!clause)
            return clause;
    }
    return done();
}

Status ColumnClauses::readOne()
{
    if (m_cursor.accept({u"PRIMARY", u"KEY"}))
        return readPrimaryKey();
    if (m_cursor.accept({u"NOT", u"NULL"})) {
        m_column.nullable = false;
        m_column.onConflict = readConflict(m_cursor);
        return done();
    }
    if (m_cursor.accept({u"NULL"})) {
        readConflict(m_cursor);
        return done();
    }
    if (m_cursor.accept({u"UNIQUE"})) {
        m_cursor.accept({u"KEY"});
        UniqueConstraint unique{.name = m_name, .columns = {m_column.name}, .isInline = true};
        unique.onConflict = readConflict(m_cursor);
        readDeferral(m_cursor, unique);
        m_table.constraints.append(unique);
        return done();
    }
    if (m_cursor.accept({u"CHECK"}))
        return readCheck();
    if (m_cursor.accept({u"DEFAULT"})) {
        m_column.serverDefault = readDefault(m_cursor);
        return m_column.serverDefault ? done() : Status(definitionError(m_cursor, u"a default"_s));
    }
    if (m_cursor.accept({u"COLLATE"})) {
        m_column.collation = m_cursor.takeName();
        return done();
    }
    if (m_cursor.isWord(u"REFERENCES"))
        return readReferencesClause();
    if (m_cursor.isWord(u"GENERATED") || m_cursor.isWord(u"AS"))
        return readComputed();
    if (m_cursor.isMySql() && readMySqlClause())
        return done();
    return definitionError(m_cursor, u"a column's constraint"_s);
}

Status ColumnClauses::readPrimaryKey()
{
    PrimaryKey key{.name = m_name, .columns = {m_column.name}};
    if (m_cursor.accept({u"DESC"}))
        key.options.insert(u"sqlite_columns"_s, QStringList{m_column.name + u" DESC"_s});
    else
        m_cursor.accept({u"ASC"});
    key.onConflict = readConflict(m_cursor);
    if (m_cursor.accept({u"AUTOINCREMENT"}))
        m_table.options.insert(u"sqlite_autoincrement"_s, true);
    m_column.primaryKey = true;
    setPrimaryKey(m_table, key);
    return done();
}

Status ColumnClauses::readCheck()
{
    const std::optional<QString> condition = m_cursor.takeGroup();
    if (!condition)
        return definitionError(m_cursor, u"a condition in parentheses"_s);
    readConflict(m_cursor);
    readEnforced(m_cursor);
    m_column.checks.append(textExpr(*condition));
    m_column.checkNames.append(m_name);
    return done();
}

Status ColumnClauses::readComputed()
{
    m_cursor.accept({u"GENERATED", u"ALWAYS"});
    const bool hasAs = m_cursor.accept({u"AS"});
    const std::optional<QString> expression = m_cursor.takeGroup();
    if (!hasAs || !expression)
        return definitionError(m_cursor, u"AS and an expression in parentheses"_s);
    Computed computed{.expression = textExpr(*expression)};
    if (m_cursor.accept({u"STORED"}) || m_cursor.accept({u"PERSISTENT"}))
        computed.persisted = true;
    else if (m_cursor.accept({u"VIRTUAL"}))
        computed.persisted = false;
    m_column.computed = computed;
    return done();
}

Status ColumnClauses::readReferencesClause()
{
    ForeignKey key{.name = m_name, .columns = {m_column.name}, .isInline = true};
    const Status references = readReferences(m_cursor, key);
    m_table.constraints.append(key);
    return references;
}

/// What MySQL and MariaDB have beside SQLite's clauses.
bool ColumnClauses::readMySqlClause()
{
    if (m_cursor.accept({u"AUTO_INCREMENT"})) {
        m_column.autoincrement = AutoIncrement::Yes;
        return true;
    }
    if (m_cursor.accept({u"COMMENT"})) {
        m_column.hasComment = true;
        m_column.comment = m_cursor.take().text;
        return true;
    }
    if (m_cursor.accept({u"ON", u"UPDATE"})) { // MySQL: part of a timestamp's default
        const qsizetype from = m_cursor.position();
        m_cursor.take();
        m_cursor.takeGroup();
        const QString function = m_cursor.textSince(from);
        const QString before = m_column.serverDefault ? m_column.serverDefault->text : u"NULL"_s;
        m_column.serverDefault = textExpr(before + u" ON UPDATE "_s + function);
        return true;
    }
    return false;
}

Status readForeignKey(SqlCursor &cursor, Table &table, const Name &name)
{
    ForeignKey key{.name = name};
    if (cursor.isMySql() && !cursor.isSymbol(u"("))
        cursor.takeName(); // the index's name
    Status part = readKeyColumns(cursor, key.columns, nullptr, nullptr);
    if (part)
        part = readReferences(cursor, key);
    if (part)
        table.constraints.append(key);
    return part;
}

/// MySQL: what may stand before and behind a key's columns; of it nothing is compared. InnoDB makes a tree of HASH.
void readKeyOptions(SqlCursor &cursor)
{
    while (cursor.isMySql()) {
        if (cursor.accept({u"KEY_BLOCK_SIZE"}))
            cursor.acceptSymbol(u"=");
        else if (cursor.accept({u"VISIBLE"}))
            continue;
        else if (!cursor.accept({u"USING"}) && !cursor.accept({u"COMMENT"})
                 && !cursor.accept({u"WITH", u"PARSER"}))
            return;
        cursor.take();
    }
}

/// A column of a MySQL key, a(10) DESC, or an expression in parentheses.
Result<ExprPtr> readKeyElement(SqlCursor &cursor, Index &index)
{
    const qsizetype from = cursor.position();
    ExprPtr element;
    if (cursor.isSymbol(u"(")) {
        if (!cursor.takeGroup())
            return definitionError(cursor, u"a closing parenthesis"_s);
        element = textExpr(cursor.textSince(from));
    } else {
        const QString name = cursor.takeName();
        if (name.isEmpty())
            return definitionError(cursor, u"a column's name"_s);
        element = columnExpr(name);
        const std::optional<QString> length = cursor.takeGroup();
        if (length) {
            const QString key = backendName(cursor.backend()) + u"_length"_s;
            const DialectOption known = index.options.value(key, OptionMap());
            OptionMap lengths = std::get<OptionMap>(known);
            lengths.entries.append({name, *length});
            index.options.insert(key, lengths);
        }
    }
    cursor.accept({u"ASC"});
    if (!cursor.accept({u"DESC"}))
        return element;
    return std::make_shared<const Expr>(
        Expr{.kind = Expr::Kind::Unary, .text = u"DESC"_s, .args = {element}, .flag = true});
}

/// [name] [USING x] (a, b DESC) [USING x …] of MySQL.
Status readKeyElements(SqlCursor &cursor, Index &index)
{
    cursor.acceptIfNotExists();
    if (!cursor.isSymbol(u"(") && !cursor.isWord(u"USING"))
        index.name.text = cursor.takeName();
    readKeyOptions(cursor);
    if (!cursor.acceptSymbol(u"("))
        return definitionError(cursor, u"a list of columns"_s);
    do {
        const Result<ExprPtr> element = readKeyElement(cursor, index);
        if (!element)
            return element.error();
        index.elements.append(*element);
    } while (cursor.acceptSymbol(u","));
    if (!cursor.acceptSymbol(u")"))
        return definitionError(cursor, u"a closing parenthesis"_s);
    readKeyOptions(cursor);
    return done();
}

/// MySQL: [FULLTEXT | SPATIAL] KEY name (a, b) among the columns.
Status readKeyIndex(SqlCursor &cursor, Table &table)
{
    Index index;
    if (cursor.isWord(u"FULLTEXT") || cursor.isWord(u"SPATIAL"))
        index.options.insert(backendName(cursor.backend()) + u"_prefix"_s,
                             cursor.take().text.toUpper());
    if (!cursor.accept({u"KEY"}))
        cursor.accept({u"INDEX"});
    const Status read = readKeyElements(cursor, index);
    if (!read)
        return read;
    if (index.name.isEmpty())
        index.name = {.text = freeKeyName(table, index.elements.constFirst()->text),
                      .isGenerated = true};
    table.indexes.append(index);
    return done();
}

/// MySQL: UNIQUE [KEY] name (a, b); an index where it is of more than columns, as the catalogue has it.
Status readUniqueKey(SqlCursor &cursor, Table &table, const Name &name)
{
    Index index{.name = name, .unique = true};
    const Status read = readKeyElements(cursor, index);
    if (!read)
        return read;
    QStringList columns;
    for (const ExprPtr &element : std::as_const(index.elements))
        if (element->kind == Expr::Kind::Column)
            columns.append(element->text);
    if (columns.size() == index.elements.size() && index.options.isEmpty())
        table.constraints.append(UniqueConstraint{.name = index.name, .columns = columns});
    else if (!index.name.isEmpty())
        table.indexes.append(index);
    else
        return definitionError(cursor, u"the key's name"_s);
    return done();
}

Status readUnique(SqlCursor &cursor, Table &table, const Name &name)
{
    if (!cursor.accept({u"KEY"}))
        cursor.accept({u"INDEX"});
    if (cursor.isMySql())
        return readUniqueKey(cursor, table, name);
    UniqueConstraint unique{.name = name};
    const Status columns = readKeyColumns(cursor, unique.columns, &unique.options, nullptr);
    unique.onConflict = readConflict(cursor);
    readDeferral(cursor, unique);
    table.constraints.append(unique);
    return columns;
}

Status readPrimary(SqlCursor &cursor, Table &table, const Name &name)
{
    PrimaryKey key{.name = name};
    bool isAutoincrement = false;
    const Status columns = readKeyColumns(cursor, key.columns, &key.options, &isAutoincrement);
    if (isAutoincrement)
        table.options.insert(u"sqlite_autoincrement"_s, true);
    key.onConflict = readConflict(cursor);
    readKeyOptions(cursor);
    setPrimaryKey(table, key);
    return columns;
}

} // namespace

Error definitionError(const SqlCursor &cursor, const QString &what)
{
    const SqlToken &token = cursor.peek();
    const QString place =
        cursor.atEnd() ? u"at its end"_s : u"near \"%1\""_s.arg(token.text.left(40));
    return {.code = ErrorCode::Syntax,
            .message = u"The SQL can't be read %1: %2 was expected."_s.arg(place, what),
            .line = token.line};
}

QString readType(SqlCursor &cursor)
{
    static constexpr QStringView ends[] = {u"CONSTRAINT", u"PRIMARY",   u"NOT",     u"NULL",
                                           u"UNIQUE",     u"CHECK",     u"DEFAULT", u"COLLATE",
                                           u"AS",         u"REFERENCES"};
    static constexpr QStringView otherEnds[] = {u"AUTO_INCREMENT", u"COMMENT", u"ON",
                                                u"USING",          u"FIRST",   u"AFTER"};
    const bool isSqlite = cursor.backend() == Backend::Sqlite;
    const auto isEnd = [&] {
        const auto next = [&](QStringView word) { return cursor.isWord(word); };
        return std::ranges::any_of(ends, next)
               || (!isSqlite && std::ranges::any_of(otherEnds, next))
               || (cursor.isWord(u"GENERATED")
                   && (cursor.isWord(u"ALWAYS", 1) || cursor.isWord(u"BY", 1)));
    };
    const qsizetype from = cursor.position();
    while (cursor.isName() && !isEnd()) {
        cursor.take();
        if (!isSqlite && cursor.isSymbol(u"."))
            cursor.take();
    }
    if (cursor.position() > from && cursor.isSymbol(u"("))
        cursor.takeGroup();
    while (!isSqlite && cursor.isName() && !isEnd()) // int(10) unsigned
        cursor.take();
    return cursor.textSince(from);
}

ExprPtr readDefault(SqlCursor &cursor)
{
    const qsizetype from = cursor.position();
    if (cursor.isSymbol(u"(")) {
        const bool isGroup = cursor.takeGroup().has_value();
        return isGroup ? textExpr(cursor.textSince(from)) : nullptr;
    }
    if (!cursor.acceptSymbol(u"-"))
        cursor.acceptSymbol(u"+");
    const bool isSigned = cursor.position() > from;
    const SqlToken value = cursor.take();
    using Kind = SqlToken::Kind;
    if (value.kind == Kind::Symbol || value.kind == Kind::End)
        return nullptr;
    const bool isBlob = (value.isWord(u"x") || (cursor.isMySql() && value.isWord(u"b")))
                        && cursor.peek().kind == Kind::String && cursor.peek().start == value.end;
    if (isBlob)
        cursor.take();
    if (cursor.isMySql() && cursor.isSymbol(u"("))
        cursor.takeGroup(); // now()
    const bool isPlainString =
        value.kind == Kind::String && !isSigned && cursor.position() == from + 1;
    return isPlainString ? stringExpr(value.text) : textExpr(cursor.textSince(from));
}

Status readColumn(SqlCursor &cursor, Table &table)
{
    Column column{.name = cursor.takeName(), .nullable = true};
    if (column.name.isEmpty())
        return definitionError(cursor, u"a column's name"_s);
    const QString type = readType(cursor);
    if (!type.isEmpty())
        column.type =
            std::make_shared<const SqlType>(SqlType{.name = type, .module = u"reflected"_s});
    const qsizetype constraints = table.constraints.size();
    const Status clauses = ColumnClauses(cursor, table, column).readAll();
    if (!clauses)
        return clauses;
    const bool keyComes = column.primaryKey && table.constraints.size() > constraints;
    if (keyComes && cursor.backend() != Backend::Sqlite)
        column.nullable = false;
    table.columns.append(column);
    return done();
}

namespace {

/// All four words are reserved: bare they are no column's name.
bool startsKeyIndex(const SqlCursor &cursor)
{
    return cursor.isWord(u"KEY") || cursor.isWord(u"INDEX") || cursor.isWord(u"FULLTEXT")
           || cursor.isWord(u"SPATIAL");
}

} // namespace

bool startsConstraint(const SqlCursor &cursor)
{
    const bool hasKeyLists = cursor.isMySql() && startsKeyIndex(cursor);
    return cursor.isWord(u"CONSTRAINT") || hasKeyLists
           || (cursor.isWord(u"PRIMARY") && cursor.isWord(u"KEY", 1)) || cursor.isWord(u"UNIQUE")
           || cursor.isWord(u"CHECK") || (cursor.isWord(u"FOREIGN") && cursor.isWord(u"KEY", 1));
}

Status readConstraint(SqlCursor &cursor, Table &table)
{
    const Name name{.text = readConstraintName(cursor)};
    if (cursor.accept({u"PRIMARY", u"KEY"}))
        return readPrimary(cursor, table, name);
    if (cursor.accept({u"UNIQUE"}))
        return readUnique(cursor, table, name);
    if (cursor.accept({u"FOREIGN", u"KEY"}))
        return readForeignKey(cursor, table, name);
    if (cursor.accept({u"CHECK"})) {
        const std::optional<QString> condition = cursor.takeGroup();
        if (!condition)
            return definitionError(cursor, u"a condition in parentheses"_s);
        readConflict(cursor);
        readEnforced(cursor);
        table.constraints.append(CheckConstraint{.name = name, .condition = textExpr(*condition)});
        return done();
    }
    if (cursor.isMySql() && startsKeyIndex(cursor))
        return readKeyIndex(cursor, table);
    const bool isNameOnly = cursor.isSymbol(u",") || cursor.isSymbol(u")");
    if (isNameOnly && cursor.backend() == Backend::Sqlite)
        return done();
    return definitionError(cursor, u"a table constraint"_s);
}

Result<ExprPtr> readIndexElement(SqlCursor &cursor)
{
    const qsizetype from = cursor.position();
    const bool isOrdered = cursor.isWord(u"ASC", 1) || cursor.isWord(u"DESC", 1);
    const qsizetype next = isOrdered ? 2 : 1;
    const bool isColumn =
        cursor.isName() && (cursor.isSymbol(u",", next) || cursor.isSymbol(u")", next));
    if (!isColumn) {
        cursor.skipItem();
        if (cursor.position() == from)
            return definitionError(cursor, u"a column or an expression"_s);
        return textExpr(cursor.textSince(from));
    }
    const ExprPtr column = columnExpr(cursor.takeName());
    cursor.accept({u"ASC"});
    if (!cursor.accept({u"DESC"}))
        return column;
    return std::make_shared<const Expr>(
        Expr{.kind = Expr::Kind::Unary, .text = u"DESC"_s, .args = {column}, .flag = true});
}

} // namespace tribikos
