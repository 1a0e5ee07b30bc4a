#include "core/base/sqltokenizer.h"
#include "core/db/sqltext.h"
#include "core/reflect/postgrescatalogue.h"
#include "core/reflect/postgresqueries.h"

#include <QSet>

using namespace Qt::StringLiterals;

namespace tribikos::postgres {

namespace {

ExprPtr postfix(const QString &word, const ExprPtr &operand)
{
    return std::make_shared<const Expr>(
        Expr{.kind = Expr::Kind::Unary, .text = word, .args = {operand}, .flag = true});
}

/// pg_index.indoption: bit 0 descending, bit 1 NULLs first. Only what is not the default is said.
ExprPtr ordered(const ExprPtr &element, int option)
{
    const bool isDescending = option & 1;
    const bool nullsFirst = option & 2;
    ExprPtr result = isDescending ? postfix(u"DESC"_s, element) : element;
    if (nullsFirst != isDescending)
        result = postfix(nullsFirst ? u"NULLS FIRST"_s : u"NULLS LAST"_s, result);
    return result;
}

/// One element of an EXCLUDE constraint: expression, operator class, WITH operator.
void readElement(const QString &text, ExcludeConstraint &exclude)
{
    const QList<SqlToken> tokens = sqlTokens(text, Backend::PostgreSql);
    qsizetype with = tokens.size() - 1;
    while (with > 0 && !tokens[with].isWord(u"WITH"))
        --with;
    if (with == 0)
        return;
    const QString op = text.mid(tokens[with].end).trimmed();
    const bool isColumn =
        tokens[0].isName() && with <= 2 && (with == 1 || tokens[1].kind == SqlToken::Kind::Word);
    if (!isColumn) {
        exclude.elements.append({textExpr(sqlBetween(text, tokens, 0, with)), op});
        return;
    }
    if (with == 2)
        exclude.operatorClasses.insert(tokens[0].text, tokens[1].text);
    exclude.elements.append({columnExpr(tokens[0].text), op});
}

} // namespace

ExcludeConstraint excludeConstraint(const QString &text)
{
    const QList<SqlToken> tokens = sqlTokens(text, Backend::PostgreSql);
    ExcludeConstraint exclude;
    int depth = 0;
    qsizetype from = -1; // where the element, or the condition, begins
    bool isCondition = false;
    for (qsizetype i = 0; i + 1 < tokens.size(); ++i) {
        const SqlToken &token = tokens[i];
        if (depth == 0 && token.isWord(u"USING"))
            exclude.method = tokens[i + 1].text;
        isCondition = isCondition || (depth == 0 && token.isWord(u"WHERE"));
        if (token.isSymbol(u"(") && ++depth == 1)
            from = i + 1;
        const bool ends = token.isSymbol(u")") && --depth == 0;
        if (from < 0 || !(ends || (depth == 1 && token.isSymbol(u",") && !isCondition)))
            continue;
        const QString part = sqlBetween(text, tokens, from, i);
        if (isCondition)
            exclude.where = textExpr(part);
        else
            readElement(part, exclude);
        from = ends ? -1 : i + 1;
    }
    return exclude;
}

Status Catalogue::readOperatorClasses()
{
    const auto found = rows(operatorClasses());
    if (!found)
        return found.error();
    for (const Row &row : *found)
        m_operatorClasses.insert(row[0].toLongLong(), row[1].toString());
    return done();
}

/// The names of those collations of \a indexes that are not their columns'.
Status Catalogue::readCollations(const QList<Row> &indexes)
{
    QSet<QString> wanted;
    for (const Row &row : indexes) {
        const auto owner = m_relations.constFind(row[1].toLongLong());
        if (owner == m_relations.cend())
            continue;
        const QStringList numbers = row[6].toString().split(u' ');
        const QStringList used = row[10].toString().split(u' ');
        for (qsizetype i = 0; i < used.size() && i < numbers.size(); ++i)
            if (used[i].toLongLong() != owner->collations.value(numbers[i].toInt()))
                wanted.insert(used[i]);
    }
    wanted.remove(u"0"_s);
    wanted.remove(u"100"_s); // the default collation
    wanted.remove(QString());
    if (wanted.isEmpty())
        return done();
    const auto found = rows(u"SELECT oid, collname FROM pg_collation WHERE oid IN (%1)"_s.arg(
        QStringList(wanted.values()).join(u',')));
    if (!found)
        return found.error();
    for (const Row &row : *found)
        m_collations.insert(row[0].toLongLong(), row[1].toString());
    return done();
}

/// The element at \a place; operator classes go to \a ops where the printers look for them.
ExprPtr Catalogue::indexElement(qsizetype place, const IndexLists &lists, const Relation &owner,
                                OptionMap &ops) const
{
    const int number = int(lists.numbers.value(place));
    const QString column = owner.columns.value(number);
    const QString written = lists.written.value(place);
    ExprPtr element = number != 0 ? columnExpr(column) : textExpr(written);
    const qint64 collation = lists.collations.value(place);
    const QString collationName =
        collation == owner.collations.value(number) ? QString() : m_collations.value(collation);
    const QString opclass = m_operatorClasses.value(lists.classes.value(place));
    const int option = int(lists.orders.value(place));
    if (collationName.isEmpty() && (opclass.isEmpty() || option == 0)) {
        if (!opclass.isEmpty())
            ops.entries.append({element->text, opclass});
        return ordered(element, option);
    }
    // The printers have no place for all of it: the element as text.
    QString text = number != 0 ? quotedIdentifier(column, Backend::PostgreSql) : written;
    if (!collationName.isEmpty())
        text += u" COLLATE "_s + quotedIdentifier(collationName, Backend::PostgreSql);
    if (!opclass.isEmpty())
        text += u' ' + opclass;
    return ordered(textExpr(text), option);
}

namespace {

/// The numbers of an int2vector or oidvector.
QList<qint64> numbersOf(const QVariant &cell)
{
    QList<qint64> numbers;
    for (const QStringView part : qTokenize(cell.toString(), u' ', Qt::SkipEmptyParts))
        numbers.append(part.toLongLong());
    return numbers;
}

} // namespace

IndexEntry Catalogue::index(const Row &row, const Relation &owner) const
{
    IndexEntry entry{.table = row[1].toLongLong()};
    Index &index = entry.index;
    index.name.text = row[2].toString();
    index.unique = row[4].toBool();
    const QString method = row[3].toString();
    if (method != u"btree")
        index.options.insert(u"postgresql_using"_s, method);
    if (row[5].toBool())
        index.options.insert(u"postgresql_nulls_not_distinct"_s, true);
    const QStringList numbers = row[6].toString().split(u' ', Qt::SkipEmptyParts);
    const int keys = std::min(row[7].toInt(), int(numbers.size()));
    const IndexLists lists{.numbers = numbersOf(row[6]),
                           .orders = numbersOf(row[8]),
                           .classes = numbersOf(row[9]),
                           .collations = numbersOf(row[10]),
                           .written = row[11].toString().split(QChar(listMark))};
    OptionMap ops;
    for (int i = 0; i < keys; ++i)
        index.elements.append(indexElement(i, lists, owner, ops));
    if (!ops.entries.isEmpty())
        index.options.insert(u"postgresql_ops"_s, ops);
    const QStringList include = columnNames(numbers.mid(keys).join(u','), owner);
    if (!include.isEmpty())
        index.options.insert(u"postgresql_include"_s, include);
    if (!row[12].isNull())
        index.options.insert(u"postgresql_where"_s, textExpr(row[12].toString()));
    if (!row[13].isNull())
        index.options.insert(u"postgresql_with"_s, storageOptions(row[13].toString()));
    if (!row[14].isNull())
        index.options.insert(u"postgresql_tablespace"_s, row[14].toString());
    return entry;
}

Status Catalogue::readIndexes()
{
    const auto found = rows(indexes(m_version));
    if (!found)
        return found.error();
    if (found->isEmpty())
        return done();
    if (const Status classes = readOperatorClasses(); !classes)
        return classes;
    if (const Status collations = readCollations(*found); !collations)
        return collations;
    for (const Row &row : *found) {
        const auto owner = m_relations.constFind(row[1].toLongLong());
        if (owner == m_relations.cend() || !owner->isTable())
            continue; // a materialized view's goes with its view
        m_indexOrder.append(row[0].toLongLong());
        m_indexes.insert(row[0].toLongLong(), index(row, *owner));
    }
    return done();
}

} // namespace tribikos::postgres
