#pragma once

#include <QList>
#include <QMap>
#include <QString>
#include <QStringList>
#include <memory>
#include <optional>

namespace tribikos {

struct SqlType;
using SqlTypePtr = std::shared_ptr<const SqlType>;

/*!
    A column type as the script, the model or the catalogue names it: plain data, nothing rendered.

    \c name is SQLAlchemy's class name in its own case ("String" is generic, "VARCHAR" is the SQL
    type); \c module tells whose it is: "sqlalchemy", "sqlite", "postgresql", "mysql" or "mariadb",
    "reflected" (\c name is then the catalogue's own text, such as "geometry(Point,4326)", printed as it is)
    or "unknown" (a class we can't see: \c name is its dotted name and rendering it is an error that says so).
    Arguments not given are nullopt/empty; which ones apply to a type is for the dialect to know.
*/
struct SqlType
{
    QString name{};
    QString module{};
    std::optional<int> length{};
    std::optional<int> precision{}; // also Float/Interval/TIMESTAMP precision
    std::optional<int> scale{};
    std::optional<bool> timezone{};
    QString collation{};
    QString charset{};
    QStringList labels{};   // Enum / ENUM / SET values
    QString typeName{};     // Enum(name=), DOMAIN name
    QString schema{};       // Enum(schema=)
    bool nativeEnum = true; // also Uuid(native_uuid=), Interval(native=)
    bool createConstraint = false;
    bool createType = true;        // postgresql.ENUM(create_type=False)
    bool metadataBound = false;    // Enum(metadata=...): created by metadata.create_all, never by op
    std::optional<int> fsp{};      // mysql fractional seconds
    std::optional<int> displayWidth{};
    bool isUnsigned = false;
    bool zerofill = false;
    bool binary = false;   // mysql CHAR BINARY
    bool national = false; // mysql NATIONAL CHAR
    bool ascii = false;
    bool unicode = false;
    bool asText = false;   // Uuid(as_uuid=False)
    bool varying = false;  // postgresql BIT VARYING
    QString fields{};      // postgresql INTERVAL fields
    SqlTypePtr item{};     // ARRAY item, DOMAIN base type
    int dimensions = 1;
    QString check{};       // DOMAIN check text
    QString domainDefault{};
    bool domainNotNull = false;
    QList<std::pair<QString, SqlTypePtr>> variants{}; // with_variant: dialect name, type

    // How Python and the catalogue write it: for new revisions alone, no part of ==.
    QString catalogueText{};                   // reflected: "int(11) unsigned"
    QMap<QString, QString> pythonArguments{};  // that change no DDL: "asdecimal" -> "False"
    QString pythonModule{};                    // a project's own class: "app.types"
    QString pythonClass{};                     // its name: "GUID"
    QString pythonText{};                      // its repr(), where that is not made from pythonLike's
    SqlTypePtr pythonLike{};                   // whose arguments its repr() shows
    friend bool operator==(const SqlType &a, const SqlType &b);
};

/// SQLAlchemy's _type_affinity.
enum class TypeAffinity {
    None,
    Integer,
    Numeric,
    String,
    Date,
    Time,
    DateTime,
    Interval,
    Boolean,
    Binary,
    Json,
    Uuid,
    Array,
    Other
};
/// By the class' own name, whatever its case: generic and SQL names fold together.
TypeAffinity affinityOfClass(const QString &className);

/// Deep comparison of the pointees; two null pointers are equal.
bool sameType(const SqlTypePtr &a, const SqlTypePtr &b);

} // namespace tribikos
