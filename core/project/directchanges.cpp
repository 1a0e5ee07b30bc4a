#include "core/project/directchanges.h"

#include "core/ops/implicitname.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

bool isSameName(const QString &a, const QString &b)
{
    return a.compare(b, Qt::CaseInsensitive) == 0;
}

const Table *tableOf(const Schema &schema, const TableName &name)
{
    if (const Table *table = schema.table(name))
        return table;
    const auto found = std::ranges::find_if(schema.tables, [&](const Table &table) {
        return isSameName(table.name.name, name.name) && isSameName(table.name.schema, name.schema);
    });
    return found == schema.tables.cend() ? nullptr : &*found;
}

/// The constraints of a table, those written on its columns included.
QList<Constraint> constraintsOf(const Table &table)
{
    QList<Constraint> all = table.constraints;
    for (const Column &column : table.columns)
        for (qsizetype i = 0; i < column.checks.size(); ++i)
            all.append(
                CheckConstraint{.name = column.checkNames.value(i), .condition = column.checks[i]});
    return all;
}

bool isOfKind(const Constraint &constraint, Difference::Kind kind)
{
    switch (kind) {
    case Difference::Kind::PrimaryKey: return std::holds_alternative<PrimaryKey>(constraint);
    case Difference::Kind::UniqueConstraint:
        return std::holds_alternative<UniqueConstraint>(constraint);
    case Difference::Kind::ForeignKey: return std::holds_alternative<ForeignKey>(constraint);
    case Difference::Kind::CheckConstraint:
        return std::holds_alternative<CheckConstraint>(constraint)
               || std::holds_alternative<ExcludeConstraint>(constraint);
    default: return false;
    }
}

QStringList columnsOf(const Constraint &constraint)
{
    QStringList columns;
    std::visit(
        [&columns](const auto &each) {
            if constexpr (requires { each.columns; })
                columns = each.columns;
        },
        constraint);
    columns.sort();
    return columns;
}

/// One difference's two sides.
class DirectChanges
{
public:
    DirectChanges(const Difference &difference, const Schema &from, const Schema &to,
                  Backend backend)
        : m_difference(difference)
        , m_from(from)
        , m_to(to)
        , m_backend(backend)
        , m_dialect(dialectFor(backend))
    {}
    DirectChange make();

private:
    void changeConstraint(const Table *before, const Table *after);
    void changeIndex(const Table *before, const Table *after);
    void changeColumn(const Table &before, const Table &after);
    void changeObject();
    void changeEnum(const NamedObject &before, const NamedObject &after);
    std::optional<Constraint> find(const Table *table, const Constraint *like) const;
    const NamedObject *object(const Schema &schema) const;
    bool dropUniqueIndex(const Table &table);
    void drop(const Table &table, const Constraint &constraint);
    void execute(Operations &list, const QString &sql)
    {
        list.append(Operation{Execute{.statement = textExpr(sql), .isScriptText = true}});
    }
    bool isMySql() const { return m_backend == Backend::MySql || m_backend == Backend::MariaDb; }

    const Difference &m_difference;
    const Schema &m_from;
    const Schema &m_to;
    const Backend m_backend;
    const Dialect &m_dialect;
    DirectChange m_made{};
};

/// By its name; where that is the other side's, by its columns.
std::optional<Constraint> DirectChanges::find(const Table *table, const Constraint *like) const
{
    if (!table)
        return std::nullopt;
    std::optional<Constraint> sameColumns;
    for (const Constraint &constraint : constraintsOf(*table)) {
        if (!isOfKind(constraint, m_difference.kind))
            continue;
        const QString &name = constraintName(constraint).text;
        const bool isNamed = !m_difference.name.isEmpty() && isSameName(name, m_difference.name);
        if (isNamed || m_difference.kind == Difference::Kind::PrimaryKey)
            return constraint;
        if (like && !columnsOf(*like).isEmpty() && columnsOf(*like) == columnsOf(constraint))
            sameColumns = constraint;
    }
    return sameColumns;
}

void DirectChanges::drop(const Table &table, const Constraint &constraint)
{
    Name name = constraintName(constraint);
    const qsizetype at = table.constraints.indexOf(constraint);
    if (name.isEmpty() && at >= 0)
        name.text = givenName(table, table.constraints[at], m_backend).value_or(QString());
    const bool hasNone = m_backend == Backend::Sqlite
                         || (isMySql() && isOfKind(constraint, Difference::Kind::PrimaryKey));
    if (name.isEmpty() && !hasNone) {
        m_made.reason = u"what it is called in the database is not known"_s;
        return;
    }
    const QString kind = constraintKind(constraint);
    m_made.before.append(Operation{DropConstraint{
        .table = table.name, .name = name, .kind = kind == u"exclude" ? QString() : kind}});
}

/// MySQL's unique keys are indexes.
bool DirectChanges::dropUniqueIndex(const Table &table)
{
    const auto index = std::ranges::find_if(table.indexes, [&](const Index &each) {
        return each.unique && isSameName(each.name.text, m_difference.name);
    });
    if (index == table.indexes.cend())
        return false;
    m_made.before.append(Operation{DropIndex{.name = index->name, .table = table.name}});
    return true;
}

void DirectChanges::changeConstraint(const Table *before, const Table *after)
{
    std::optional<Constraint> had = find(before, nullptr);
    const std::optional<Constraint> wanted = find(after, had ? &*had : nullptr);
    if (!had && wanted)
        had = find(before, &*wanted);
    if (m_difference.inMigrations && before) {
        if (had)
            drop(*before, *had);
        else if (!dropUniqueIndex(*before))
            m_made.reason = u"it has no name to be dropped by"_s;
    }
    if (!m_difference.inDatabase || !after || !m_made.reason.isEmpty())
        return;
    if (wanted) {
        m_made.after.append(Operation{AddConstraint{after->name, *wanted}});
        return;
    }
    for (const Index &index : after->indexes)
        if (index.unique && isSameName(index.name.text, m_difference.name))
            m_made.after.append(Operation{CreateIndex{after->name, index}});
}

void DirectChanges::changeIndex(const Table *before, const Table *after)
{
    const auto find = [&](const Table *table) -> const Index * {
        if (!table)
            return nullptr;
        const auto found = std::ranges::find_if(table->indexes, [&](const Index &index) {
            return isSameName(index.name.text, m_difference.name);
        });
        return found == table->indexes.cend() ? nullptr : &*found;
    };
    if (const Index *had = find(before))
        m_made.before.append(Operation{DropIndex{.name = had->name, .table = before->name}});
    if (const Index *wanted = find(after))
        m_made.after.append(Operation{CreateIndex{after->name, *wanted}});
}

/// An aspect that is another one: the whole of it is said.
void DirectChanges::changeColumn(const Table &before, const Table &after)
{
    const Column *had = before.column(m_difference.name);
    const Column *wanted = after.column(m_difference.name);
    if (!had || !wanted) {
        m_made.reason = u"the column is not known on both sides"_s;
        return;
    }
    AlterColumn alter{.table = before.name, .column = had->name};
    alter.existingType = had->type;
    alter.existingNullable = had->isNullable();
    const QString &aspect = m_difference.aspect;
    if (had->computed || wanted->computed) {
        m_made.reason = u"a generated column has to be made anew"_s;
        return;
    }
    if (aspect == u"type")
        alter.type = wanted->type;
    else if (aspect == u"nullable")
        alter.nullable = wanted->isNullable();
    else if (aspect == u"default")
        alter.serverDefault =
            DefaultChange{.expression = wanted->serverDefault, .identity = wanted->identity};
    else
        alter.comment = wanted->comment, alter.clearComment = !wanted->hasComment;
    m_made.after.append(Operation{alter});
}

const NamedObject *DirectChanges::object(const Schema &schema) const
{
    const auto found = std::ranges::find_if(schema.objects, [&](const NamedObject &each) {
        const QString name = each.name.text();
        const bool isNamed =
            isSameName(name, m_difference.name) || isSameName(each.name.name, m_difference.name);
        return isNamed && namedObjectWord(each.kind) == m_difference.aspect;
    });
    return found == schema.objects.cend() ? nullptr : &*found;
}

/// Labels that come behind those that are there; any other change is a new type.
void DirectChanges::changeEnum(const NamedObject &before, const NamedObject &after)
{
    QString last = before.labels.isEmpty() ? QString() : before.labels.constLast();
    if (after.labels.mid(0, before.labels.size()) != before.labels || before.labels.isEmpty()) {
        m_made.reason = u"PostgreSQL takes no labels away and moves none"_s;
        return;
    }
    for (const QString &label : after.labels.mid(before.labels.size()))
        execute(m_made.after,
                u"ALTER TYPE %1 ADD VALUE '%2'"_s.arg(m_dialect.tableIdent(before.name),
                                                      QString(label).replace(u'\'', u"''"_s)));
}

void DirectChanges::changeObject()
{
    const NamedObject *had = object(m_from);
    const NamedObject *wanted = object(m_to);
    if (had && wanted && had->kind == NamedObject::Kind::Enum)
        return changeEnum(*had, *wanted);
    QString made = wanted ? objectDefinition(*wanted, m_dialect).trimmed() : QString();
    while (made.endsWith(u';'))
        made.chop(1);
    if (!had && !wanted) {
        m_made.reason = u"it is known by its name alone"_s;
        return;
    }
    if (wanted && made.isEmpty()) {
        m_made.reason = u"the text that makes it is not known"_s;
        return;
    }
    if (had) {
        const bool isOnTable =
            had->kind == NamedObject::Kind::Trigger && m_backend == Backend::PostgreSql;
        const QString word =
            had->kind == NamedObject::Kind::Enum ? u"TYPE"_s : namedObjectWord(had->kind).toUpper();
        execute(m_made.before,
                u"DROP %1 %2"_s.arg(word, m_dialect.tableIdent(had->name))
                    + (isOnTable ? u" ON "_s + m_dialect.tableIdent({had->name.schema, had->table})
                                 : QString()));
    }
    if (wanted)
        execute(m_made.after, made);
}

DirectChange DirectChanges::make()
{
    const Table *before = tableOf(m_from, m_difference.table);
    const Table *after = tableOf(m_to, m_difference.table);
    switch (m_difference.kind) {
    case Difference::Kind::Object: changeObject(); break;
    case Difference::Kind::Index: changeIndex(before, after); break;
    case Difference::Kind::PrimaryKey:
    case Difference::Kind::UniqueConstraint:
    case Difference::Kind::ForeignKey:
    case Difference::Kind::CheckConstraint: changeConstraint(before, after); break;
    case Difference::Kind::Column:
        if (before && after && !m_difference.aspect.isEmpty())
            changeColumn(*before, *after);
        break;
    case Difference::Kind::Table: break;
    }
    const bool isEmpty = m_made.before.isEmpty() && m_made.after.isEmpty();
    if (isEmpty && m_made.reason.isEmpty())
        m_made.reason = u"what it consists of is not known"_s;
    if (!m_made.reason.isEmpty())
        m_made.before = m_made.after = {};
    return m_made;
}

} // namespace

DirectChange directChange(const Difference &difference, const Schema &from, const Schema &to,
                          Backend backend)
{
    return DirectChanges(difference, from, to, backend).make();
}

QString objectDefinition(const NamedObject &object, const Dialect &dialect)
{
    if (object.definition.startsWith(u"CREATE"_s, Qt::CaseInsensitive))
        return object.definition;
    const QString name = dialect.tableIdent(object.name);
    switch (object.kind) {
    case NamedObject::Kind::View:
    case NamedObject::Kind::MaterializedView: {
        const QString stored =
            object.kind == NamedObject::Kind::View ? QString() : u"MATERIALIZED "_s;
        return object.definition.isEmpty()
                   ? QString()
                   : u"CREATE %1VIEW %2 AS %3"_s.arg(stored, name, object.definition);
    }
    case NamedObject::Kind::Enum: {
        QStringList labels;
        for (const QString &label : object.labels)
            labels.append(u'\'' + QString(label).replace(u'\'', u"''"_s) + u'\'');
        return labels.isEmpty() // a composite or a range, of which only the name is known
                   ? QString()
                   : u"CREATE TYPE %1 AS ENUM (%2)"_s.arg(name, labels.join(u", "_s));
    }
    case NamedObject::Kind::Schema: return u"CREATE SCHEMA "_s + name;
    case NamedObject::Kind::Extension: return u"CREATE EXTENSION "_s + name;
    case NamedObject::Kind::Sequence: // one that a column owns comes with its column
        return object.table.isEmpty() ? u"CREATE SEQUENCE "_s + name : QString();
    case NamedObject::Kind::Trigger:
    case NamedObject::Kind::Function:
    case NamedObject::Kind::Domain: return {};
    }
    return {};
}

} // namespace tribikos
