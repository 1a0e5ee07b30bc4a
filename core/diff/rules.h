#pragma once

#include "core/base/backend.h"
#include "core/schema/schema.h"

#include <QHash>
#include <QSet>
#include <QString>

namespace tribikos {

/*!
    How one database differs from the others where two schemas are compared; data, no code.
    Source: alembic-semantics 9.2-9.5 and the databases' own manuals. Inside of this room only.
*/
struct ComparisonRules
{
    bool foldsCase = false; // names compare without case
    QString usualSchema{};  // the schema that a bare name means
    bool keepsText = false; // the catalogue keeps expressions and definitions as they were written
    bool hasComments = true;
    bool keyIsNotNull = true;        // a primary key's columns are NOT NULL whatever was written
    bool namesConstraints = true;    // the server names what the script left unnamed
    bool uniqueIndexIsKey = false;   // a unique index and a unique constraint are the same thing
    bool indexesForeignKeys = false; // the server makes an index for each foreign key
    QString defaultAction{};         // the referential action that means none, beside NO ACTION
    QHash<QString, QString>
        typeAliases{}; // first word of a type -> the word that it is read back as
    QList<QSet<QString>> typeSynonyms{};
    QHash<QString, QString> defaultAliases{}; // whole default -> the default that it is
    QSet<NamedObject::Kind> objects{};        // kinds that are compared
    bool hasOneSchema = false;    // what has another schema's name is in another database
    bool typesAreObjects = false; // a column's enum or domain is an object beside the table
};

const ComparisonRules &rulesFor(Backend backend);

} // namespace tribikos
