#pragma once

#include <QString>

/*!
    The questions to PostgreSQL's catalogue, whole ones each: none is asked per table. Columns by position, as the readers
    take them. Lists come as one text, divided by \c listMark, a character that no name holds. Inside of this room only.
*/
namespace tribikos::postgres {

inline constexpr char16_t listMark = u'\x01';

/// version number, oid of the usual schema, its name
QString server();
/// oid, name, is an extension's
QString namespaces();
/// oid, namespace, name, kind, persistence, is a partition, options, access method, tablespace, comment, view's text,
/// partition key, partition's bounds, has children
QString relations();
/// table, number, name, type, array's element type, type's text, NOT NULL, identity, generated, collation, collation's
/// oid, default, comment
QString columns();
/// table, name, kind, deferrable, deferred, validated, columns, target, target's columns, ON UPDATE, ON DELETE, MATCH,
/// index, no inherit, columns of SET NULL, text
QString constraints(int version);
/// index, table, name, method, unique, nulls not distinct, columns, number of keys, options, operator classes,
/// collations, expressions, condition, storage options, tablespace
QString indexes(int version);
/// oid, namespace, name, kind, base type's text, NOT NULL, default, is an extension's
QString types();
/// type, label
QString enumLabels();
/// domain, text
QString domainChecks();
/// oid, namespace, name, type, start, increment, least, greatest, cache, cycle, owner, owner's column, dependency
QString sequences();
/// child, parent
QString inheritance();
/// oid, name
QString operatorClasses();
/// namespace, name, text
QString functions();
/// table, name, text
QString triggers(int version);
/// name, namespace
QString extensions();

} // namespace tribikos::postgres
