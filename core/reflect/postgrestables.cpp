#include "core/reflect/leftout.h"
#include "core/reflect/postgrescatalogue.h"
#include "core/reflect/postgresqueries.h"

using namespace Qt::StringLiterals;

namespace tribikos::postgres {

namespace {

QString referentialAction(const QVariant &value)
{
    static const QHash<QString, QString> actions{{u"r"_s, u"RESTRICT"_s},
                                                 {u"c"_s, u"CASCADE"_s},
                                                 {u"n"_s, u"SET NULL"_s},
                                                 {u"d"_s, u"SET DEFAULT"_s}};
    return actions.value(value.toString()); // "a" is NO ACTION, the default
}

template<typename T>
void setDeferral(const Row &row, T &constraint)
{
    if (!row[3].toBool())
        return;
    constraint.deferrable = true;
    if (row[4].toBool())
        constraint.initially = u"DEFERRED"_s;
}

} // namespace

QStringList columnNames(const QString &numbers, const Relation &owner, QChar separator)
{
    QStringList names;
    for (const QString &number : numbers.split(separator, Qt::SkipEmptyParts))
        names.append(owner.columns.value(number.toInt()));
    return names;
}

OptionMap storageOptions(const QString &listed)
{
    OptionMap options;
    for (const QString &option : listed.split(QChar(listMark), Qt::SkipEmptyParts))
        options.entries.append({option.section(u'=', 0, 0), option.section(u'=', 1)});
    return options;
}

Status Catalogue::readRelations()
{
    const auto found = rows(relations());
    if (!found)
        return found.error();
    for (const Row &row : *found) {
        Relation relation{.kind = row[3].toString().at(0), .isPartition = row[5].toBool()};
        Table &table = relation.table;
        table.name = {namespaceName(row[1].toLongLong()), row[2].toString()};
        if (isLeftOut(table.name, m_versionTable, Qt::CaseSensitive))
            continue;
        m_hasChildren = m_hasChildren || row[13].toBool();
        if (!relation.isTable()) {
            const bool isStored = relation.kind == u'm';
            add({.kind = isStored ? NamedObject::Kind::MaterializedView : NamedObject::Kind::View,
                 .name = table.name,
                 .definition = row[10].toString()});
        }
        table.hasComment = !row[9].isNull();
        table.comment = row[9].toString();
        table.isOpaque = relation.kind == u'f';
        if (row[4].toString() == u"u")
            table.prefixes = {u"UNLOGGED"_s};
        if (!row[6].isNull())
            table.options.insert(u"postgresql_with"_s, storageOptions(row[6].toString()));
        if (const QString method = row[7].toString(); !method.isEmpty() && method != u"heap")
            table.options.insert(u"postgresql_using"_s, method);
        if (!row[8].isNull())
            table.options.insert(u"postgresql_tablespace"_s, row[8].toString());
        if (!row[11].isNull())
            table.options.insert(u"postgresql_partition_by"_s, row[11].toString());
        if (!row[12].isNull())
            table.options.insert(u"postgresql_partition_bounds"_s, row[12].toString());
        m_order.append(row[0].toLongLong());
        m_relations.insert(row[0].toLongLong(), relation);
    }
    return done();
}

Status Catalogue::readInheritance()
{
    if (!m_hasChildren)
        return done();
    const auto found = rows(inheritance());
    if (!found)
        return found.error();
    for (const Row &row : *found) {
        const auto child = m_relations.find(row[0].toLongLong());
        const auto parent = m_relations.constFind(row[1].toLongLong());
        if (child == m_relations.end() || parent == m_relations.cend())
            continue;
        DialectOptions &options = child->table.options;
        const QString name = parent->table.name.text();
        if (child->isPartition) {
            options.insert(u"postgresql_partition_of"_s, name);
        } else {
            const DialectOption known = options.value(u"postgresql_inherits"_s, QStringList());
            options.insert(u"postgresql_inherits"_s,
                           std::get<QStringList>(known) + QStringList(name));
        }
    }
    return done();
}

/// The default of a column, or what stands in its place: a sequence, an identity, an expression.
void Catalogue::setDefault(Column &column, const Row &row, Relation &owner) const
{
    const QString text = row[11].toString();
    if (const QString generated = row[8].toString(); !generated.isEmpty()) {
        column.computed = Computed{textExpr(text), generated == u"s"};
        return;
    }
    const auto own = owner.ownSequences.constFind(column.name);
    if (const QString identity = row[7].toString(); !identity.isEmpty()) {
        column.identity = own == owner.ownSequences.cend() ? Identity() : m_sequences[*own].options;
        column.identity->always = identity == u"a";
        owner.ownSequences.remove(column.name);
        return;
    }
    if (!text.isEmpty())
        column.serverDefault = textExpr(text);
    if (!text.startsWith(u"nextval("))
        owner.ownSequences.remove(column.name);
}

Column Catalogue::column(const Row &row, Relation &owner)
{
    Column column{.name = row[2].toString()};
    const QString text = row[5].toString();
    SqlTypePtr &type = m_columnTypes[{row[3].toLongLong(), text}]; // thousands share a dozen
    if (!type)
        type = columnType(text, row[3].toLongLong(), row[4].toLongLong(), m_types);
    column.type = type;
    column.nullable = !row[6].toBool();
    column.collation = row[9].toString();
    column.hasComment = !row[12].isNull();
    column.comment = row[12].toString();
    setDefault(column, row, owner);
    return column;
}

Status Catalogue::readColumns()
{
    const auto found = rows(columns());
    if (!found)
        return found.error();
    QHash<std::pair<qint64, int>, qint64> sequences; // table and column -> sequence
    for (const qint64 oid : std::as_const(m_sequenceOrder)) {
        const SequenceEntry &entry = *m_sequences.constFind(oid);
        sequences.insert({entry.owner, entry.ownerColumn}, oid);
    }
    for (const Row &row : *found) {
        const auto owner = m_relations.find(row[0].toLongLong());
        if (owner == m_relations.end())
            continue;
        const int number = row[1].toInt();
        const QString name = row[2].toString();
        owner->columns.insert(number, name);
        owner->collations.insert(number, row[10].toLongLong());
        const auto sequence = sequences.constFind({row[0].toLongLong(), number});
        if (sequence != sequences.cend())
            owner->ownSequences.insert(name, *sequence);
        owner->table.columns.append(column(row, *owner));
    }
    return done();
}

Constraint Catalogue::key(const Row &row, const Relation &owner)
{
    const Name name{.text = row[1].toString()};
    const QStringList columns = columnNames(row[6].toString(), owner);
    DialectOptions options;
    const auto index = m_indexes.find(row[12].toLongLong());
    if (index != m_indexes.end()) {
        index->isOfConstraint = true;
        for (const QString &kept : {u"postgresql_include"_s, u"postgresql_nulls_not_distinct"_s})
            if (const auto option = index->index.options.constFind(kept);
                option != index->index.options.cend())
                options.insert(kept, *option);
    }
    if (row[2].toString() == u"p")
        return PrimaryKey{.name = name, .columns = columns, .options = options};
    UniqueConstraint unique{.name = name, .columns = columns, .options = options};
    setDeferral(row, unique);
    return unique;
}

Constraint Catalogue::foreignKey(const Row &row, const Relation &owner) const
{
    ForeignKey key{.name = {.text = row[1].toString()},
                   .columns = columnNames(row[6].toString(), owner)};
    const auto target = m_relations.constFind(row[7].toLongLong());
    if (target != m_relations.cend()) {
        key.target = target->table.name;
        key.targetColumns = columnNames(row[8].toString(), *target);
    }
    key.onUpdate = referentialAction(row[9]);
    key.onDelete = referentialAction(row[10]);
    const QStringList set = columnNames(row[14].toString(), owner);
    if (!set.isEmpty())
        key.onDelete += u" (%1)"_s.arg(set.join(u", "_s));
    if (row[11].toString() == u"f")
        key.match = u"FULL"_s;
    if (!row[5].toBool())
        key.options.insert(u"postgresql_not_valid"_s, true);
    setDeferral(row, key);
    return key;
}

void Catalogue::addConstraint(const Row &row, Relation &owner)
{
    Table &table = owner.table;
    const QChar kind = row[2].toString().at(0);
    if (kind == u'p') {
        table.constraints.prepend(key(row, owner));
    } else if (kind == u'u') {
        table.constraints.append(key(row, owner));
    } else if (kind == u'f') {
        table.constraints.append(foreignKey(row, owner));
    } else if (kind == u'c') {
        CheckConstraint check{.name = {.text = row[1].toString()},
                              .condition = textExpr(row[15].toString())};
        if (!row[5].toBool())
            check.options.insert(u"postgresql_not_valid"_s, true);
        if (row[13].toBool())
            check.options.insert(u"postgresql_no_inherit"_s, true);
        table.constraints.append(check);
    } else {
        if (const auto index = m_indexes.find(row[12].toLongLong()); index != m_indexes.end())
            index->isOfConstraint = true;
        ExcludeConstraint exclude = excludeConstraint(row[15].toString());
        exclude.name.text = row[1].toString();
        setDeferral(row, exclude);
        table.isOpaque = table.isOpaque || exclude.elements.isEmpty();
        table.constraints.append(exclude);
    }
}

Status Catalogue::readConstraints()
{
    const auto found = rows(constraints(m_version));
    if (!found)
        return found.error();
    for (const Row &row : *found)
        if (const auto owner = m_relations.find(row[0].toLongLong()); owner != m_relations.end())
            addConstraint(row, *owner);
    for (const qint64 oid : std::as_const(m_order)) {
        Relation &relation = m_relations[oid];
        const PrimaryKey *key = relation.table.primaryKey();
        for (Column &column : relation.table.columns) {
            column.primaryKey = key && key->columns.contains(column.name);
            if (column.primaryKey && relation.ownSequences.contains(column.name)) {
                column.autoincrement = AutoIncrement::Yes; // SERIAL is the type, and says it all
                column.serverDefault.reset();
            }
        }
    }
    return done();
}

/// A key that counts by nothing must not be written as SERIAL.
void Catalogue::finishKeys(Table &table) const
{
    for (Column &column : table.columns)
        if (column.primaryKey && column.autoincrement == AutoIncrement::Auto && !column.identity)
            column.autoincrement = AutoIncrement::No;
}

} // namespace tribikos::postgres
