#pragma once

#include "core/schema/schema.h"

#include <QHash>

namespace tribikos::postgres {

/// A type that somebody made: an enum, a domain, a composite, an extension's.
struct NamedType
{
    TableName name{};
    QChar kind{}; // pg_type.typtype
    QStringList labels{};
    QString base{}; // domains: the base type's text
    bool isNotNull = false;
    QString fallback{}; // domains: the default
    QStringList checks{}; // domains: "CHECK (...)" each
    bool isOfExtension = false;
};
using NamedTypes = QHash<qint64, NamedType>; // by oid

/// The type of a column as SQLAlchemy's classes name it: \a text is format_type()'s, \a type the oid that is looked up
/// in \a named, \a element the one of an array's elements or 0. What has no class keeps its text (module "reflected").
SqlTypePtr columnType(const QString &text, qint64 type, qint64 element, const NamedTypes &named);

/// One of PostgreSQL's own types from its text: "character varying(20)". Null: it is none that SQLAlchemy has.
SqlTypePtr builtinType(const QString &text);

} // namespace tribikos::postgres
