#include "core/base/sqltokenizer.h"
#include "core/db/sqltext.h"
#include "core/reflect/leftout.h"
#include "core/reflect/mysqlcatalogue.h"
#include "core/reflect/mysqltypes.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos::mysql {

namespace {

/// "utf8mb4_general_ci" belongs to utf8mb4.
QString charsetOf(const QString &collation)
{
    return collation.section(u'_', 0, 0);
}

/// The value of one of our options that is text.
QString textOption(const Table &table, const QString &name)
{
    const DialectOption option = table.options.value(name, QString());
    const auto *text = std::get_if<QString>(&option);
    return text ? *text : QString();
}

/// "row_format=COMPRESSED key_block_size=8 partitioned" to options.
void addCreateOptions(const QString &text, const QString &prefix, DialectOptions &options)
{
    for (QString part : text.split(u' ', Qt::SkipEmptyParts)) {
        part.remove(u'`');
        const QString key = part.section(u'=', 0, 0).toLower();
        if (part.contains(u'=') && !key.isEmpty())
            options.insert(prefix + key, part.section(u'=', 1));
    }
}

bool isNumberType(const QString &type)
{
    static const QStringList words{u"int"_s,       u"bigint"_s,  u"smallint"_s, u"tinyint"_s,
                                   u"mediumint"_s, u"decimal"_s, u"float"_s,    u"double"_s,
                                   u"year"_s,      u"bit"_s};
    return std::ranges::any_of(words, [&](const QString &word) { return type.startsWith(word); });
}

} // namespace

Status Catalogue::readTables()
{
    const auto found = m_session.query(
        u"SELECT table_name, table_type, engine, table_collation, create_options, table_comment "
        "FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY table_name"_s);
    if (!found)
        return found.error();
    for (const Row &row : *found) {
        Table table{.name = {{}, row[0].toString()}};
        const QString kind = row[1].toString();
        if (isLeftOut(table.name, m_versionTable, Qt::CaseInsensitive) || kind == u"TEMPORARY")
            continue;
        if (kind == u"SEQUENCE")
            add({.kind = NamedObject::Kind::Sequence, .name = table.name});
        m_hasViews = m_hasViews || kind == u"VIEW";
        if (kind != u"BASE TABLE" && kind != u"SYSTEM VERSIONED")
            continue;
        table.isOpaque = kind == u"SYSTEM VERSIONED"; // its periods are no columns of anybody's
        const QString collation = row[3].toString();
        if (!row[2].isNull())
            table.options.insert(optionName(u"engine"_s), row[2].toString());
        if (!collation.isEmpty()) {
            table.options.insert(optionName(u"default_charset"_s), charsetOf(collation));
            table.options.insert(optionName(u"collate"_s), collation);
        }
        addCreateOptions(row[4].toString(), m_prefix, table.options);
        m_hasPartitions = m_hasPartitions || row[4].toString().contains(u"partitioned"_s);
        table.comment = row[5].toString();
        table.hasComment = !table.comment.isEmpty();
        m_schema.tables.insert(table.name, table);
    }
    return done();
}

Status Catalogue::readPartitions()
{
    if (!m_hasPartitions)
        return done();
    const auto found = m_session.query(
        u"SELECT table_name, partition_name, subpartition_name, partition_method, "
        u"subpartition_method, "
        "partition_expression, subpartition_expression, partition_description "
        "FROM information_schema.partitions WHERE table_schema = DATABASE() "
        "AND partition_name IS NOT NULL "
        "ORDER BY table_name, partition_ordinal_position, subpartition_ordinal_position"_s);
    if (!found)
        return found.error();
    QMap<QString, QStringList> parts; // by table
    QMap<QString, QString> methods;
    for (const Row &row : *found) {
        const QString name = row[0].toString();
        Table *owner = table(name);
        if (!owner)
            continue;
        const QString method = row[3].toString();
        methods.insert(name, u"%1 (%2)"_s.arg(method, row[5].toString()));
        if (!row[4].isNull())
            owner->options.insert(optionName(u"subpartition_by"_s),
                                  u"%1 (%2)"_s.arg(row[4].toString(), row[6].toString()));
        QString part = u"PARTITION "_s + quotedIdentifier(row[1].toString(), Backend::MySql);
        const QString values = row[7].toString();
        if (method.startsWith(u"RANGE"))
            part +=
                u" VALUES LESS THAN "_s + (values == u"MAXVALUE" ? values : u'(' + values + u')');
        else if (method.startsWith(u"LIST"))
            part += u" VALUES IN ("_s + values + u')';
        if (!parts[name].contains(part))
            parts[name].append(part);
    }
    for (auto i = methods.cbegin(); i != methods.cend(); ++i)
        table(i.key())->options.insert(optionName(u"partition_by"_s),
                                       u"%1 (%2)"_s.arg(*i, parts.value(i.key()).join(u", "_s)));
    return done();
}

/// MariaDB writes a default as SQL; MySQL writes a constant bare, and marks an expression.
ExprPtr Catalogue::defaultOf(const Row &row) const
{
    const QString extra = row[8].toString();
    const qsizetype at = extra.indexOf(u"on update "_s, 0, Qt::CaseInsensitive);
    const QString onUpdate = at < 0 ? QString() : u" ON UPDATE "_s + extra.mid(at + 10);
    const QString text = row[4].toString();
    const bool isNone = row[4].isNull() || (m_isMariaDb && text == u"NULL");
    if (isNone)
        return onUpdate.isEmpty() ? nullptr : textExpr(u"NULL"_s + onUpdate);
    const bool isExpression = m_isMariaDb || extra.contains(u"DEFAULT_GENERATED"_s)
                              || text.startsWith(u"CURRENT_TIMESTAMP"_s)
                              || isNumberType(row[2].toString());
    if (!isExpression)
        return stringExpr(text);
    const QList<SqlToken> tokens = sqlTokens(text, Backend::MySql);
    const bool isString = tokens.size() == 2 && tokens[0].kind == SqlToken::Kind::String;
    return isString ? stringExpr(tokens[0].text) : textExpr(text + onUpdate);
}

Column Catalogue::column(const Row &row, const Table &owner)
{
    Column column{.name = row[1].toString(), .nullable = row[3].toString() == u"YES"};
    QString charset = row[5].toString();
    QString collation = row[6].toString();
    if (collation == textOption(owner, optionName(u"collate"_s)))
        collation.clear();
    if (charset == textOption(owner, optionName(u"default_charset"_s)))
        charset.clear();
    const QString text = row[2].toString();
    SqlTypePtr &type = m_columnTypes[text + u'\n' + charset + u'\n' + collation];
    if (!type) // thousands share a dozen
        type = columnType(text, charset, collation);
    column.type = type;
    column.comment = row[7].toString();
    column.hasComment = !column.comment.isEmpty();
    const QString extra = row[8].toString();
    if (extra.contains(u"auto_increment"_s, Qt::CaseInsensitive))
        column.autoincrement = AutoIncrement::Yes;
    if (const QString expression = row[9].toString(); !expression.isEmpty())
        column.computed = Computed{textExpr(expression),
                                   extra.contains(u"STORED"_s) || extra.contains(u"PERSISTENT"_s)};
    else
        column.serverDefault = defaultOf(row);
    return column;
}

Status Catalogue::readColumns()
{
    const auto found = m_session.query(
        u"SELECT table_name, column_name, column_type, is_nullable, column_default, "
        "character_set_name, collation_name, column_comment, extra, generation_expression "
        "FROM information_schema.columns WHERE table_schema = DATABASE() "
        "ORDER BY table_name, ordinal_position"_s);
    if (!found)
        return found.error();
    Table *owner = nullptr;
    for (const Row &row : *found) {
        const QString name = row[0].toString();
        if (!owner || owner->name.name != name)
            owner = table(name);
        if (owner)
            owner->columns.append(column(row, *owner));
    }
    return done();
}

Status Catalogue::readIndexes()
{
    const bool hasExpressions = !m_isMariaDb && m_version >= 80013;
    const auto found =
        m_session.query(u"SELECT table_name, index_name, column_name, non_unique, sub_part, "
                        u"index_type, collation, %1 "
                        "FROM information_schema.statistics WHERE table_schema = DATABASE() "
                        "ORDER BY table_name, index_name, seq_in_index"_s.arg(
                            hasExpressions ? u"expression"_s : u"NULL"_s));
    if (!found)
        return found.error();
    for (qsizetype at = 0; at < found->size();) {
        const QString name = found->at(at)[0].toString();
        IndexRows entry{.name = found->at(at)[1].toString()};
        for (; at < found->size() && found->at(at)[0].toString() == name
               && found->at(at)[1].toString() == entry.name;
             ++at)
            entry.rows.append(found->at(at));
        if (Table *owner = table(name))
            addIndex(entry, *owner);
    }
    return done();
}

void Catalogue::addIndex(const IndexRows &entry, Table &owner) const
{
    Index index{.name = {.text = entry.name}, .unique = entry.rows[0][3].toInt() == 0};
    OptionMap lengths;
    QStringList columns;
    for (const Row &row : entry.rows) {
        const QString column = row[2].toString();
        const bool isDescending = row[6].toString() == u"D";
        const QString length = row[4].toString();
        ExprPtr element =
            row[2].isNull() ? textExpr(u'(' + row[7].toString() + u')') : columnExpr(column);
        if (!length.isEmpty() && isDescending) // the printers have no place for both
            element = textExpr(u"%1(%2)"_s.arg(quotedIdentifier(column, Backend::MySql), length));
        else if (!length.isEmpty())
            lengths.entries.append({column, length});
        if (isDescending)
            element = std::make_shared<const Expr>(Expr{
                .kind = Expr::Kind::Unary, .text = u"DESC"_s, .args = {element}, .flag = true});
        if (element->kind == Expr::Kind::Column)
            columns.append(column);
        index.elements.append(element);
    }
    const QString method = entry.rows[0][5].toString();
    const bool isPlain =
        method == u"BTREE" && lengths.entries.isEmpty() && columns.size() == index.elements.size();
    if (entry.name == u"PRIMARY") {
        PrimaryKey key{};
        for (const Row &row : entry.rows)
            key.columns.append(row[2].toString());
        for (Column &column : owner.columns) {
            column.primaryKey = key.columns.contains(column.name);
            if (column.primaryKey && column.autoincrement != AutoIncrement::Yes)
                column.autoincrement = AutoIncrement::No;
        }
        owner.constraints.prepend(key);
        return;
    }
    if (index.unique && isPlain) {
        owner.constraints.append(UniqueConstraint{.name = index.name, .columns = columns});
        return;
    }
    if (method == u"FULLTEXT" || method == u"SPATIAL")
        index.options.insert(optionName(u"prefix"_s), method);
    else if (method != u"BTREE")
        index.options.insert(optionName(u"using"_s), method);
    if (!lengths.entries.isEmpty() && method != u"SPATIAL") // whose 32 bytes are nobody's choice
        index.options.insert(optionName(u"length"_s), lengths);
    owner.indexes.append(index);
}

} // namespace tribikos::mysql
