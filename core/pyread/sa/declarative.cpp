#include "core/pyread/function.h"
#include "core/pyread/sa/annotations.h"
#include "core/pyread/sa/liveunit.h"
#include "core/pyread/sa/orm.h"
#include "core/pyread/sa/types.h"

#include <QSet>

#include <algorithm>

/// From mapped classes to tables, in SQLAlchemy 2's order: a class' own columns first, then those
/// of its mixins along the MRO.
namespace tribikos::py::sa {

using namespace Qt::StringLiterals;

TableObject *mappedTable(const Class *cls)
{
    const Value *table = cls->lookup(u"__table__"_s);
    return table ? table->as<TableObject>() : nullptr;
}

namespace {

bool isAbstract(const Class &cls)
{
    return cls.attrs.value(u"__abstract__"_s).isTrue();
}

bool isMapped(const Class &cls)
{
    return cls.attrs.contains(u"__table__"_s);
}

/// The declarative base that \a cls descends from, with its MetaData.
MetaDataObject *metadataOf(Interpreter &interpreter, Class *cls)
{
    const Value *found = cls->lookup(u"metadata"_s);
    if (auto *metadata = found ? found->as<MetaDataObject>() : nullptr)
        return metadata;
    if (const Value *registry = cls->lookup(u"registry"_s); registry && registry->isObject()) {
        if (const auto metadata = interpreter.findAttr(*registry, u"metadata"_s))
            return metadata->as<MetaDataObject>();
    }
    return nullptr;
}

const Dict *typeMapOf(Interpreter &interpreter, const Class *cls)
{
    if (const Value *map = cls->lookup(u"type_annotation_map"_s); map && map->as<Dict>())
        return map->as<Dict>();
    if (const Value *registry = cls->lookup(u"registry"_s); registry && registry->isObject()) {
        if (const auto map = interpreter.findAttr(*registry, u"type_annotation_map"_s))
            return map->as<Dict>();
    }
    return nullptr;
}

/// Attributes and annotations in one order, as SQLAlchemy merges them: the lists take turns at
/// every name that both have.
QStringList mergedNames(const QStringList &names, const QStringList &annotated)
{
    QStringList result;
    QStringList current = names;
    QStringList other = annotated;
    QSet<QString> both = QSet<QString>(names.begin(), names.end())
                             .intersect(QSet<QString>(annotated.begin(), annotated.end()));
    for (;;) {
        bool swapped = false;
        while (!current.isEmpty()) {
            const QString name = current.takeFirst();
            if (both.remove(name)) {
                std::swap(current, other);
                swapped = true;
                break;
            }
            result.append(name);
        }
        if (!swapped)
            break;
    }
    return result + other;
}

QString snakeCase(const QString &name)
{
    QString result;
    for (qsizetype i = 0; i < name.size(); ++i) {
        const bool startsWord = name.at(i).isUpper() && i > 0
                                && (name.at(i - 1).isLower() || name.at(i - 1).isDigit()
                                    || (i + 1 < name.size() && name.at(i + 1).isLower()));
        if (startsWord && !result.endsWith(u'_'))
            result += u'_';
        result += name.at(i).toLower();
    }
    return result;
}

void nameColumn(ColumnObject &column, const QString &name)
{
    if (column.name.isEmpty())
        column.name = column.column.name = name;
    if (column.key.isEmpty())
        column.key = column.name;
}

/// `Model.name = Column(…)`: the class' table gets it. (_add_attribute() in SQLAlchemy.)
bool assignColumn(Interpreter &interpreter, Class *cls, const QString &name, const Value &value)
{
    auto *column = value.as<ColumnObject>();
    TableObject *table = isMapped(*cls) ? mappedTable(cls) : nullptr;
    if (!column || column->table || !table)
        return false;
    nameColumn(*column, name);
    table->append(interpreter, column);
    cls->set(name, value);
    return true;
}

/// One class on its way to a table.
class Mapper
{
public:
    Mapper(Interpreter &interpreter, Class *cls, const DeclarativeRules &rules)
        : m_in(interpreter)
        , m_cls(cls)
        , m_rules(rules)
        , m_typeMap(typeMapOf(interpreter, cls))
    {}
    void map();

private:
    struct Field
    {
        ColumnObject *column = nullptr;
        int sortOrder = 0;
    };

    std::optional<QString> tableName();
    void collect(Class *from);
    void attribute(Class *from, const QString &name, const Value &value);
    void annotated(Class *from, const QString &name, const Class::Annotation &annotation,
                   Value value);
    void add(Class *from, const QString &name, ColumnObject *column);
    void addField(ColumnObject *column, const QString &name);
    void compose(const QString &name, const CompositeObject &composite, const Class *composed);
    bool refine(const TypeHint &hint, ColumnObject &made);
    std::optional<TypeHint> returned(const Class *from, const QString &name,
                                     const DeclaredAttr &declared);
    [[noreturn]] void refuseTypeless(const QString &name, const QString &annotation);
    bool isSingle() const;
    ColumnObject *existing(const QString &name, const ColumnObject *column,
                           const ColumnObject *inside) const;
    void takeArguments(TableObject *table);
    Value resolved(const Value &value);
    TableObject *parentTable() const;

    Interpreter &m_in;
    Class *const m_cls;
    const DeclarativeRules m_rules;
    const Dict *const m_typeMap;
    std::optional<QString> m_name{}; // of its own table
    std::vector<Field> m_fields{};
    QSet<QString> m_seen{};
};

Value Mapper::resolved(const Value &value)
{
    if (const auto *declared = value.as<DeclaredAttr>())
        return m_in.call(declared->function, {Value(m_cls)});
    return value;
}

TableObject *Mapper::parentTable() const
{
    for (size_t i = 1; i < m_cls->mro.size(); ++i) {
        if (isMapped(*m_cls->mro[i]))
            return mappedTable(m_cls->mro[i]);
    }
    return nullptr;
}

/// Whether its columns go to the table of the class that it inherits from. Flask-SQLAlchemy names a table of its own
/// for every class, but makes it only for one with a key.
bool Mapper::isSingle() const
{
    const auto isKey = [](const Value &value) {
        const auto *column = value.as<ColumnObject>();
        return column && column->column.primaryKey;
    };
    return parentTable()
           && (!m_name
               || (m_rules.namesTables && !m_cls->attrs.contains(u"__table_args__"_s)
                   && std::ranges::none_of(m_cls->attrs, isKey)));
}

/// use_existing_column=True in a class that shares its parent's table: the column that is there, if one is.
/// (MappedColumn.declarative_scan() in SQLAlchemy.)
ColumnObject *Mapper::existing(const QString &name, const ColumnObject *column,
                               const ColumnObject *inside) const
{
    const bool isAsked = (column && column->usesExisting) || (inside && inside->usesExisting);
    if (!isAsked || !isSingle())
        return nullptr;
    const QString wanted = column && !column->name.isEmpty() ? column->name : name;
    for (ColumnClause *one : parentTable()->columns) {
        auto *known = dynamic_cast<ColumnObject *>(one);
        if (known && (known->key.isEmpty() ? known->name : known->key) == wanted)
            return known;
    }
    return nullptr;
}

/// Its own or a mixin's __tablename__; a mapped parent's only counts when a function makes it.
std::optional<QString> Mapper::tableName()
{
    bool beyondParent = false;
    for (Class *cls : m_cls->mro) {
        beyondParent = beyondParent || (cls != m_cls && isMapped(*cls));
        const auto found = cls->attrs.constFind(u"__tablename__"_s);
        if (found == cls->attrs.cend() || (beyondParent && !found->as<DeclaredAttr>()))
            continue;
        const auto *wrapper = found->as<MethodWrapper>(); // @classmethod @property
        const Value name = wrapper && wrapper->function.as<Property>()
                               ? bindAttribute(m_in, *found, Value(), m_cls)
                               : resolved(*found);
        if (name.isNone())
            return std::nullopt;
        const QString text = textOf(m_in, name, u"__tablename__"_s);
        m_cls->set(u"__tablename__"_s, Value(text));
        return text;
    }
    if (m_rules.fieldsAreColumns)
        return m_cls->name.toLower();
    if (m_rules.namesTables)
        return snakeCase(m_cls->name);
    return std::nullopt;
}

void Mapper::add(Class *from, const QString &name, ColumnObject *column)
{
    if (from != m_cls || (column->table && !column->table->isLight)) {
        column = column->copied(m_in);
    }
    addField(column, name);
    m_cls->set(name, Value(column));
}

void Mapper::addField(ColumnObject *column, const QString &name)
{
    nameColumn(*column, name);
    m_fields.push_back({column, column->sortOrder});
}

void Mapper::refuseTypeless(const QString &name, const QString &annotation)
{
    m_in.unsupported(
        u"maps %1.%2, whose annotation (%3) has no column type: give one to "
        "mapped_column() or to type_annotation_map"_s.arg(m_cls->name, name, annotation));
}

/// What an annotation says of \a made beyond its mapped_column(); false: it has no type after it.
bool Mapper::refine(const TypeHint &hint, ColumnObject &made)
{
    if (!made.column.nullable)
        made.column.nullable = hint.isOptional && !made.column.primaryKey;
    if (!made.typeArgument.isNone() || !made.foreignKeys.empty())
        return true;
    const auto type = typeOfHint(m_in, hint, m_typeMap);
    if (type)
        made.typeArgument = typeValue(m_in, *type);
    return type.has_value();
}

/// The columns of a composite; those of a dataclass' fields take names and types from it.
/// (CompositeProperty._setup_for_dataclass() in SQLAlchemy.)
void Mapper::compose(const QString &name, const CompositeObject &composite, const Class *composed)
{
    std::vector<std::pair<const Class *, Class::Annotation>> fields;
    const bool isPlain = composed && composed->lookup(u"__init__"_s)
                         && composed->lookup(u"__init__"_s)->as<Function>();
    for (size_t i = composed && !isPlain ? composed->mro.size() : 0; i-- > 0;)
        for (const Class::Annotation &field : composed->mro[i]->annotations)
            fields.emplace_back(composed->mro[i], field);
    std::vector<Value> parts = composite.parts;
    parts.resize(std::max(parts.size(), fields.size()));
    for (size_t i = 0; i < parts.size(); ++i) {
        auto *column = parts[i].as<ColumnObject>();
        if (parts[i].isNone())
            column = m_in.make<ColumnObject>(classOf(m_in, u"MappedColumn"_s), QString(), nullptr);
        if (!column || column->table)
            continue; // the name of an attribute, or an attribute
        const bool isMappedColumn = isNative(column->cls, u"MappedColumn");
        if (isMappedColumn && i < fields.size()) {
            const auto &[owner, field] = fields[i];
            const TypeHint hint = readHint(m_in, *owner, field);
            if (!refine(hint, *column))
                refuseTypeless(name, hint.text);
        } else if (isMappedColumn && column->typeArgument.isNone() && column->foreignKeys.empty()) {
            refuseTypeless(name, composed ? composed->name : u"composite()"_s);
        }
        addField(column, i < fields.size() ? fields[i].second.name : name);
    }
}

/// What the return annotation of a mixin's declared_attr says, if it is Mapped[…].
std::optional<TypeHint> Mapper::returned(const Class *from, const QString &name,
                                         const DeclaredAttr &declared)
{
    const auto *function = declared.function.as<Function>();
    if (from == m_cls || !function || !function->returns || function->globals != from->globals)
        return std::nullopt;
    const TypeHint hint =
        readHint(m_in, *from,
                 {.name = name, .expression = function->returns, .span = function->returns->span});
    return hint.isMapped ? std::optional(hint) : std::nullopt;
}

void Mapper::attribute(Class *from, const QString &name, const Value &value)
{
    const Value made = resolved(value);
    if (const auto *composite = made.as<CompositeObject>()) {
        compose(name, *composite, composite->composed);
        m_cls->set(name, made);
        return;
    }
    auto *column = made.as<ColumnObject>();
    const auto *declared = value.as<DeclaredAttr>();
    const auto hint = declared && column && !column->table && isNative(column->cls, u"MappedColumn")
                          ? returned(from, name, *declared)
                          : std::nullopt;
    if (hint && hint->column)
        mergeUnder(m_in, *hint->column, *column);
    if (hint && !refine(*hint, *column))
        refuseTypeless(name, hint->text);
    if (ColumnObject *known = column ? existing(name, column, nullptr) : nullptr) {
        column->isTaken = true;
        m_cls->set(name, Value(known));
    } else if (column && declared && column->table && column->table == parentTable() && isSingle())
        m_cls->set(name, made); // cls.__table__.c.get(…) has found it
    else if (column)
        add(value.as<DeclaredAttr>() ? m_cls : from, name, column);
    else if (value.as<DeclaredAttr>())
        m_cls->set(name, made);
}

/// `x: Mapped[int]`, with or without mapped_column(); SQLModel's `x: int = Field(…)`.
void Mapper::annotated(Class *from, const QString &name, const Class::Annotation &annotation,
                       Value value)
{
    value = resolved(value);
    if (const auto *composite = value.as<CompositeObject>()) {
        const Value base = readHint(m_in, *from, annotation).base;
        compose(name, *composite, composite->composed ? composite->composed : base.as<Class>());
        return;
    }
    auto *column = value.as<ColumnObject>();
    const bool isPlain =
        column && !isNative(column->cls, u"MappedColumn"); // says itself what it is
    if (m_rules.fieldsAreColumns && column && column->cls == classOf(m_in, u"Column"_s)) {
        add(from, name, column); // sa_column=Column(…): as it is
        return;
    }
    const bool isOther =
        !value.isNone() && !column && (value.as<InertObject>() || !m_rules.fieldsAreColumns);
    const TypeHint hint = readHint(m_in, *from, annotation);
    if (isOther || (!hint.isMapped && !m_rules.fieldsAreColumns && !column))
        return;
    if (!column && hint.isMapped && !hint.column && hint.isCollection)
        return; // a relationship without relationship()
    if (ColumnObject *known = existing(name, column, hint.column)) {
        if (hint.isMapped && !(column && column->column.nullable))
            known->column.nullable = hint.isOptional && !known->column.primaryKey;
        if (hint.column)
            mergeUnder(m_in, *hint.column, *known);
        if (column)
            column->isTaken = true;
        m_cls->set(name, Value(known));
        return;
    }
    ColumnObject *made =
        column ? (from == m_cls && !column->table ? column : column->copied(m_in)) : nullptr;
    if (hint.column) {
        auto *base = hint.column->copied(m_in);
        if (made)
            mergeUnder(m_in, *base, *made);
        else
            made = base;
    }
    if (!made)
        made = m_in.make<ColumnObject>(classOf(m_in, u"MappedColumn"_s), QString(), nullptr);
    const std::optional<bool> said = made->column.nullable;
    if (!refine(hint, *made)) {
        if (!column && !hint.column && hint.base.as<Class>() && mappedTable(hint.base.as<Class>()))
            return; // Mapped[User]: a relationship
        refuseTypeless(name, hint.text);
    }
    if (isPlain || !(hint.isMapped || m_rules.fieldsAreColumns))
        made->column.nullable = said;
    add(m_cls, name, made);
}

void Mapper::collect(Class *from)
{
    QStringList annotatedNames;
    for (const Class::Annotation &annotation : from->annotations)
        annotatedNames.append(annotation.name);
    QStringList names = mergedNames(from->names(), annotatedNames);
    if (from != m_cls
        && !m_rules
                .fieldsAreColumns) // a mixin's columns are copied before it is asked for the others
        std::ranges::stable_partition(names, [from](const QString &name) {
            return !from->attrs.value(name).as<DeclaredAttr>();
        });
    for (const QString &name : names) {
        if (m_seen.contains(name))
            continue;
        m_seen.insert(name);
        if (name.startsWith(u"__"))
            continue;
        if (m_rules.fieldsAreColumns && name.startsWith(u'_'))
            continue; // private to pydantic
        const auto annotation = std::find_if(from->annotations.begin(), from->annotations.end(),
                                             [&](const auto &one) { return one.name == name; });
        const Value value = from->attrs.value(name);
        if (annotation != from->annotations.end())
            annotated(from, name, *annotation, value);
        else
            attribute(from, name, value);
    }
}

void Mapper::takeArguments(TableObject *table)
{
    const Value *found =
        nullptr; // its own or a mixin's: a mapped parent's are the parent's table's
    for (Class *cls : m_cls->mro) {
        if (cls != m_cls && isMapped(*cls))
            continue;
        const auto own = cls->attrs.constFind(u"__table_args__"_s);
        if (own == cls->attrs.cend())
            continue;
        found = &*own;
        break;
    }
    if (!found)
        return;
    const Value arguments = resolved(*found);
    std::vector<Value> items;
    if (arguments.isNone())
        return;
    if (arguments.as<Dict>())
        items = {arguments};
    else
        items = m_in.items(arguments);
    const Dict *keywords = items.empty() ? nullptr : items.back().as<Dict>();
    if (keywords)
        items.pop_back();
    std::vector<std::pair<QString, Value>> options;
    static const QStringList silent{u"extend_existing"_s,    u"keep_existing"_s, u"quote"_s,
                                    u"implicit_returning"_s, u"autoload_with"_s, u"listeners"_s};
    for (const auto &[key, value] :
         keywords ? keywords->entries() : std::vector<std::pair<Value, Value>>()) {
        const QString name = textOf(m_in, key, u"__table_args__"_s);
        if (name == u"schema")
            table->name.schema = textOrEmpty(m_in, value, name);
        else if (name == u"comment")
            table->comment = value, table->hasComment = !value.isNone();
        else if (name == u"prefixes")
            table->prefixes = textList(m_in, value, name);
        else if (name == u"info")
            table->info = m_in.repr(value);
        else if (!silent.contains(name) && name.contains(u'_') && name != u"managed_by_alembic")
            options.push_back({name, value});
    }
    table->options = dialectOptions(m_in, options, u"Table"_s);
    for (const Value &item : items)
        table->take(m_in, item);
}

void Mapper::map()
{
    MetaDataObject *metadata = metadataOf(m_in, m_cls);
    if (auto *written = m_cls->attrs.value(u"__table__"_s).as<TableObject>()) {
        for (ColumnClause *column : written->columns)
            if (!m_cls->attrs.contains(column->name))
                m_cls->set(column->name, Value(column));
        return;
    }
    m_name = tableName();
    TableObject *parent = parentTable();
    for (Class *cls : m_cls->mro) {
        if (cls != m_cls && isMapped(*cls))
            break;
        collect(cls);
    }
    std::stable_sort(m_fields.begin(), m_fields.end(),
                     [](const Field &a, const Field &b) { return a.sortOrder < b.sortOrder; });
    TableObject *table = parent;
    // Flask-SQLAlchemy: a child that names a table, but gives it no key, is kept in its parent's.
    const bool isKept = m_rules.namesTables && parent && !m_cls->attrs.contains(u"__table_args__"_s)
                        && std::ranges::none_of(m_fields, [](const Field &field) {
                               return field.column->column.primaryKey;
                           });
    if (isKept)
        m_name.reset();
    if (m_name) {
        table = m_in.make<TableObject>(classOf(m_in, u"Table"_s));
        table->name = {.schema = metadata ? metadata->schema : QString(), .name = *m_name};
        table->metadata = metadata;
    }
    if (!table)
        m_in.raise(classOf(m_in, u"exc.InvalidRequestError"_s),
                   u"Class %1 does not have a __table__ or __tablename__ specified and does not "
                   u"inherit from "
                   "an existing table-mapped class."_s.arg(m_cls->name));
    for (const Field &field : m_fields)
        table->append(m_in, field.column);
    m_cls->set(u"__table__"_s, Value(table));
    if (m_name) {
        takeArguments(table);
        if (metadata)
            metadata->tables.push_back(table);
    }
}

} // namespace

void mapClass(Interpreter &interpreter, Class *cls, const CallArgs &keywords,
              const DeclarativeRules &rules)
{
    if (isAbstract(*cls))
        return;
    if (rules.fieldsAreColumns) {
        const Value *table = keywords.keyword(u"table"_s);
        if (!table || !interpreter.truth(*table))
            return;
    }
    Mapper(interpreter, cls, rules).map();
}

void makeDeclarative(Interpreter &interpreter, Class *base, MetaDataObject *metadata,
                     const DeclarativeRules &rules)
{
    if (metadata)
        base->set(u"metadata"_s, Value(metadata));
    else if (!metadataOf(interpreter, base))
        base->set(u"metadata"_s, interpreter.call(classOf(interpreter, u"MetaData"_s)));
    if (!base->construct) {
        base->construct = constructEntity;
        base->initialize = initializeEntity;
    }
    base->assigned = assignColumn;
    base->subclassed = [rules](Interpreter &in, Class *cls, const CallArgs &keywords) {
        mapClass(in, cls, keywords, rules);
    };
}

} // namespace tribikos::py::sa
