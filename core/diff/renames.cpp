#include "core/diff/renames.h"

#include "core/diff/facts.h"
#include "core/diff/rules.h"

#include <algorithm>
#include <numeric>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

constexpr qsizetype mostPairs = 2500; // what has more is another schema, not another name
constexpr double similar = 0.5;
constexpr double verySimilar = 0.7; // of small tables, many of which have the same columns

/// How many letters it takes to make one name of the other.
qsizetype editDistance(const QString &a, const QString &b)
{
    QList<qsizetype> row(b.size() + 1);
    std::iota(row.begin(), row.end(), 0);
    for (qsizetype i = 1; i <= a.size(); ++i) {
        qsizetype diagonal = std::exchange(row[0], i);
        for (qsizetype j = 1; j <= b.size(); ++j) {
            const qsizetype changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row.constLast();
}

/// 0: nothing in common, 1: the same. "name" and "full_name" share a word.
double likeness(const QString &from, const QString &to)
{
    const QString a = from.toLower();
    const QString b = to.toLower();
    const QStringList words = a.split(u'_', Qt::SkipEmptyParts);
    const QStringList others = b.split(u'_', Qt::SkipEmptyParts);
    const auto isIn = [](const QStringList &all) {
        return [&all](const QString &word) { return all.contains(word); };
    };
    if (std::ranges::all_of(words, isIn(others)) || std::ranges::all_of(others, isIn(words)))
        return 0.8;
    const qsizetype longest = std::max<qsizetype>(1, std::max(a.size(), b.size()));
    return 1.0 - double(editDistance(a, b)) / double(longest);
}

/// One side's names and facts.
class RenameSide
{
public:
    RenameSide(const Schema &schema, const QSet<QString> &tables, Backend backend)
        : m_backend(backend)
        , m_facts(schemaFacts(schema, backend, [&](const TableName &name) {
            return tables.contains(foldedName(name, backend).text());
        }))
    {
        for (const Table &table : schema.tables)
            m_tables.insert(foldedName(table.name, backend), &table);
    }

    const TableFact *fact(const TableName &name) const
    {
        const auto found = m_facts.tables.constFind(foldedName(name, m_backend));
        return found == m_facts.tables.cend() || !found->hasDefinition() ? nullptr : &*found;
    }
    const ColumnFact *column(const TableName &table, const QString &name) const
    {
        const TableFact *owner = fact(table);
        const auto found = owner ? owner->columns.constFind(foldedName(name, m_backend))
                                 : QMap<QString, ColumnFact>::const_iterator();
        return !owner || found == owner->columns.cend() ? nullptr : &*found;
    }
    qsizetype place(const TableName &table, const QString &name) const
    {
        const Table *owner = m_tables.value(foldedName(table, m_backend));
        const auto isNamed = [&](const Column &column) {
            return foldedName(column.name, m_backend) == foldedName(name, m_backend);
        };
        return owner ? std::ranges::find_if(owner->columns, isNamed) - owner->columns.cbegin() : -1;
    }
    bool isKey(const TableName &table, const QString &name) const
    {
        const Table *owner = m_tables.value(foldedName(table, m_backend));
        const PrimaryKey *key = owner ? owner->primaryKey() : nullptr;
        return key && key->columns.contains(name, Qt::CaseInsensitive);
    }

private:
    const Backend m_backend;
    const SchemaFacts m_facts;
    QMap<TableName, const Table *> m_tables{};
};

struct RatedRename
{
    Rename rename{};
    double rating = 0;
};

/// Best first; what is the end of one is not the end of another.
QList<Rename> bestOf(QList<RatedRename> rated)
{
    std::ranges::stable_sort(rated, std::ranges::greater(), &RatedRename::rating);
    QList<Rename> chosen;
    for (const RatedRename &each : std::as_const(rated)) {
        const bool isTaken = std::ranges::any_of(chosen, [&](const Rename &other) {
            return other.table.schema == each.rename.table.schema
                   && (each.rename.column.isEmpty() || other.table == each.rename.table)
                   && ((each.rename.column.isEmpty() ? other.table.name == each.rename.table.name
                                                     : other.column == each.rename.column)
                       || other.newName == each.rename.newName);
        });
        if (!isTaken)
            chosen.append(each.rename);
    }
    return chosen;
}

class RenameFinder
{
public:
    RenameFinder(const QList<Difference> &differences, const RenameSides &sides, Backend backend)
        : m_backend(backend)
    {
        sort(differences, sides);
        QSet<QString> wanted;
        for (const QList<Difference> *list : {&m_goneTables, &m_newTables, &m_gone, &m_new})
            for (const Difference &difference : *list)
                wanted.insert(foldedName(difference.table, backend).text());
        m_from.emplace(sides.from, wanted, backend);
        m_to.emplace(sides.to, wanted, backend);
    }
    QList<Rename> find() { return tables() + columns(); }

private:
    void sort(const QList<Difference> &differences, const RenameSides &sides);
    QList<Rename> tables() const;
    QList<Rename> columns() const;
    double rating(const Difference &gone, const Difference &come, bool areOnly) const;
    bool areAlike(const ColumnFact &a, const ColumnFact &b) const;
    double tableRating(const TableName &gone, const TableName &come) const;

    const Backend m_backend;
    QList<Difference> m_goneTables{};
    QList<Difference> m_newTables{};
    QList<Difference> m_gone{};
    QList<Difference> m_new{};
    std::optional<RenameSide> m_from{};
    std::optional<RenameSide> m_to{};
};

void RenameFinder::sort(const QList<Difference> &differences, const RenameSides &sides)
{
    for (const Difference &difference : differences) {
        const bool isHere = difference.*sides.inFrom;
        const bool isThere = difference.*sides.inTo;
        if (isHere == isThere || !difference.aspect.isEmpty())
            continue;
        if (difference.kind == Difference::Kind::Table)
            (isHere ? m_goneTables : m_newTables).append(difference);
        else if (difference.kind == Difference::Kind::Column)
            (isHere ? m_gone : m_new).append(difference);
    }
    if (m_goneTables.size() * m_newTables.size() > mostPairs)
        m_goneTables.clear();
    if (m_goneTables.isEmpty() || m_newTables.isEmpty()) {
        m_goneTables.clear();
        m_newTables.clear();
    }
}

bool RenameFinder::areAlike(const ColumnFact &a, const ColumnFact &b) const
{
    const bool sameDefault = !a.isDefaultKnown || !b.isDefaultKnown || a.defaultKey == b.defaultKey;
    return a.isNullable == b.isNullable && sameDefault
           && sameTypeShape(a.type, b.type, rulesFor(m_backend));
}

/// 0: they are two columns.
double RenameFinder::rating(const Difference &gone, const Difference &come, bool areOnly) const
{
    const ColumnFact *from = m_from->column(gone.table, gone.name);
    const ColumnFact *to = m_to->column(come.table, come.name);
    if (!from || !to || !areAlike(*from, *to)
        || m_from->isKey(gone.table, gone.name) != m_to->isKey(come.table, come.name))
        return 0;
    const bool isSamePlace =
        m_from->place(gone.table, gone.name) == m_to->place(come.table, come.name);
    const double like = likeness(gone.name, come.name);
    return like >= similar || isSamePlace || areOnly ? 0.01 + like + (isSamePlace ? 0.3 : 0.0) : 0;
}

QList<Rename> RenameFinder::columns() const
{
    QMap<TableName, std::pair<QList<Difference>, QList<Difference>>> byTable;
    for (const Difference &difference : m_gone)
        byTable[difference.table].first.append(difference);
    for (const Difference &difference : m_new)
        byTable[difference.table].second.append(difference);
    QList<Rename> found;
    for (const auto &[gone, come] : std::as_const(byTable)) {
        if (gone.size() * come.size() > mostPairs)
            continue;
        QList<RatedRename> rated;
        for (const Difference &one : gone)
            for (const Difference &other : come)
                if (const double how = rating(one, other, gone.size() == 1 && come.size() == 1))
                    rated.append({{one.table, one.name, other.name}, how});
        found += bestOf(rated);
    }
    return found;
}

/// How much of their columns two tables share, and how alike their names are; 0: they are two tables.
double RenameFinder::tableRating(const TableName &gone, const TableName &come) const
{
    const TableFact *from = m_from->fact(gone);
    const TableFact *to = m_to->fact(come);
    if (!from || !to || gone.schema != come.schema || from->columns.isEmpty())
        return 0;
    qsizetype shared = 0;
    for (auto column = from->columns.cbegin(); column != from->columns.cend(); ++column) {
        const auto other = to->columns.constFind(column.key());
        if (other != to->columns.cend() && areAlike(*column, *other))
            ++shared;
    }
    const qsizetype all = from->columns.size() + to->columns.size() - shared;
    const double part = double(shared) / double(all);
    const double like = likeness(gone.name, come.name);
    const bool isSame = shared == all && (shared > 2 || like >= verySimilar);
    return isSame || (part >= 0.6 && like >= similar) ? part + like : 0;
}

QList<Rename> RenameFinder::tables() const
{
    QList<RatedRename> rated;
    for (const Difference &gone : m_goneTables)
        for (const Difference &come : m_newTables)
            if (const double how = tableRating(gone.table, come.table))
                rated.append({{gone.table, {}, come.table.name}, how});
    return bestOf(rated);
}

bool isEnd(const Difference &difference, const Rename &rename)
{
    if (!difference.aspect.isEmpty())
        return false;
    if (rename.column.isEmpty())
        return difference.kind == Difference::Kind::Table
               && difference.table.schema == rename.table.schema
               && (difference.table.name == rename.table.name
                   || difference.table.name == rename.newName);
    return difference.kind == Difference::Kind::Column && difference.table == rename.table
           && (difference.name == rename.column || difference.name == rename.newName);
}

} // namespace

QList<Rename> renameCandidates(const QList<Difference> &differences, const RenameSides &sides,
                               Backend backend)
{
    return RenameFinder(differences, sides, backend).find();
}

const Rename *renameOf(const Difference &difference, const QList<Rename> &renames)
{
    const auto found = std::ranges::find_if(
        renames, [&](const Rename &rename) { return isEnd(difference, rename); });
    return found == renames.cend() ? nullptr : &*found;
}

void askAboutRenames(QList<Difference> &differences, const QList<Rename> &renames)
{
    for (Difference &difference : differences) {
        const Rename *rename = renameOf(difference, renames);
        if (!rename)
            continue;
        const bool isOfTable = rename->column.isEmpty();
        const QString &here = isOfTable ? difference.table.name : difference.name;
        const QString question =
            here == rename->newName
                ? u"is it %1, renamed?"_s.arg(isOfTable ? rename->table.name : rename->column)
                : u"is it renamed to %1?"_s.arg(rename->newName);
        difference.explanation += difference.explanation.isEmpty() ? question : u"; "_s + question;
    }
}

} // namespace tribikos
