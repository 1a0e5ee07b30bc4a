#include "core/schema/sqltype.h"

#include <QHash>

namespace tribikos {

namespace {

using Affinities = QHash<QString, TypeAffinity>;

const Affinities &affinities()
{
    using A = TypeAffinity;
    static const Affinities map = [] {
        Affinities all;
        const auto put = [&all](A affinity, const char *names) {
            for (const QByteArray &name : QByteArray(names).split(' '))
                all.insert(QString::fromLatin1(name), affinity);
        };
        put(A::Integer, "integer int smallinteger smallint biginteger bigint tinyint mediumint "
                        "int2 int4 int8 oid year");
        put(A::Numeric, "numeric decimal float double double_precision real money");
        put(A::String,
            "string varchar text char unicode unicodetext nvarchar nchar clob enum set tinytext "
            "mediumtext longtext citext inet cidr");
        put(A::Date, "date");
        put(A::Time, "time");
        put(A::DateTime, "datetime timestamp");
        put(A::Interval, "interval");
        put(A::Boolean, "boolean bool");
        put(A::Binary,
            "largebinary binary varbinary blob bytea tinyblob mediumblob longblob pickletype");
        put(A::Json, "json jsonb");
        put(A::Uuid, "uuid");
        put(A::Array, "array");
        return all;
    }();
    return map;
}

} // namespace

TypeAffinity affinityOfClass(const QString &className)
{
    return affinities().value(className.toLower(), TypeAffinity::Other);
}

} // namespace tribikos
