#include "core/pyread/sa/types.h"

#include <QHash>
#include <QSet>

/// The table of type classes, as SQLAlchemy 2 has them.
namespace tribikos::py::sa {

using namespace Qt::StringLiterals;

namespace {

constexpr const char *stringArgs = "length,collation";
constexpr const char *numericArgs = "precision,scale,decimal_return_scale,asdecimal";
constexpr const char *floatArgs = "precision,asdecimal,decimal_return_scale";
constexpr const char *mysqlStringArgs = "length,charset,collation,ascii,unicode,binary,national";
constexpr const char *mysqlTextArgs = "charset,collation,ascii,unicode,binary,national";
constexpr const char *mysqlIntArgs = "display_width,unsigned,zerofill";
constexpr const char *mysqlNumericArgs = "precision,scale,asdecimal,unsigned,zerofill";

constexpr TypeSpec specs[] = {
    {"TypeEngine", "", ""},
    {"NullType", "TypeEngine", ""},
    {"String", "TypeEngine", stringArgs},
    {"Text", "String", stringArgs},
    {"Unicode", "String", stringArgs},
    {"UnicodeText", "Text", stringArgs},
    {"VARCHAR", "String", stringArgs},
    {"CHAR", "String", stringArgs},
    {"NVARCHAR", "Unicode", stringArgs},
    {"NCHAR", "Unicode", stringArgs},
    {"TEXT", "Text", stringArgs},
    {"CLOB", "Text", stringArgs},
    {"Integer", "TypeEngine", ""},
    {"SmallInteger", "Integer", ""},
    {"BigInteger", "Integer", ""},
    {"INTEGER", "Integer", ""},
    {"INT", "Integer", ""},
    {"SMALLINT", "SmallInteger", ""},
    {"BIGINT", "BigInteger", ""},
    {"Numeric", "TypeEngine", numericArgs},
    {"NUMERIC", "Numeric", numericArgs},
    {"DECIMAL", "Numeric", numericArgs},
    {"Float", "Numeric", floatArgs},
    {"FLOAT", "Float", floatArgs},
    {"REAL", "Float", floatArgs},
    {"Double", "Float", floatArgs},
    {"DOUBLE", "Double", floatArgs},
    {"DOUBLE_PRECISION", "Double", floatArgs},
    {"Boolean", "TypeEngine", "create_constraint,name"},
    {"BOOLEAN", "Boolean", "create_constraint,name"},
    {"Date", "TypeEngine", ""},
    {"DATE", "Date", ""},
    {"DateTime", "TypeEngine", "timezone"},
    {"DATETIME", "DateTime", "timezone"},
    {"TIMESTAMP", "DateTime", "timezone"},
    {"Time", "TypeEngine", "timezone"},
    {"TIME", "Time", "timezone"},
    {"Interval", "TypeEngine", "native,second_precision,day_precision"},
    {"LargeBinary", "TypeEngine", "length"},
    {"BLOB", "LargeBinary", "length"},
    {"BINARY", "TypeEngine", "length"},
    {"VARBINARY", "TypeEngine", "length"},
    {"PickleType", "TypeEngine", "protocol,pickler,comparator,impl"},
    {"JSON", "TypeEngine", "none_as_null"},
    {"Uuid", "TypeEngine", "as_uuid,native_uuid"},
    {"UUID", "Uuid", "as_uuid"},
    {"Enum", "String", ""},
    {"ARRAY", "TypeEngine", ""},
    {"TupleType", "TypeEngine", ""},
    {"TypeDecorator", "TypeEngine", ""},
    {"UserDefinedType", "TypeEngine", ""},
    {"Concatenable", "", ""},
    {"Indexable", "", ""},
    {"SchemaType", "", ""},
    {"postgresql.ARRAY", "ARRAY", ""},
    {"postgresql.BIT", "TypeEngine", "length,varying"},
    {"postgresql.BYTEA", "LargeBinary", "length"},
    {"postgresql.CIDR", "TypeEngine", ""},
    {"postgresql.INET", "TypeEngine", ""},
    {"postgresql.MACADDR", "TypeEngine", ""},
    {"postgresql.MACADDR8", "TypeEngine", ""},
    {"postgresql.CITEXT", "TEXT", stringArgs},
    {"postgresql.MONEY", "TypeEngine", ""},
    {"postgresql.OID", "TypeEngine", ""},
    {"postgresql.REGCLASS", "TypeEngine", ""},
    {"postgresql.REGCONFIG", "TypeEngine", ""},
    {"postgresql.TSVECTOR", "TypeEngine", ""},
    {"postgresql.TSQUERY", "TypeEngine", ""},
    {"postgresql.HSTORE", "TypeEngine", "text_type"},
    {"postgresql.JSON", "JSON", "none_as_null,astext_type"},
    {"postgresql.JSONB", "postgresql.JSON", "none_as_null,astext_type"},
    {"postgresql.JSONPATH", "TypeEngine", ""},
    {"postgresql.TIMESTAMP", "TIMESTAMP", "timezone,precision"},
    {"postgresql.TIME", "TIME", "timezone,precision"},
    {"postgresql.INTERVAL", "TypeEngine", "precision,fields"},
    {"postgresql.ENUM", "Enum", ""},
    {"postgresql.DOMAIN", "TypeEngine", ""},
    {"postgresql.INT4RANGE", "TypeEngine", ""},
    {"postgresql.INT8RANGE", "TypeEngine", ""},
    {"postgresql.NUMRANGE", "TypeEngine", ""},
    {"postgresql.DATERANGE", "TypeEngine", ""},
    {"postgresql.TSRANGE", "TypeEngine", ""},
    {"postgresql.TSTZRANGE", "TypeEngine", ""},
    {"postgresql.INT4MULTIRANGE", "TypeEngine", ""},
    {"postgresql.INT8MULTIRANGE", "TypeEngine", ""},
    {"postgresql.NUMMULTIRANGE", "TypeEngine", ""},
    {"postgresql.DATEMULTIRANGE", "TypeEngine", ""},
    {"postgresql.TSMULTIRANGE", "TypeEngine", ""},
    {"postgresql.TSTZMULTIRANGE", "TypeEngine", ""},
    {"mysql.TINYINT", "Integer", mysqlIntArgs},
    {"mysql.SMALLINT", "SMALLINT", mysqlIntArgs},
    {"mysql.MEDIUMINT", "Integer", mysqlIntArgs},
    {"mysql.INTEGER", "INTEGER", mysqlIntArgs},
    {"mysql.BIGINT", "BIGINT", mysqlIntArgs},
    {"mysql.NUMERIC", "NUMERIC", mysqlNumericArgs},
    {"mysql.DECIMAL", "DECIMAL", mysqlNumericArgs},
    {"mysql.DOUBLE", "DOUBLE", mysqlNumericArgs},
    {"mysql.REAL", "REAL", mysqlNumericArgs},
    {"mysql.FLOAT", "FLOAT", mysqlNumericArgs},
    {"mysql.BIT", "TypeEngine", "length"},
    {"mysql.YEAR", "TypeEngine", "display_width"},
    {"mysql.DATETIME", "DATETIME", "timezone,fsp"},
    {"mysql.TIMESTAMP", "TIMESTAMP", "timezone,fsp"},
    {"mysql.TIME", "TIME", "timezone,fsp"},
    {"mysql.VARCHAR", "VARCHAR", mysqlStringArgs},
    {"mysql.CHAR", "CHAR", mysqlStringArgs},
    {"mysql.NVARCHAR", "NVARCHAR", mysqlStringArgs},
    {"mysql.NCHAR", "NCHAR", mysqlStringArgs},
    {"mysql.TEXT", "TEXT", mysqlStringArgs},
    {"mysql.TINYTEXT", "String", mysqlTextArgs},
    {"mysql.MEDIUMTEXT", "String", mysqlTextArgs},
    {"mysql.LONGTEXT", "String", mysqlTextArgs},
    {"mysql.TINYBLOB", "TypeEngine", "length"},
    {"mysql.MEDIUMBLOB", "TypeEngine", "length"},
    {"mysql.LONGBLOB", "TypeEngine", "length"},
    {"mysql.JSON", "JSON", "none_as_null"},
    {"mysql.ENUM", "Enum", ""},
    {"mysql.SET", "String", ""},
    {"mariadb.INET4", "TypeEngine", ""},
    {"mariadb.INET6", "TypeEngine", ""},
    {"sqlite.DATE", "Date", "storage_format,regexp"},
    {"sqlite.DATETIME", "DateTime", "storage_format,regexp,truncate_microseconds"},
    {"sqlite.TIME", "Time", "storage_format,regexp,truncate_microseconds"},
    {"sqlite.JSON", "JSON", "none_as_null"},
    {"mssql.BIT", "Boolean", "create_constraint,name"},
    {"mssql.DATETIME2", "DateTime", "precision,timezone"},
    {"mssql.DATETIMEOFFSET", "DateTime", "precision,timezone"},
    {"mssql.SMALLDATETIME", "DateTime", "timezone"},
    {"mssql.IMAGE", "LargeBinary", "length"},
    {"mssql.MONEY", "TypeEngine", ""},
    {"mssql.SMALLMONEY", "TypeEngine", ""},
    {"mssql.NTEXT", "UnicodeText", stringArgs},
    {"mssql.ROWVERSION", "TypeEngine", "convert_int"},
    {"mssql.SQL_VARIANT", "TypeEngine", ""},
    {"mssql.TIMESTAMP", "TypeEngine", "convert_int"},
    {"mssql.TINYINT", "Integer", ""},
    {"mssql.TIME", "TIME", "precision"},
    {"mssql.UNIQUEIDENTIFIER", "Uuid", "as_uuid"},
    {"mssql.VARBINARY", "VARBINARY", "length,filestream"},
    {"mssql.XML", "Text", stringArgs},
    {"oracle.BFILE", "LargeBinary", "length"},
    {"oracle.BINARY_DOUBLE", "Double", floatArgs},
    {"oracle.BINARY_FLOAT", "Float", floatArgs},
    {"oracle.DATE", "DateTime", "timezone"},
    {"oracle.FLOAT", "FLOAT", "binary_precision,asdecimal,decimal_return_scale"},
    {"oracle.INTERVAL", "TypeEngine", "day_precision,second_precision"},
    {"oracle.LONG", "Text", stringArgs},
    {"oracle.NCLOB", "Text", stringArgs},
    {"oracle.NUMBER", "Numeric", "precision,scale,asdecimal"},
    {"oracle.NVARCHAR2", "NVARCHAR", stringArgs},
    {"oracle.RAW", "TypeEngine", "length"},
    {"oracle.ROWID", "TypeEngine", ""},
    {"oracle.TIMESTAMP", "TIMESTAMP", "timezone,local_timezone"},
    {"oracle.VARCHAR2", "VARCHAR", stringArgs},
};

/// SQLAlchemy's own upper-case types that every dialect's module shows too.
const QSet<QString> &shownByDialects()
{
    static const QSet<QString> names{
        u"BIGINT"_s,   u"BOOLEAN"_s,   u"CHAR"_s,      u"DATE"_s,
        u"DATETIME"_s, u"DECIMAL"_s,   u"FLOAT"_s,     u"INTEGER"_s,
        u"NUMERIC"_s,  u"REAL"_s,      u"SMALLINT"_s,  u"TEXT"_s,
        u"TIME"_s,     u"TIMESTAMP"_s, u"VARCHAR"_s,   u"BLOB"_s,
        u"JSON"_s,     u"UUID"_s,      u"VARBINARY"_s, u"BINARY"_s,
        u"NVARCHAR"_s, u"NCHAR"_s,     u"CLOB"_s,      u"DOUBLE_PRECISION"_s,
        u"DOUBLE"_s};
    return names;
}

} // namespace

std::span<const TypeSpec> typeSpecs()
{
    return specs;
}

const TypeSpec *typeSpec(const QString &key)
{
    static const QHash<QString, const TypeSpec *> byKey = [] {
        QHash<QString, const TypeSpec *> table;
        for (const TypeSpec &spec : specs)
            table.insert(QString::fromLatin1(spec.key), &spec);
        return table;
    }();
    return byKey.value(key);
}

QStringList typeNames(const QString &module)
{
    QStringList names;
    for (const TypeSpec &spec : specs) {
        const QString key = QString::fromLatin1(spec.key);
        const bool isOwn = key.contains(u'.') ? key.section(u'.', 0, 0) == module : module.isEmpty();
        if (isOwn)
            names.append(key.section(u'.', -1));
    }
    if (!module.isEmpty())
        names += QStringList(shownByDialects().begin(), shownByDialects().end());
    return names;
}

QString typeKey(const QString &module, const QString &name)
{
    const QString own = module + u'.' + name;
    if (typeSpec(own))
        return own;
    if (module == u"mariadb") // everything of MySQL's, and a little more
        return typeKey(u"mysql"_s, name);
    return shownByDialects().contains(name) ? name : QString();
}

} // namespace tribikos::py::sa
