#include "core/sqlread/pgstatement.h"

#include <algorithm>
#include <functional>

using namespace Qt::StringLiterals;

/// What becomes of types, views, sequences and schemas, what is called otherwise, and comments.
namespace tribikos {

namespace {

using Kind = NamedObject::Kind;

QString usualSchema(const QString &name)
{
    return name == u"public" ? QString() : name;
}

/// A column's type where it is \a from, called \a to; null: it is another.
SqlTypePtr renamedType(const SqlTypePtr &type, const TableName &from, const TableName &to)
{
    if (!type)
        return nullptr;
    SqlType renamed = *type;
    const qsizetype end = type->name.indexOf(u'[');
    const QString base = end < 0 ? type->name : type->name.left(end);
    if (type->typeName == from.name && (type->schema.isEmpty() || type->schema == from.schema)) {
        renamed.typeName = to.name;
        renamed.schema = to.schema;
    } else if (type->module == u"reflected"
               && (base == from.text() || base == u"public."_s + from.name)) {
        renamed.name = to.text() + (end < 0 ? QString() : type->name.mid(end));
    } else {
        return nullptr;
    }
    return std::make_shared<const SqlType>(renamed);
}

/// The type, and the columns of it.
void moveType(Kind kind, const TableName &from, const TableName &to, PgContext &context)
{
    if (NamedObject *type = context.object(kind, from))
        type->name = to;
    for (Table &table : context.schema.tables)
        for (Column &column : table.columns)
            if (const SqlTypePtr renamed = renamedType(column.type, from, to))
                column.type = renamed;
}

/// The labels of the type, and of the columns that know it: a CREATE TABLE may have brought it along.
void changeLabels(const TableName &name, PgContext &context,
                  const std::function<void(QStringList &)> &change)
{
    if (NamedObject *type = context.object(Kind::Enum, name))
        change(type->labels);
    for (Table &table : context.schema.tables) {
        for (Column &column : table.columns) {
            if (!column.type || column.type->typeName != name.name
                || column.type->schema != name.schema)
                continue;
            SqlType changed = *column.type;
            change(changed.labels);
            column.type = std::make_shared<const SqlType>(changed);
        }
    }
}

bool alterEnum(const PgNode &statement, PgContext &context)
{
    const TableName name = context.text.found(statement.texts(u"typeName"));
    const QString label = statement.text(u"newVal");
    if (statement.has(u"oldVal")) {
        changeLabels(name, context, [&](QStringList &labels) {
            std::ranges::replace(labels, statement.text(u"oldVal"), label);
        });
        return true;
    }
    changeLabels(name, context, [&](QStringList &labels) {
        if (labels.contains(label))
            return;
        const qsizetype beside = labels.indexOf(statement.text(u"newValNeighbor"));
        const qsizetype at = !statement.has(u"newValNeighbor")
                                 ? labels.size()
                                 : beside + (statement.flag(u"newValIsAfter") ? 1 : 0);
        labels.insert(std::max<qsizetype>(at, 0), label);
    });
    return true;
}

/// Every reference to \a from, where keys refer to it.
void retarget(const TableName &from, const TableName &to, Schema &schema)
{
    for (Table &table : schema.tables)
        for (Constraint &constraint : table.constraints)
            if (auto *key = std::get_if<ForeignKey>(&constraint); key && key->target == from)
                key->target = to;
}

/// ALTER TABLE … SET SCHEMA; false: nobody knows the table.
bool moveTable(const TableName &from, const QString &newSchema, PgContext &context)
{
    if (NamedObject *other = context.schema.table(from) ? nullptr : context.relationLike(from)) {
        other->name.schema = newSchema;
        return true;
    }
    if (!context.schema.table(from)) {
        context.markOpaque(from);
        return true;
    }
    Table table = context.schema.tables.take(from);
    table.name.schema = newSchema;
    retarget(from, table.name, context.schema);
    context.schema.tables.insert(table.name, table);
    return true;
}

bool renameSchema(const QString &name, const QString &newName, Schema &schema)
{
    if (name == u"public" || newName == u"public")
        return false;
    QMap<TableName, Table> tables;
    for (Table table : std::as_const(schema.tables)) {
        if (table.name.schema == name)
            table.name.schema = newName;
        for (Constraint &constraint : table.constraints)
            if (auto *key = std::get_if<ForeignKey>(&constraint); key && key->target.schema == name)
                key->target.schema = newName;
        tables.insert(table.name, table);
    }
    schema.tables = tables;
    for (NamedObject &object : schema.objects) {
        if (object.name.schema == name)
            object.name.schema = newName;
        if (object.kind == Kind::Schema && object.name.name == name)
            object.name.name = newName;
    }
    return true;
}

/// ALTER INDEX i RENAME TO j; the index of a constraint is its name.
bool renameIndex(const PgNode &statement, Schema &schema)
{
    const QString name = statement.node(u"relation").text(u"relname");
    const QString newName = statement.text(u"newname");
    bool isFound = statement.flag(u"missing_ok") && schema.opaqueReasons.isEmpty();
    const auto rename = [&](Name &known) {
        if (known.text != name)
            return;
        known.text = newName;
        isFound = true;
    };
    for (Table &table : schema.tables) {
        for (Index &index : table.indexes)
            rename(index.name);
        for (Constraint &constraint : table.constraints)
            std::visit([&](auto &kind) { rename(kind.name); }, constraint);
    }
    return isFound;
}

bool renameConstraint(const PgNode &statement, PgContext &context)
{
    const TableName name = context.table(statement.node(u"relation"));
    Table *table = context.schema.table(name);
    bool isFound = false;
    if (table)
        for (Constraint &constraint : table->constraints)
            std::visit(
                [&](auto &kind) {
                    if (kind.name.text != statement.text(u"subname"))
                        return;
                    kind.name.text = statement.text(u"newname");
                    isFound = true;
                },
                constraint);
    if (!isFound)
        context.markOpaque(name, table != nullptr);
    return true;
}

bool renameColumn(const PgNode &statement, PgContext &context)
{
    const TableName name = context.table(statement.node(u"relation"));
    NamedObject *other = context.schema.table(name) ? nullptr : context.relationLike(name);
    if (other) {
        other->definition.clear(); // it has other columns' names now
        return true;
    }
    if (context.refusesColumn(name, statement.text(u"subname")))
        return true;
    AlterColumn renamed{.table = name, .column = statement.text(u"subname")};
    renamed.newName = statement.text(u"newname");
    context.run(renamed);
    return true;
}

bool renameRelation(const PgNode &statement, PgContext &context)
{
    const TableName name = context.table(statement.node(u"relation"));
    const QString newName = statement.text(u"newname");
    if (NamedObject *other = context.schema.table(name) ? nullptr : context.relationLike(name))
        other->name.name = newName;
    else if (statement.text(u"renameType").endsWith(u"TABLE")) // FOREIGN TABLE as well
        context.run(RenameTable{name, newName});
    return true;
}

void renameTrigger(const PgNode &statement, PgContext &context)
{
    const QString table = context.table(statement.node(u"relation")).name;
    for (NamedObject &object : context.schema.objects)
        if (object.kind == Kind::Trigger && object.name.name == statement.text(u"subname")
            && object.table == table) {
            object.name.name = statement.text(u"newname");
            return;
        }
}

/// The names of a type (a List) or of a function (with its arguments).
TableName objectName(const PgNode &statement, const PgContext &context)
{
    const PgNode object = statement.node(u"object");
    return context.text.found(object.texts(object.is(u"ObjectWithArgs") ? u"objname" : u"items"));
}

bool rename(const PgNode &statement, PgContext &context)
{
    const QString kind = statement.text(u"renameType");
    const QString newName = statement.text(u"newname");
    if (kind == u"OBJECT_COLUMN")
        return renameColumn(statement, context);
    if (kind == u"OBJECT_TABCONSTRAINT")
        return renameConstraint(statement, context);
    if (kind == u"OBJECT_INDEX")
        return renameIndex(statement, context.schema);
    if (kind == u"OBJECT_SCHEMA")
        return renameSchema(statement.text(u"subname"), newName, context.schema);
    if (kind == u"OBJECT_TRIGGER") {
        renameTrigger(statement, context);
        return true;
    }
    if (statement.has(u"relation") && kind != u"OBJECT_ATTRIBUTE" && kind != u"OBJECT_POLICY"
        && kind != u"OBJECT_RULE")
        return renameRelation(statement, context);
    const TableName name = objectName(statement, context);
    if (kind == u"OBJECT_TYPE" || kind == u"OBJECT_DOMAIN")
        moveType(kind == u"OBJECT_TYPE" ? Kind::Enum : Kind::Domain, name, {name.schema, newName},
                 context);
    else if (kind == u"OBJECT_DOMCONSTRAINT")
        if (NamedObject *domain = context.object(Kind::Domain, name))
            domain->definition.clear();
    const bool isRoutine = statement.node(u"object").is(u"ObjectWithArgs");
    if (NamedObject *routine = isRoutine ? context.object(Kind::Function, name) : nullptr)
        routine->name.name = newName;
    return true;
}

bool setSchema(const PgNode &statement, PgContext &context)
{
    const QString kind = statement.text(u"objectType");
    const QString newSchema = usualSchema(statement.text(u"newschema"));
    if (statement.has(u"relation"))
        return moveTable(context.table(statement.node(u"relation")), newSchema, context);
    const TableName name = objectName(statement, context);
    if (kind == u"OBJECT_TYPE" || kind == u"OBJECT_DOMAIN")
        moveType(kind == u"OBJECT_TYPE" ? Kind::Enum : Kind::Domain, name, {newSchema, name.name},
                 context);
    const bool isRoutine = statement.node(u"object").is(u"ObjectWithArgs");
    if (NamedObject *routine = isRoutine ? context.object(Kind::Function, name) : nullptr)
        routine->name.schema = newSchema;
    return true;
}

bool alterSequence(const PgNode &statement, PgContext &context)
{
    NamedObject *sequence =
        context.object(Kind::Sequence, context.table(statement.node(u"sequence")));
    const std::optional<QString> owner = pgSequenceOwner(statement);
    if (sequence && owner)
        sequence->table = *owner;
    return true; // its numbers are not kept
}

/// COMMENT ON TABLE t IS 'x', COMMENT ON COLUMN t.c IS 'x'; other objects' comments are not kept.
bool comment(const PgNode &statement, PgContext &context)
{
    const bool isTable = statement.text(u"objtype") == u"OBJECT_TABLE";
    if (!isTable && statement.text(u"objtype") != u"OBJECT_COLUMN")
        return true;
    QStringList names = statement.node(u"object").texts(u"items");
    const QString column = isTable || names.isEmpty() ? QString() : names.takeLast();
    const TableName name = context.text.found(names);
    if (!context.schema.table(name) && context.relationLike(name))
        return true;
    const QString text = statement.text(u"comment");
    const bool isGone = text.isEmpty();
    if (isTable) {
        context.run(SetTableComment{name, isGone ? std::nullopt : std::optional(text), isGone});
        return true;
    }
    if (context.refusesColumn(name, column))
        return true;
    AlterColumn altered{.table = name, .column = column, .clearComment = isGone};
    if (!isGone)
        altered.comment = text;
    context.run(altered);
    return true;
}

} // namespace

std::optional<bool> pgAlterObject(const PgNode &statement, PgContext &context)
{
    if (statement.is(u"RenameStmt"))
        return rename(statement, context);
    if (statement.is(u"AlterObjectSchemaStmt"))
        return setSchema(statement, context);
    if (statement.is(u"AlterEnumStmt"))
        return alterEnum(statement, context);
    if (statement.is(u"AlterSeqStmt"))
        return alterSequence(statement, context);
    if (statement.is(u"CommentStmt"))
        return comment(statement, context);
    if (!statement.is(u"AlterDomainStmt"))
        return std::nullopt;
    // the text that made the domain is no longer the whole of it
    if (NamedObject *domain =
            context.object(Kind::Domain, context.text.found(statement.texts(u"typeName"))))
        domain->definition.clear();
    return true;
}

} // namespace tribikos
