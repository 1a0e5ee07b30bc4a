#include "core/sqlread/pgstatement.h"

#include <algorithm>

using namespace Qt::StringLiterals;

/// CREATE of tables, indexes and named objects.
namespace tribikos {

namespace {

using Kind = NamedObject::Kind;

/// A column that a parent has as well is NOT NULL where the parent's is.
void inheritNotNull(const PgNode &statement, const PgContext &context, Table &made)
{
    for (const PgNode &relation : statement.list(u"inhRelations")) {
        const Table *parent = context.schema.table(context.table(relation));
        for (Column &column : made.columns)
            if (const Column *same = parent ? parent->column(column.name) : nullptr;
                same && !same->isNullable())
                column.nullable = false;
    }
}

bool createTable(const PgNode &statement, PgContext &context)
{
    const PgNode relation = statement.node(u"relation");
    if (isPgTemporary(relation)) {
        context.session.temporary.insert(relation.text(u"relname"));
        return true;
    }
    CreateTable operation{.table = {.name = context.text.made(relation)},
                          .ifNotExists = statement.flag(u"if_not_exists")};
    const TableName name = operation.table.name;
    const bool isKnown = context.schema.table(name) != nullptr;
    if (operation.ifNotExists && isKnown)
        return true;
    if (context.refuses(isKnown, u"There is a table %1 already."_s.arg(name.text())))
        return true;
    const bool isRead = readPgTable(statement, context.text, operation.table);
    const DialectOptions options = operation.table.options;
    inheritNotNull(statement, context, operation.table);
    const auto isRefused = [&](const Constraint &constraint) {
        const auto *key = std::get_if<ForeignKey>(&constraint);
        return key && key->target != name && context.refusesTable(key->target);
    };
    if (isRead && std::ranges::any_of(operation.table.constraints, isRefused))
        return true;
    if (isRead)
        context.run(operation);
    else
        context.markOpaque(name);
    // A partition's columns are its parent's.
    Table &made = context.schema.tables[name];
    if (const auto parent = options.constFind(u"postgresql_partition_of"_s);
        parent != options.cend()) {
        made.options.insert(parent.key(), *parent);
        made.isOpaque = made.columnsOpaque = true;
    }
    return true;
}

/// CREATE TABLE … AS, CREATE MATERIALIZED VIEW.
bool createTableAs(const PgNode &statement, PgContext &context, NamedObject *object)
{
    const PgNode made = statement.node(u"into").node(u"rel");
    if (statement.text(u"objtype") == u"OBJECT_MATVIEW") {
        *object = {.kind = Kind::MaterializedView, .name = context.text.made(made)};
        return true;
    }
    const TableName name = context.text.made(made);
    if (isPgTemporary(made))
        context.session.temporary.insert(name.name);
    if (!isPgTemporary(made) && !(statement.flag(u"if_not_exists") && context.schema.table(name)))
        context.markOpaque(name);
    return false;
}

/// A name that another index has, or a column that the table lacks.
bool refusesIndex(const Index &index, const TableName &table, bool isOptional, PgContext &context)
{
    const auto isNamed = [&](const Table &other) {
        return other.name.schema == table.schema
               && std::ranges::any_of(other.indexes, [&](const Index &known) {
                      return known.name.text == index.name.text;
                  });
    };
    if (!isOptional
        && context.refuses(std::ranges::any_of(context.schema.tables, isNamed),
                           u"There is an index %1 already."_s.arg(index.name.text)))
        return true;
    return std::ranges::any_of(index.elements, [&](const ExprPtr &element) {
        return element && element->kind == Expr::Kind::Column
               && context.refusesColumn(table, element->text);
    });
}

bool createIndex(const PgNode &statement, PgContext &context)
{
    const TableName table = context.table(statement.node(u"relation"));
    Index index;
    const NamedObject *other = context.schema.table(table) ? nullptr : context.relationLike(table);
    if (other)
        return true; // a materialized view's goes with its view
    if (context.isTemporary(table) || context.refusesTable(table))
        return true;
    bool isRead = readPgIndex(statement, context.text, index);
    if (isRead && index.name.isEmpty())
        index.name.text = pgIndexName(statement, table, context.schema);
    isRead = isRead && !index.name.isEmpty();
    if (isRead && refusesIndex(index, table, statement.flag(u"if_not_exists"), context))
        return true;
    if (isRead)
        context.run(CreateIndex{table, index, statement.flag(u"if_not_exists")});
    else
        context.markOpaque(table, context.schema.table(table) != nullptr);
    return true;
}

bool createSchema(const PgNode &statement, PgContext &context, NamedObject *object)
{
    *object = {.kind = Kind::Schema, .name = {.name = statement.text(u"schemaname")}};
    if (object->name.name.isEmpty())
        object->name.name = statement.node(u"authrole").text(u"rolename");
    const QStringList before = context.text.lookFirstIn(object->name.name);
    for (const PgNode &element : statement.list(u"schemaElts"))
        if (!element.is(u"GrantStmt"))
            pgCreate(element, context);
    context.text.setPath(before);
    return !object->name.name.isEmpty();
}

/// What a statement makes beside tables and indexes; its name is empty where it makes nothing that is kept.
std::optional<NamedObject> namedObject(const PgNode &statement, PgContext &context)
{
    if (statement.is(u"ViewStmt"))
        return NamedObject{.kind = Kind::View, .name = context.text.made(statement.node(u"view"))};
    if (statement.is(u"CreateSeqStmt"))
        return NamedObject{.kind = Kind::Sequence,
                           .name = context.text.made(statement.node(u"sequence")),
                           .table = pgSequenceOwner(statement).value_or(QString())};
    if (statement.is(u"CreateEnumStmt"))
        return NamedObject{.kind = Kind::Enum,
                           .name = context.text.made(statement.texts(u"typeName")),
                           .labels = statement.texts(u"vals")};
    if (statement.is(u"CompositeTypeStmt"))
        return NamedObject{.kind = Kind::Enum,
                           .name = context.text.made(statement.node(u"typevar"))};
    if (statement.is(u"CreateRangeStmt"))
        return NamedObject{.kind = Kind::Enum,
                           .name = context.text.made(statement.texts(u"typeName"))};
    if (statement.is(u"DefineStmt")) {
        const bool isType = statement.text(u"kind") == u"OBJECT_TYPE";
        return NamedObject{.kind = Kind::Enum,
                           .name = isType ? context.text.made(statement.texts(u"defnames"))
                                          : TableName()};
    }
    if (statement.is(u"CreateDomainStmt"))
        return NamedObject{.kind = Kind::Domain,
                           .name = context.text.made(statement.texts(u"domainname"))};
    if (statement.is(u"CreateFunctionStmt"))
        return NamedObject{.kind = Kind::Function,
                           .name = context.text.made(statement.texts(u"funcname"))};
    if (statement.is(u"CreateTrigStmt"))
        return NamedObject{.kind = Kind::Trigger,
                           .name = {.name = statement.text(u"trigname")},
                           .table = context.table(statement.node(u"relation")).name};
    if (statement.is(u"CreateExtensionStmt"))
        return NamedObject{.kind = Kind::Extension, .name = {.name = statement.text(u"extname")}};
    return std::nullopt;
}

/// What a kind is called in a sentence; empty: there may be several of a name.
QString kindWord(Kind kind)
{
    switch (kind) {
    case Kind::View:
    case Kind::MaterializedView: return u"view"_s;
    case Kind::Enum:
    case Kind::Domain: return u"type"_s;
    case Kind::Sequence: return u"sequence"_s;
    case Kind::Trigger: return u"trigger"_s;
    default: return {};
    }
}

void keep(const NamedObject &made, bool isOptional, bool replaces, PgContext &context)
{
    const bool isOfTable = made.kind == Kind::Trigger; // whose name is its table's affair
    const bool isOverloaded = made.kind == Kind::Function;
    QList<NamedObject> &objects = context.schema.objects;
    const auto known = std::ranges::find_if(objects, [&](const NamedObject &object) {
        return object.kind == made.kind && object.name == made.name
               && (!isOfTable || object.table == made.table)
               && (!isOverloaded || pgArguments(object.definition) == pgArguments(made.definition));
    });
    if (known == objects.end())
        objects.append(made);
    else if (!isOptional
             && !context.refuses(!replaces && !kindWord(made.kind).isEmpty(),
                                 u"There is a %1 %2 already."_s.arg(kindWord(made.kind),
                                                                    made.name.text())))
        *known = made;
}

} // namespace

std::optional<QString> pgSequenceOwner(const PgNode &statement)
{
    for (const PgNode &option : statement.list(u"options")) {
        if (option.text(u"defname") != u"owned_by")
            continue;
        const QStringList names = option.node(u"arg").texts(u"items");
        return names.size() < 2 ? QString() : names[names.size() - 2];
    }
    return std::nullopt;
}

std::optional<bool> pgCreate(const PgNode &statement, PgContext &context)
{
    if (statement.is(u"CreateStmt"))
        return createTable(statement, context);
    if (statement.is(u"CreateForeignTableStmt")) {
        context.markOpaque(context.text.made(statement.node(u"base").node(u"relation")));
        return true;
    }
    if (statement.is(u"IndexStmt"))
        return createIndex(statement, context);
    std::optional<NamedObject> made;
    if (statement.is(u"CreateTableAsStmt")) {
        NamedObject object;
        if (!createTableAs(statement, context, &object))
            return true;
        made = object;
    } else if (statement.is(u"CreateSchemaStmt")) {
        NamedObject object;
        if (!createSchema(statement, context, &object))
            return false;
        made = object;
    } else {
        made = namedObject(statement, context);
    }
    if (!made)
        return std::nullopt;
    const bool isTemporary =
        isPgTemporary(statement.node(u"view")) || isPgTemporary(statement.node(u"sequence"));
    if (isTemporary || made->name.name.isEmpty())
        return true;
    made->definition = context.text.sql().trimmed();
    keep(*made, statement.flag(u"if_not_exists"), statement.flag(u"replace"), context);
    return true;
}

} // namespace tribikos
