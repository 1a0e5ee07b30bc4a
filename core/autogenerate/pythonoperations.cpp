#include "core/autogenerate/pythontext.h"
#include "core/autogenerate/pythonwriter.h"

#include <algorithm>

/// The directives, one function each, as alembic/autogenerate/render.py has them.
namespace tribikos {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype mostArguments = 255; // of a Python call, once

QString withRest(const QString &first, const QStringList &rest)
{
    return (QStringList(first) + rest).join(u", "_s);
}

QString schemaOption(const TableName &table, const QString &name = u"schema"_s)
{
    return table.schema.isEmpty() ? QString() : u", %1=%2"_s.arg(name, pythonText(table.schema));
}

} // namespace

PythonWriter::PythonWriter(const PythonStyle &style, bool isUpgrade)
    : m_style(style)
    , m_dialect(dialectFor(style.backend))
    , m_isUpgrade(isUpgrade)
{
    m_names.backend = style.backend;
    m_names.sqlalchemyPrefix = style.sqlalchemyPrefix;
    m_names.userModulePrefix = style.userModulePrefix;
}

QString PythonWriter::table(const TableName &name) const
{
    return u"%1, schema=%2"_s.arg(pythonText(name.name),
                                  name.schema.isEmpty() ? u"None"_s : pythonText(name.schema));
}

QString PythonWriter::genName(const Name &name) const
{
    if (name.isEmpty())
        return u"None"_s;
    return name.isGenerated ? prefix() + u"f(%1)"_s.arg(pythonText(name.text))
                            : pythonText(name.text);
}

QString PythonWriter::operation(const Operation &operation, const ModelChange &change)
{
    using Kind = ModelChange::Kind;
    m_isReflected = change.kind == Kind::RemoveIndex || change.kind == Kind::RemoveTable;
    if (const auto *create = operation.as<CreateTable>())
        return createTable(*create);
    if (const auto *drop = operation.as<DropTable>())
        return dropTable(*drop);
    if (const auto *rename = operation.as<RenameTable>())
        return renameTable(*rename);
    if (const auto *add = operation.as<AddColumn>())
        return addColumn(*add);
    if (const auto *drop = operation.as<DropColumn>())
        return dropColumn(*drop);
    if (const auto *alter = operation.as<AlterColumn>())
        return alterColumn(*alter);
    if (const auto *create = operation.as<CreateIndex>())
        return createIndex(*create);
    if (const auto *drop = operation.as<DropIndex>())
        return dropIndex(*drop, change);
    if (const auto *add = operation.as<AddConstraint>())
        return addConstraint(*add);
    if (const auto *drop = operation.as<DropConstraint>())
        return dropConstraint(*drop);
    if (const auto *comment = operation.as<SetTableComment>())
        return tableComment(*comment, change);
    return {};
}

QString PythonWriter::createTable(const CreateTable &create)
{
    const Table &table = create.table;
    QStringList arguments;
    QStringList constraints;
    for (const Column &each : table.columns) {
        arguments.append(column(each));
        if (!each.checks.isEmpty())
            m_names.remarks.append(
                u"The check on the column %1 of table %2 is left out, as Alembic does: make it a "
                "constraint of the table, or write it into the new revision."_s.arg(
                    each.name, table.name.text()));
    }
    for (const Constraint &each : table.constraints)
        constraints.append(constraint(each));
    constraints.removeAll(QString());
    std::ranges::sort(constraints);
    arguments += constraints;
    QString items = arguments.join(u",\n"_s);
    if (arguments.size() > mostArguments)
        items = u"*[%1]"_s.arg(items);
    QString text = prefix() + u"create_table("_s + pythonText(table.name.name) + u",\n"_s + items;
    if (!table.name.schema.isEmpty())
        text += u",\nschema="_s + pythonText(table.name.schema);
    if (table.hasComment && !table.comment.isEmpty())
        text += u",\ncomment="_s + pythonText(table.comment);
    if (!table.info.isEmpty() && table.info != u"{}")
        text += u",\ninfo="_s + table.info;
    for (const QString &each : options(table.options, {}))
        text += u",\n"_s + each;
    if (!table.prefixes.isEmpty())
        text += u",\nprefixes="_s + u"['%1']"_s.arg(table.prefixes.join(u"', '"_s));
    return text + u"\n)"_s;
}

QString PythonWriter::dropTable(const DropTable &drop) const
{
    return prefix() + u"drop_table("_s + pythonText(drop.table.name) + schemaOption(drop.table)
           + u')';
}

QString PythonWriter::renameTable(const RenameTable &rename) const
{
    return prefix() + u"rename_table("_s + pythonText(rename.table.name) + u", "_s
           + pythonText(rename.newName) + schemaOption(rename.table) + u')';
}

QString PythonWriter::addColumn(const AddColumn &add)
{
    if (m_isBatch)
        return prefix() + u"add_column(%1)"_s.arg(column(add.column));
    return prefix() + u"add_column("_s + pythonText(add.table.name) + u", "_s + column(add.column)
           + schemaOption(add.table) + u')';
}

QString PythonWriter::dropColumn(const DropColumn &drop) const
{
    if (m_isBatch)
        return prefix() + u"drop_column(%1)"_s.arg(pythonText(drop.column));
    return prefix() + u"drop_column("_s + pythonText(drop.table.name) + u", "_s
           + pythonText(drop.column) + schemaOption(drop.table) + u')';
}

QString PythonWriter::alterColumn(const AlterColumn &alter)
{
    QStringList lines;
    const auto say = [&lines](const QString &key, const QString &value) {
        lines.append(u",\n           "_s + key + u'=' + value);
    };
    if (alter.newName)
        say(u"new_column_name"_s, pythonText(*alter.newName));
    if (alter.existingType)
        say(u"existing_type"_s, pythonType(alter.existingType, m_names));
    if (alter.serverDefault)
        say(u"server_default"_s, serverDefault(*alter.serverDefault));
    if (alter.type)
        say(u"type_"_s, pythonType(alter.type, m_names));
    if (alter.nullable)
        say(u"nullable"_s, pythonBool(*alter.nullable));
    if (alter.comment || alter.clearComment)
        say(u"comment"_s, alter.comment ? pythonText(*alter.comment) : u"None"_s);
    if (alter.existingComment)
        say(u"existing_comment"_s, pythonText(*alter.existingComment));
    if (!alter.nullable && alter.existingNullable)
        say(u"existing_nullable"_s, pythonBool(*alter.existingNullable));
    if (alter.autoincrement)
        say(u"autoincrement"_s, pythonBool(*alter.autoincrement));
    if (alter.existingAutoincrement)
        say(u"existing_autoincrement"_s, pythonBool(*alter.existingAutoincrement));
    if (!alter.serverDefault && alter.existingServerDefault
        && !alter.existingServerDefault->isNone())
        say(u"existing_server_default"_s, serverDefault(*alter.existingServerDefault));
    if (!alter.table.schema.isEmpty() && !m_isBatch)
        say(u"schema"_s, pythonText(alter.table.schema));
    const QString where = m_isBatch
                              ? pythonText(alter.column)
                              : pythonText(alter.table.name) + u", "_s + pythonText(alter.column);
    return prefix() + u"alter_column("_s + where + lines.join(QString()) + u')';
}

QString PythonWriter::indexElement(const ExprPtr &element)
{
    if (element->kind == Expr::Kind::Column)
        return pythonText(element->text);
    QString text = sqlText(element);
    using Kind = Expr::Kind;
    // The databases want an expression in parentheses where it could be taken for something else.
    const bool isGrouped =
        (m_style.backend == Backend::PostgreSql
         && (element->kind == Kind::Binary || element->kind == Kind::And
             || element->kind == Kind::Or))
        || ((m_style.backend == Backend::MySql || m_style.backend == Backend::MariaDb)
            && (element->kind == Kind::Binary || element->kind == Kind::Function));
    if (isGrouped)
        text = u'(' + text + u')';
    return sa(u"literal_column(%1)"_s.arg(pythonText(text)));
}

QString PythonWriter::createIndex(const CreateIndex &create)
{
    const Index &index = create.index;
    QStringList elements;
    for (const ExprPtr &element : index.elements)
        elements.append(indexElement(element));
    // SQLite's PRAGMA says 1, and Alembic prints what it was told.
    const bool isNumber = index.unique && m_isReflected && m_style.backend == Backend::Sqlite;
    const QString where = m_isBatch ? genName(index.name)
                                    : genName(index.name) + u", "_s + pythonText(create.table.name);
    const QString first = u"%1, [%2], unique=%3%4"_s.arg(
        where, elements.join(u", "_s), isNumber ? u"1"_s : pythonBool(index.unique),
        m_isBatch ? QString() : schemaOption(create.table));
    return prefix()
           + u"create_index(%1)"_s.arg(withRest(first, options(index.options, index.optionOrder)));
}

QString PythonWriter::dropIndex(const DropIndex &drop, const ModelChange &change)
{
    QString first = genName(drop.name);
    if (!m_isBatch)
        first += u", table_name="_s + pythonText(change.table.name) + schemaOption(change.table);
    const QStringList more =
        change.index ? options(change.index->options, change.index->optionOrder) : QStringList();
    return prefix() + u"drop_index(%1)"_s.arg(withRest(first, more));
}

QString PythonWriter::createForeignKey(const TableName &table, const ForeignKey &key)
{
    QStringList shown{genName(key.name)};
    if (!m_isBatch)
        shown.append(pythonText(table.name));
    shown += {pythonText(key.target.name), pythonList(key.columns), pythonList(key.targetColumns)};
    const auto say = [&shown](const QString &name, const QString &value) {
        if (!value.isEmpty())
            shown.append(name + u'=' + pythonText(value));
    };
    if (!m_isBatch)
        say(u"source_schema"_s, table.schema);
    say(u"referent_schema"_s, key.target.schema);
    say(u"onupdate"_s, key.onUpdate);
    say(u"ondelete"_s, key.onDelete);
    say(u"initially"_s, key.initially);
    if (key.deferrable.value_or(false))
        shown.append(u"deferrable=True"_s);
    if (key.useAlter)
        shown.append(u"use_alter=True"_s);
    say(u"match"_s, key.match);
    shown += options(key.options, {});
    return prefix() + u"create_foreign_key(%1)"_s.arg(shown.join(u", "_s));
}

QString PythonWriter::createExclude(const TableName &table, const ExcludeConstraint &exclude)
{
    QStringList first{genName(exclude.name)};
    if (!m_isBatch)
        first.append(pythonText(table.name));
    return prefix()
           + u"create_exclude_constraint(%1)"_s.arg(
               withRest(first.join(u", "_s), {excludeConstraint(exclude, {})}));
}

QString PythonWriter::addConstraint(const AddConstraint &add)
{
    if (const auto *key = std::get_if<ForeignKey>(&add.constraint))
        return createForeignKey(add.table, *key);
    if (const auto *exclude = std::get_if<ExcludeConstraint>(&add.constraint))
        return createExclude(add.table, *exclude);
    QStringList shown{genName(constraintName(add.constraint))};
    if (!m_isBatch)
        shown.append(pythonText(add.table.name));
    const QString schema = m_isBatch || add.table.schema.isEmpty()
                               ? QString()
                               : u"schema="_s + pythonText(add.table.schema);
    if (const auto *check = std::get_if<CheckConstraint>(&add.constraint)) {
        shown.append(pythonText(sqlText(check->condition)));
        shown.append(schema);
        shown.removeAll(QString());
        return prefix() + u"create_check_constraint(%1)"_s.arg(shown.join(u", "_s));
    }
    const auto *unique = std::get_if<UniqueConstraint>(&add.constraint);
    if (!unique)
        return {};
    shown.append(pythonList(unique->columns));
    if (unique->deferrable.value_or(false))
        shown.append(u"deferrable=True"_s);
    if (!unique->initially.isEmpty())
        shown.append(u"initially="_s + pythonText(unique->initially));
    shown.append(schema);
    shown.removeAll(QString());
    shown += options(unique->options, {});
    return prefix() + u"create_unique_constraint(%1)"_s.arg(shown.join(u", "_s));
}

QString PythonWriter::dropConstraint(const DropConstraint &drop) const
{
    QStringList shown{genName(drop.name)};
    if (!m_isBatch) {
        shown.append(pythonText(drop.table.name));
        if (!drop.table.schema.isEmpty())
            shown.append(u"schema="_s + pythonText(drop.table.schema));
    }
    if (!drop.kind.isEmpty())
        shown.append(u"type_="_s + pythonText(drop.kind));
    return prefix() + u"drop_constraint(%1)"_s.arg(shown.join(u", "_s));
}

/// The comment before is what the way back sets.
QString PythonWriter::tableComment(const SetTableComment &comment, const ModelChange &change) const
{
    const auto *back = (m_isUpgrade ? change.downgrade : change.upgrade).as<SetTableComment>();
    const auto shown = [](const std::optional<QString> &text) {
        return text ? pythonText(*text) : u"None"_s;
    };
    QStringList lines;
    if (!m_isBatch)
        lines.append(u"    '%1'"_s.arg(comment.table.name));
    if (!comment.isDrop)
        lines.append(u"    "_s + shown(comment.comment));
    lines.append(u"    existing_comment="_s
                 + shown(back && !back->isDrop ? back->comment : std::nullopt));
    if (!m_isBatch)
        lines.append(
            u"    schema="_s
            + (comment.table.schema.isEmpty() ? u"None"_s : u"'%1'"_s.arg(comment.table.schema)));
    const QString verb = comment.isDrop ? u"drop_table_comment(\n"_s : u"create_table_comment(\n"_s;
    return prefix() + verb + lines.join(u",\n"_s) + u"\n)"_s;
}

} // namespace tribikos
