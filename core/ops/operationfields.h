#pragma once

#include "core/ops/operation.h"

#include <concepts>
#include <type_traits>

namespace tribikos {

template<typename T, typename Of>
concept Like = std::same_as<std::remove_const_t<T>, Of>;

/// Hands every member of the values that an operation is made of to \a a, in order. The bindings name all members of
/// a struct, so that one that is added later doesn't compile before it is named here.
struct OperationFields
{
    // clang-format off
    static void each(auto &a, Like<TableName> auto &v)
    { auto &[schema, name] = v; a(schema, name); }
    static void each(auto &a, Like<Name> auto &v)
    { auto &[text, isGenerated, quoted] = v; a(text, isGenerated, quoted); }
    static void each(auto &a, Like<OptionMap> auto &v)
    { auto &[entries] = v; a(entries); }
    static void each(auto &a, Like<SourceSpan> auto &v)
    { auto &[line, column, endLine, endColumn] = v; a(line, column, endLine, endColumn); }

    static void each(auto &a, Like<SqlType> auto &v)
    {
        auto &[name, module, length, precision, scale, timezone, collation, charset, labels, typeName, schema, nativeEnum,
               createConstraint, createType, metadataBound, fsp, displayWidth, isUnsigned, zerofill, binary, national,
               ascii, unicode, asText, varying, fields, item, dimensions, check, domainDefault, domainNotNull, variants,
               catalogueText, pythonArguments, pythonModule, pythonClass, pythonText, pythonLike] = v;
        a(name, module, length, precision, scale, timezone, collation, charset, labels, typeName, schema, nativeEnum,
          createConstraint, createType, metadataBound, fsp, displayWidth, isUnsigned, zerofill, binary, national, ascii,
          unicode, asText, varying, fields, item, dimensions, check, domainDefault, domainNotNull, variants,
          catalogueText, pythonArguments, pythonModule, pythonClass, pythonText, pythonLike);
    }

    static void each(auto &a, Like<Literal> auto &v)
    { auto &[kind, text] = v; a(kind, text); }
    static void each(auto &a, Like<TableRef> auto &v)
    { auto &[name, schema, alias, source, columns] = v; a(name, schema, alias, source, columns); }
    static void each(auto &a, Like<Expr> auto &v)
    {
        auto &[kind, text, schema, args, value, type, table, flag, binds, statement, weight] = v;
        a(kind, text, schema, args, value, type, table, flag, binds, statement, weight);
    }
    static void each(auto &a, Like<Expr::Statement> auto &v)
    {
        auto &[table, columns, from, where, groupBy, having, orderBy, limit, offset, distinct, distinctOn, insertColumns,
               rows, fromSelect, defaultValues, assignments, returning, onConflict, conflictColumns, conflictConstraint,
               conflictIndexWhere, conflictWhere, prefixes, suffixes, hints, ctes, rowLimit, isOrdered, correlates,
               correlated, uncorrelated, correlatesExcept, forUpdate, lockOptions, lockOf] = v;
        a(table, columns, from, where, groupBy, having, orderBy, limit, offset, distinct, distinctOn, insertColumns,
          rows, fromSelect, defaultValues, assignments, returning, onConflict, conflictColumns, conflictConstraint,
          conflictIndexWhere, conflictWhere, prefixes, suffixes, hints, ctes, rowLimit, isOrdered, correlates,
          correlated, uncorrelated, correlatesExcept, forUpdate, lockOptions, lockOf);
    }

    static void each(auto &a, Like<Computed> auto &v)
    { auto &[expression, persisted] = v; a(expression, persisted); }
    static void each(auto &a, Like<Identity> auto &v)
    {
        auto &[always, onNull, start, increment, minValue, maxValue, noMinValue, noMaxValue, cycle, cache, order] = v;
        a(always, onNull, start, increment, minValue, maxValue, noMinValue, noMaxValue, cycle, cache, order);
    }
    static void each(auto &a, Like<Column> auto &v)
    {
        auto &[name, type, nullable, primaryKey, autoincrement, serverDefault, serverDefaultOpaque, hasClientDefault,
               sequence, sequenceOptional, computed, identity, comment, hasComment, collation, onConflict, quoted, checks,
               checkNames, options] = v;
        a(name, type, nullable, primaryKey, autoincrement, serverDefault, serverDefaultOpaque, hasClientDefault,
          sequence, sequenceOptional, computed, identity, comment, hasComment, collation, onConflict, quoted, checks,
          checkNames, options);
    }
    static void each(auto &a, Like<PrimaryKey> auto &v)
    { auto &[name, columns, options, onConflict] = v; a(name, columns, options, onConflict); }
    static void each(auto &a, Like<UniqueConstraint> auto &v)
    {
        auto &[name, columns, deferrable, initially, options, onConflict, isInline] = v;
        a(name, columns, deferrable, initially, options, onConflict, isInline);
    }
    static void each(auto &a, Like<ForeignKey> auto &v)
    {
        auto &[name, columns, target, targetColumns, onDelete, onUpdate, deferrable, initially, match, useAlter, options,
               isInline] = v;
        a(name, columns, target, targetColumns, onDelete, onUpdate, deferrable, initially, match, useAlter, options,
          isInline);
    }
    static void each(auto &a, Like<CheckConstraint> auto &v)
    { auto &[name, condition, options, isTypeBound] = v; a(name, condition, options, isTypeBound); }
    static void each(auto &a, Like<ExcludeConstraint> auto &v)
    {
        auto &[name, elements, method, where, deferrable, initially, operatorClasses] = v;
        a(name, elements, method, where, deferrable, initially, operatorClasses);
    }
    static void each(auto &a, Like<Index> auto &v)
    {
        auto &[name, elements, unique, options, optionOrder, sql] = v;
        a(name, elements, unique, options, optionOrder, sql);
    }
    static void each(auto &a, Like<Table> auto &v)
    {
        auto &[name, columns, constraints, indexes, comment, hasComment, options, prefixes, info, isOpaque, columnsOpaque,
               hasRenamed, isEmpty] = v;
        a(name, columns, constraints, indexes, comment, hasComment, options, prefixes, info, isOpaque, columnsOpaque,
          hasRenamed, isEmpty);
    }

    static void each(auto &a, Like<CreateTable> auto &v)
    { auto &[table, ifNotExists] = v; a(table, ifNotExists); }
    static void each(auto &a, Like<DropTable> auto &v)
    { auto &[table, ifExists] = v; a(table, ifExists); }
    static void each(auto &a, Like<RenameTable> auto &v)
    { auto &[table, newName] = v; a(table, newName); }
    static void each(auto &a, Like<AddColumn> auto &v)
    {
        auto &[table, column, constraints, indexes, ifNotExists, inlineReferences, inlinePrimaryKey, insertBefore,
               insertAfter] = v;
        a(table, column, constraints, indexes, ifNotExists, inlineReferences, inlinePrimaryKey, insertBefore,
          insertAfter);
    }
    static void each(auto &a, Like<DropColumn> auto &v)
    { auto &[table, column, ifExists] = v; a(table, column, ifExists); }
    static void each(auto &a, Like<DefaultChange> auto &v)
    { auto &[expression, identity, computed] = v; a(expression, identity, computed); }
    static void each(auto &a, Like<AlterColumn> auto &v)
    {
        auto &[table, column, nullable, comment, clearComment, serverDefault, newName, type, existingType, isTypeClass,
               existingServerDefault, existingNullable, existingComment, autoincrement, existingAutoincrement, using_,
               insertBefore, insertAfter] = v;
        a(table, column, nullable, comment, clearComment, serverDefault, newName, type, existingType, isTypeClass,
          existingServerDefault, existingNullable, existingComment, autoincrement, existingAutoincrement, using_,
          insertBefore, insertAfter);
    }
    static void each(auto &a, Like<CreateIndex> auto &v)
    { auto &[table, index, ifNotExists] = v; a(table, index, ifNotExists); }
    static void each(auto &a, Like<DropIndex> auto &v)
    { auto &[name, table, schema, ifExists, options] = v; a(name, table, schema, ifExists, options); }
    static void each(auto &a, Like<AddConstraint> auto &v)
    { auto &[table, constraint] = v; a(table, constraint); }
    static void each(auto &a, Like<DropConstraint> auto &v)
    { auto &[table, name, kind, ifExists] = v; a(table, name, kind, ifExists); }
    static void each(auto &a, Like<SetTableComment> auto &v)
    { auto &[table, comment, isDrop] = v; a(table, comment, isDrop); }
    static void each(auto &a, Like<Execute> auto &v)
    {
        auto &[statement, isDdlText, throughBind, isScriptText, dropsParameters] = v;
        a(statement, isDdlText, throughBind, isScriptText, dropsParameters);
    }
    static void each(auto &a, Like<ExecuteMany> auto &v)
    { auto &[stretch] = v; a(stretch); }
    static void each(auto &a, Like<BulkInsert> auto &v)
    { auto &[table, rows, multiInsert] = v; a(table, rows, multiInsert); }
    static void each(auto &a, Like<CreateType> auto &v)
    { auto &[type, checkFirst] = v; a(type, checkFirst); }
    static void each(auto &a, Like<DropType> auto &v)
    { auto &[type, checkFirst] = v; a(type, checkFirst); }
    static void each(auto &a, Like<CreateSequence> auto &v)
    { auto &[name, options, dataType, ifNotExists] = v; a(name, options, dataType, ifNotExists); }
    static void each(auto &a, Like<DropSequence> auto &v)
    { auto &[name, ifExists] = v; a(name, ifExists); }
    static void each(auto &a, Like<CreateNamespace> auto &v)
    { auto &[name, ifNotExists] = v; a(name, ifNotExists); }
    static void each(auto &a, Like<DropNamespace> auto &v)
    { auto &[name, ifExists, cascade] = v; a(name, ifExists, cascade); }
    static void each(auto &a, Like<BatchAlterTable> auto &v)
    {
        auto &[table, recreate, operations, copyFrom, partialReordering, tableArgs, reflectColumns, tableOptions,
               namingConvention] = v;
        a(table, recreate, operations, copyFrom, partialReordering, tableArgs, reflectColumns, tableOptions,
          namingConvention);
    }
    static void each(auto &, Like<AutocommitBegin> auto &) {}
    static void each(auto &, Like<AutocommitEnd> auto &) {}
    static void each(auto &a, Like<Operation> auto &v)
    { auto &[kind, span] = v; a(kind, span); }
    // clang-format on
};

} // namespace tribikos
