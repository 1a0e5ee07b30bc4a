#include "core/sqlread/pgdefinition.h"

#include <QRegularExpression>
#include <algorithm>
#include <limits>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

constexpr qsizetype noEnd = std::numeric_limits<qsizetype>::max();
constexpr qsizetype mostElements = 4000; // a table of PostgreSQL has 1 600 columns at most

/// What stands in parentheses behind the next \a word.
QString groupAfter(SqlCursor &cursor, QStringView word)
{
    while (!cursor.atEnd() && !cursor.take().isWord(word)) {
    }
    return cursor.takeGroup().value_or(QString());
}

QString referentialActionOf(const PgNode &key, QStringView field)
{
    const QString letter = key.text(field);
    return letter == u"c"   ? u"CASCADE"_s
           : letter == u"r" ? u"RESTRICT"_s
           : letter == u"n" ? u"SET NULL"_s
           : letter == u"d" ? u"SET DEFAULT"_s
                            : QString();
}

template<typename T>
void setDeferralOf(const PgNode &constraint, T &made)
{
    if (constraint.flag(u"deferrable"))
        made.deferrable = true;
    if (constraint.flag(u"initdeferred"))
        made.initially = u"DEFERRED"_s;
}

/// CONSTR_ATTR_…, which stands behind the constraint of a column that it is about.
void setAttribute(const PgNode &attribute, Table &table)
{
    if (table.constraints.isEmpty())
        return;
    const QString kind = attribute.text(u"contype");
    std::visit(
        [&kind](auto &made) {
            if constexpr (requires { made.deferrable; }) {
                if (kind == u"CONSTR_ATTR_DEFERRABLE" || kind == u"CONSTR_ATTR_NOT_DEFERRABLE")
                    made.deferrable = kind == u"CONSTR_ATTR_DEFERRABLE";
                else
                    made.initially =
                        kind == u"CONSTR_ATTR_DEFERRED" ? u"DEFERRED"_s : u"IMMEDIATE"_s;
            }
        },
        table.constraints.last());
}

DialectOptions keyOptions(const PgNode &constraint)
{
    DialectOptions options;
    if (const QStringList included = constraint.texts(u"including"); !included.isEmpty())
        options.insert(u"postgresql_include"_s, included);
    if (constraint.flag(u"nulls_not_distinct"))
        options.insert(u"postgresql_nulls_not_distinct"_s, true);
    return options;
}

void addPrimaryKey(const PgNode &constraint, const QStringList &columns, Table &table)
{
    table.constraints.removeIf(
        [](const Constraint &c) { return std::holds_alternative<PrimaryKey>(c); });
    table.constraints.prepend(PrimaryKey{.name = {.text = constraint.text(u"conname")},
                                         .columns = columns,
                                         .options = keyOptions(constraint)});
    for (Column &column : table.columns) {
        if (!columns.contains(column.name))
            continue;
        column.primaryKey = true;
        column.nullable = false;
    }
}

void addUnique(const PgNode &constraint, const QStringList &columns, bool isInline, Table &table)
{
    UniqueConstraint unique{.name = {.text = constraint.text(u"conname")},
                            .columns = columns,
                            .options = keyOptions(constraint),
                            .isInline = isInline};
    setDeferralOf(constraint, unique);
    table.constraints.append(unique);
}

void addForeignKey(const PgNode &constraint, const QStringList &columns, bool isInline,
                   const PgText &text, Table &table)
{
    ForeignKey key{.name = {.text = constraint.text(u"conname")},
                   .columns = columns,
                   .target = text.found(constraint.node(u"pktable")),
                   .targetColumns = constraint.texts(u"pk_attrs"),
                   .onDelete = referentialActionOf(constraint, u"fk_del_action"),
                   .onUpdate = referentialActionOf(constraint, u"fk_upd_action"),
                   .isInline = isInline};
    if (const QStringList set = constraint.texts(u"fk_del_set_cols"); !set.isEmpty())
        key.onDelete += u" (%1)"_s.arg(set.join(u", "_s));
    const QString match = constraint.text(u"fk_matchtype");
    key.match = match == u"f" ? u"FULL"_s : match == u"p" ? u"PARTIAL"_s : QString();
    if (constraint.flag(u"skip_validation"))
        key.options.insert(u"postgresql_not_valid"_s, true);
    setDeferralOf(constraint, key);
    table.constraints.append(key);
}

CheckConstraint checkOf(const PgNode &constraint, PgText &text)
{
    CheckConstraint check{
        .name = {.text = constraint.text(u"conname")},
        .condition = textExpr(groupAfter(text.at(constraint.number(u"location")), u"CHECK"))};
    if (constraint.flag(u"skip_validation"))
        check.options.insert(u"postgresql_not_valid"_s, true);
    if (constraint.flag(u"is_no_inherit"))
        check.options.insert(u"postgresql_no_inherit"_s, true);
    return check;
}

/// What stands behind a column's type, one clause at a time.
class ColumnReader
{
public:
    ColumnReader(const PgNode &definition, PgText &text, Table &table)
        : m_definition(definition)
        , m_text(text)
        , m_table(table)
        , m_column{.name = definition.text(u"colname"), .nullable = true}
    {}
    bool read();

private:
    void listPlaces();
    qsizetype clauseAfter(int place);
    bool readClause(const PgNode &clause);
    void readDefaultOf(const PgNode &clause);
    bool addConstraint(const PgNode &clause, const QString &kind);

    const PgNode &m_definition;
    PgText &m_text;
    Table &m_table;
    Column m_column;
    QList<qsizetype> m_places{}; // where each clause begins
    QList<PgNode> m_keys{};      // which want the column to be there
};

void ColumnReader::listPlaces()
{
    for (const PgNode &clause : m_definition.list(u"constraints"))
        m_places.append(m_text.offset(clause.number(u"location")));
    if (m_definition.has(u"collClause"))
        m_places.append(m_text.offset(m_definition.node(u"collClause").number(u"location")));
    std::ranges::sort(m_places);
}

qsizetype ColumnReader::clauseAfter(int place)
{
    const auto next = std::ranges::upper_bound(m_places, m_text.offset(place));
    return next == m_places.cend() ? noEnd : *next;
}

bool ColumnReader::read()
{
    const PgNode type = m_definition.node(u"typeName");
    if (type.isEmpty() || m_definition.has(u"fdwoptions"))
        return false;
    listPlaces();
    m_column.type = pgType(type, m_text, clauseAfter(type.number(u"location")));
    static const QStringList serials{u"serial"_s,  u"bigserial"_s, u"smallserial"_s,
                                     u"serial2"_s, u"serial4"_s,   u"serial8"_s};
    const QStringList names = type.texts(u"names");
    if (names.size() == 1 && serials.contains(names[0]))
        m_column.nullable = false; // SERIAL brings it along
    if (m_definition.has(u"collClause"))
        m_column.collation = pgCollation(m_definition.node(u"collClause"));
    for (const PgNode &clause : m_definition.list(u"constraints"))
        if (!readClause(clause))
            return false;
    m_table.columns.append(m_column);
    for (const PgNode &key : std::as_const(m_keys))
        addPrimaryKey(key, {m_column.name}, m_table);
    return true;
}

bool ColumnReader::readClause(const PgNode &clause)
{
    const QString kind = clause.text(u"contype");
    if (kind == u"CONSTR_NULL")
        return true;
    if (kind == u"CONSTR_NOTNULL") {
        m_column.nullable = false;
    } else if (kind == u"CONSTR_DEFAULT") {
        readDefaultOf(clause);
    } else if (kind == u"CONSTR_IDENTITY") {
        m_column.identity = pgIdentity(clause, m_text);
        m_column.nullable = false;
        return m_column.identity.has_value();
    } else if (kind == u"CONSTR_GENERATED") {
        SqlCursor &cursor = m_text.at(clause.number(u"location"));
        m_column.computed =
            Computed{.expression = textExpr(groupAfter(cursor, u"AS")), .persisted = true};
    } else if (kind == u"CONSTR_CHECK") {
        const CheckConstraint check = checkOf(clause, m_text);
        m_column.checks.append(check.condition);
        m_column.checkNames.append(check.name);
    } else {
        return addConstraint(clause, kind);
    }
    return true;
}

void ColumnReader::readDefaultOf(const PgNode &clause)
{
    const int place = clause.number(u"location");
    SqlCursor &cursor = m_text.at(place);
    while (!cursor.atEnd() && !cursor.take().isWord(u"DEFAULT")) {
    }
    m_column.serverDefault =
        pgDefault(clause.node(u"raw_expr"), cursor.takeItem(clauseAfter(place)));
}

bool ColumnReader::addConstraint(const PgNode &clause, const QString &kind)
{
    if (kind == u"CONSTR_PRIMARY")
        m_keys.append(clause);
    else if (kind == u"CONSTR_UNIQUE")
        addUnique(clause, {m_column.name}, true, m_table);
    else if (kind == u"CONSTR_FOREIGN")
        addForeignKey(clause, {m_column.name}, true, m_text, m_table);
    else if (kind.startsWith(u"CONSTR_ATTR_"))
        setAttribute(clause, m_table);
    else
        return false;
    return true;
}

/// The number of an option, from its text: the tree leaves out zero and negative ones.
std::optional<qint64> optionNumber(const PgNode &option, PgText &text)
{
    const std::optional<qint64> number = option.node(u"arg").whole();
    if (number.value_or(0) != 0 || !option.has(u"arg"))
        return number;
    SqlCursor &cursor = text.at(option.number(u"location"));
    bool isNegative = false;
    while (!cursor.atEnd() && cursor.peek().kind != SqlToken::Kind::Number)
        isNegative = cursor.take().isSymbol(u"-");
    bool isWhole = false;
    const qint64 written = cursor.peek().text.toLongLong(&isWhole);
    return isWhole ? std::optional(isNegative ? -written : written) : std::nullopt;
}

/// fillfactor=70, autovacuum_enabled=false
OptionMap storageOf(const PgNode &statement, PgText &source)
{
    OptionMap storage;
    for (const PgNode &option : statement.list(u"options")) {
        const PgNode value = option.node(u"arg");
        const std::optional<qint64> number =
            value.is(u"Integer") ? optionNumber(option, source) : std::nullopt;
        const QString text = value.is(u"TypeName") ? value.texts(u"names").value(0)
                             : value.is(u"Float")  ? value.text(u"fval")
                                                   : value.text(u"sval");
        storage.entries.append({option.text(u"defname"), number ? QString::number(*number) : text});
    }
    return storage;
}

ExprPtr postfixed(const QString &word, const ExprPtr &operand)
{
    return std::make_shared<const Expr>(
        Expr{.kind = Expr::Kind::Unary, .text = word, .args = {operand}, .flag = true});
}

/// One element of an index or exclusion, the cursor standing at it; moves behind the expression.
ExprPtr elementOf(const PgNode &element, SqlCursor &cursor)
{
    if (element.has(u"name"))
        return columnExpr(cursor.takeName());
    const qsizetype from = cursor.position();
    if (cursor.isSymbol(u"("))
        return textExpr(cursor.takeGroup() ? cursor.textSince(from) : QString());
    while (cursor.isName() || cursor.isSymbol(u"."))
        cursor.take();
    cursor.takeGroup();
    return textExpr(cursor.textSince(from));
}

/// An index's element, its operator class in \a classes where the printers look for it.
ExprPtr indexElement(const PgNode &element, SqlCursor &cursor, OptionMap &classes)
{
    const qsizetype from = cursor.position();
    ExprPtr made = elementOf(element, cursor);
    const QString opclass = pgTableName(element.texts(u"opclass")).name;
    const bool isDescending = element.text(u"ordering") == u"SORTBY_DESC";
    const QString nulls = element.text(u"nulls_ordering");
    const bool nullsFirst =
        nulls == u"SORTBY_NULLS_FIRST" || (isDescending && nulls != u"SORTBY_NULLS_LAST");
    if (element.has(u"collation") || (!opclass.isEmpty() && (isDescending || nullsFirst))) {
        // the printers have no place for all of it: the element as text
        while (!cursor.atEnd() && !cursor.isSymbol(u",") && !cursor.isSymbol(u")")
               && !cursor.isWord(u"ASC") && !cursor.isWord(u"DESC") && !cursor.isWord(u"NULLS"))
            cursor.take();
        made = textExpr(cursor.textSince(from));
    } else if (!opclass.isEmpty()) {
        classes.entries.append({made->text, opclass});
    }
    cursor.skipItem();
    if (isDescending)
        made = postfixed(u"DESC"_s, made);
    if (nullsFirst != isDescending)
        made = postfixed(nullsFirst ? u"NULLS FIRST"_s : u"NULLS LAST"_s, made);
    return made;
}

} // namespace

SqlCursor &PgText::at(int place)
{
    if (!m_cursor)
        m_cursor.emplace(m_sql, Backend::PostgreSql);
    m_cursor->moveToOffset(offset(place));
    return *m_cursor;
}

qsizetype PgText::offset(int place)
{
    if (m_offsets.isEmpty()) {
        const QByteArray utf8 = m_sql.toUtf8();
        if (utf8.size() == m_sql.size())
            return place;
        m_offsets.reserve(utf8.size());
        qsizetype units = 0;
        for (const char byte : utf8) {
            m_offsets.append(units);
            const auto value = static_cast<unsigned char>(byte);
            if ((value & 0xc0)
                != 0x80) // the first byte of a character; of four bytes: a surrogate pair
                units += value >= 0xf0 ? 2 : 1;
        }
    }
    return m_offsets.value(place, m_sql.size());
}

TableName pgTableName(const PgNode &rangeVar)
{
    return {rangeVar.text(u"schemaname"), rangeVar.text(u"relname")};
}

TableName pgTableName(const QStringList &names)
{
    return {names.size() > 1 ? names[names.size() - 2] : QString(),
            names.isEmpty() ? QString() : names.last()};
}

QString pgCollation(const PgNode &clause)
{
    const QStringList names = clause.texts(u"collname"); // pg_catalog."C" is "C"
    return names.isEmpty() ? QString() : names.constLast();
}

bool isPgTemporary(const PgNode &rangeVar)
{
    return rangeVar.text(u"relpersistence") == u"t" || rangeVar.text(u"schemaname") == u"pg_temp";
}

namespace {

/// One spelling for what has several: pg_catalog.int4, text ARRAY[3]; a type that the path finds, with its schema.
QString usualType(const PgNode &typeName, const QString &written, const PgText &text)
{
    static const QRegularExpression catalogue(u"^\"?pg_catalog\"?\\s*\\.\\s*"_s);
    static const QRegularExpression array(u"\\s+array\\s*(\\[\\s*\\d*\\s*\\])?$"_s,
                                          QRegularExpression::CaseInsensitiveOption);
    QString type = written;
    const QStringList names = typeName.texts(u"names");
    if (names.size() == 2 && names[0] == u"pg_catalog")
        type.remove(catalogue);
    if (typeName.has(u"arrayBounds"))
        type.replace(array, u"[]"_s);
    const QString schema = names.size() == 1 ? text.found(names).schema : QString();
    return schema.isEmpty() || !text.hasName({schema, names[0]}) ? type : schema + u'.' + type;
}

} // namespace

SqlTypePtr pgType(const PgNode &typeName, PgText &text, qsizetype end)
{
    SqlCursor &cursor = text.at(typeName.number(u"location"));
    static constexpr QStringView ends[] = {u"USING", u"COLLATE", u"COMPRESSION"};
    const qsizetype from = cursor.position();
    const QString whole = cursor.takeItem(end);
    const qsizetype last = cursor.position();
    cursor.moveTo(from);
    while (cursor.position() < last
           && std::ranges::none_of(ends, [&](QStringView word) { return cursor.isWord(word); }))
        cursor.take();
    const bool isAll = cursor.position() >= last;
    return std::make_shared<const SqlType>(
        SqlType{.name = usualType(typeName, isAll ? whole : cursor.textSince(from), text),
                .module = u"reflected"_s});
}

ExprPtr pgDefault(const PgNode &expression, const QString &written)
{
    const bool isString = expression.is(u"A_Const") && expression.has(u"sval");
    return isString ? stringExpr(expression.node(u"sval").text(u"sval")) : textExpr(written);
}

std::optional<Identity> pgIdentity(const PgNode &constraint, PgText &text)
{
    Identity identity{.always = constraint.text(u"generated_when") == u"a"};
    for (const PgNode &option : constraint.list(u"options")) {
        const QString name = option.text(u"defname");
        const PgNode value = option.node(u"arg");
        const bool isBound = name == u"minvalue" || name == u"maxvalue";
        if (name == u"cycle") {
            if (value.flag(u"boolval"))
                identity.cycle = true;
            continue;
        }
        if (name == u"sequence_name" || name == u"as" || (isBound && !option.has(u"arg")))
            continue; // its own affair; NO MINVALUE is what it has anyway
        std::optional<qint64> *number = name == u"start"       ? &identity.start
                                        : name == u"increment" ? &identity.increment
                                        : name == u"minvalue"  ? &identity.minValue
                                        : name == u"maxvalue"  ? &identity.maxValue
                                        : name == u"cache"     ? &identity.cache
                                                               : nullptr;
        if (!number || !(*number = optionNumber(option, text)))
            return std::nullopt;
    }
    return identity;
}

bool readPgColumn(const PgNode &definition, PgText &text, Table &table)
{
    return ColumnReader(definition, text, table).read();
}

bool readPgConstraint(const PgNode &constraint, PgText &text, Table &table)
{
    const QString kind = constraint.text(u"contype");
    if (constraint.has(u"indexname"))
        return false; // USING INDEX: the columns are the index's
    if (kind == u"CONSTR_PRIMARY") {
        addPrimaryKey(constraint, constraint.texts(u"keys"), table);
    } else if (kind == u"CONSTR_UNIQUE") {
        addUnique(constraint, constraint.texts(u"keys"), false, table);
    } else if (kind == u"CONSTR_FOREIGN") {
        addForeignKey(constraint, constraint.texts(u"fk_attrs"), false, text, table);
    } else if (kind == u"CONSTR_CHECK") {
        table.constraints.append(checkOf(constraint, text));
    } else if (kind == u"CONSTR_EXCLUSION") {
        const ExcludeConstraint exclude = pgExclude(constraint, text);
        table.constraints.append(exclude);
        return !exclude.elements.isEmpty();
    } else {
        return false;
    }
    return true;
}

bool readPgTable(const PgNode &created, PgText &text, Table &table)
{
    const QList<PgNode> elements = created.list(u"tableElts");
    if (elements.size() > mostElements || created.has(u"ofTypename"))
        return false;
    if (created.node(u"relation").text(u"relpersistence") == u"u")
        table.prefixes = {u"UNLOGGED"_s};
    for (const PgNode &element : elements)
        if (element.is(u"ColumnDef") && !readPgColumn(element, text, table))
            return false;
    for (const PgNode &element : elements)
        if (!element.is(u"ColumnDef")
            && !(element.is(u"Constraint") && readPgConstraint(element, text, table)))
            return false;
    if (created.has(u"options"))
        table.options.insert(u"postgresql_with"_s, storageOf(created, text));
    if (created.has(u"tablespacename"))
        table.options.insert(u"postgresql_tablespace"_s, created.text(u"tablespacename"));
    if (created.has(u"accessMethod") && created.text(u"accessMethod") != u"heap")
        table.options.insert(u"postgresql_using"_s, created.text(u"accessMethod"));
    if (created.has(u"partspec")) {
        SqlCursor &cursor = text.at(created.node(u"partspec").number(u"location"));
        cursor.accept({u"PARTITION", u"BY"});
        const qsizetype from = cursor.position();
        cursor.take();
        cursor.takeGroup();
        table.options.insert(u"postgresql_partition_by"_s, cursor.textSince(from));
    }
    QStringList parents;
    for (const PgNode &parent : created.list(u"inhRelations"))
        parents.append(text.found(parent).text());
    if (created.has(u"partbound"))
        table.options.insert(u"postgresql_partition_of"_s, parents.value(0));
    else if (!parents.isEmpty())
        table.options.insert(u"postgresql_inherits"_s, parents);
    return true;
}

bool readPgIndex(const PgNode &created, PgText &text, Index &index)
{
    index.name.text = created.text(u"idxname");
    index.unique = created.flag(u"unique");
    if (const QString method = created.text(u"accessMethod"); method != u"btree")
        index.options.insert(u"postgresql_using"_s, method);
    SqlCursor &cursor = text.at(created.node(u"relation").number(u"location"));
    while (!cursor.atEnd() && !cursor.acceptSymbol(u"("))
        cursor.take();
    OptionMap classes;
    for (const PgNode &element : created.list(u"indexParams")) {
        index.elements.append(indexElement(element, cursor, classes));
        cursor.acceptSymbol(u",");
    }
    if (!cursor.acceptSymbol(u")"))
        return false; // the text was cut in another way than the parser cuts it
    if (!classes.entries.isEmpty())
        index.options.insert(u"postgresql_ops"_s, classes);
    QStringList included;
    for (const PgNode &element : created.list(u"indexIncludingParams"))
        included.append(element.text(u"name"));
    if (!included.isEmpty())
        index.options.insert(u"postgresql_include"_s, included);
    if (created.flag(u"nulls_not_distinct"))
        index.options.insert(u"postgresql_nulls_not_distinct"_s, true);
    if (created.has(u"options"))
        index.options.insert(u"postgresql_with"_s, storageOf(created, text));
    if (created.has(u"tableSpace"))
        index.options.insert(u"postgresql_tablespace"_s, created.text(u"tableSpace"));
    if (created.has(u"whereClause")) {
        while (!cursor.atEnd() && !cursor.take().isWord(u"WHERE")) {
        }
        index.options.insert(u"postgresql_where"_s, textExpr(cursor.takeRest()));
    }
    return true;
}

ExcludeConstraint pgExclude(const PgNode &constraint, PgText &text)
{
    const QString method = constraint.text(u"access_method");
    ExcludeConstraint exclude{.name = {.text = constraint.text(u"conname")}, .method = method};
    setDeferralOf(constraint, exclude);
    SqlCursor &cursor = text.at(constraint.number(u"location"));
    while (!cursor.atEnd() && !cursor.take().isWord(u"EXCLUDE")) {
    }
    while (!cursor.atEnd() && !cursor.acceptSymbol(u"("))
        cursor.take();
    for (const PgNode &pair : constraint.list(u"exclusions")) {
        const QList<PgNode> parts = pair.list(u"items");
        if (parts.size() != 2)
            return {};
        const qsizetype from = cursor.position();
        ExprPtr element = elementOf(parts[0], cursor);
        const QString opclass = pgTableName(parts[0].texts(u"opclass")).name;
        if (parts[0].has(u"name") && !opclass.isEmpty())
            exclude.operatorClasses.insert(element->text, opclass);
        while (!cursor.atEnd() && !cursor.isWord(u"WITH"))
            cursor.take();
        if (!parts[0].has(u"name"))
            element = textExpr(cursor.textSince(from));
        cursor.take();
        exclude.elements.append({element, cursor.takeItem()});
        cursor.acceptSymbol(u",");
    }
    if (constraint.has(u"where_clause"))
        exclude.where = textExpr(groupAfter(cursor, u"WHERE"));
    return exclude;
}

} // namespace tribikos
