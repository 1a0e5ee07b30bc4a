#include "core/pyread/sa/names.h"
#include "core/pyread/sa/types.h"

/// Column types of packages that many projects use. The packages aren't there to be read, so what
/// their classes stand for is written down here.
namespace tribikos::py::sa {

using namespace Qt::StringLiterals;

namespace {

struct ForeignType
{
    const char *package;
    const char *name;
    const char *key;                 // of the type it wraps
    int length = 0;                  // its default length; 0: none
    const char *lengthArgument = ""; // name of the argument that replaces it
    const char *postgresql = "";     // key of the type on PostgreSQL, where it differs
};

constexpr ForeignType foreignTypes[] = {
    {"sqlmodel", "GUID", "CHAR", 32, "", "postgresql.UUID"}, // of its older versions
    {"sqlalchemy_utils", "ArrowType", "DateTime"},
    {"sqlalchemy_utils", "EnrichedDateTimeType", "DateTime"},
    {"sqlalchemy_utils", "ColorType", "Unicode", 20, "length"},
    {"sqlalchemy_utils", "CurrencyType", "String", 3},
    {"sqlalchemy_utils", "CountryType", "String", 2},
    {"sqlalchemy_utils", "EmailType", "Unicode", 255, "length"},
    {"sqlalchemy_utils", "IPAddressType", "Unicode", 50, "max_length"},
    {"sqlalchemy_utils", "JSONType", "UnicodeText", 0, "", "postgresql.JSON"},
    {"sqlalchemy_utils", "LocaleType", "Unicode", 10},
    {"sqlalchemy_utils", "PhoneNumberType", "Unicode", 20, "max_length"},
    {"sqlalchemy_utils", "ScalarListType", "UnicodeText"},
    {"sqlalchemy_utils", "TimezoneType", "Unicode", 50},
    {"sqlalchemy_utils", "TSVectorType", "postgresql.TSVECTOR"},
    {"sqlalchemy_utils", "URLType", "UnicodeText"},
    {"sqlalchemy_utils", "UUIDType", "BINARY", 16, "", "UUID"},
    {"sqlalchemy_utils", "WeekDaysType", "mysql.BIT", 7},
    {"sqlalchemy_utc", "UtcDateTime", "DateTime"},
    {"sqlmodel", "AutoString", "String", 0, "length"},
    {"fastapi_users_db_sqlalchemy", "GUID", "CHAR", 36, "", "UUID"},
    {"fastapi_users_db_sqlalchemy", "TIMESTAMPAware", "TIMESTAMP"},
    {"fastapi_utils", "GUID", "CHAR", 32, "", "UUID"},
    {"advanced_alchemy", "DateTimeUTC", "DateTime"},
    {"advanced_alchemy", "GUID", "BINARY", 16, "", "UUID"},
    {"advanced_alchemy", "JsonB", "JSON", 0, "", "postgresql.JSONB"},
    {"citext", "CIText", "postgresql.CITEXT"},
    {"oslo_db", "JsonEncodedDict", "Text"},
    {"oslo_db", "JsonEncodedList", "Text"},
    {"sqlalchemy_json", "MutableJson", "JSON"},
    {"sqlalchemy_jsonfield", "JSONField", "JSON"},
    {"coaster", "JsonDict", "Text", 0, "", "postgresql.JSONB"},
    {"coaster", "UrlType", "UnicodeText"},
    {"sqlalchemy", "Binary", "LargeBinary", 0, "length"}, // LargeBinary's name before 1.4
    {"sqlalchemy_json", "NestedMutableJson", "JSON"},
};

struct Call
{
    QString package{};
    QString name{};
    CallArgs args{};
};

/// "pgvector.sqlalchemy.Vector" called with (1536), or the bare class.
Call callOf(const Unknown &unknown)
{
    const auto *decorator = unknown.isCall ? nullptr : unknown.callee.as<Unknown>();
    if (decorator && unknown.origin.endsWith(u".impl")) // a TypeDecorator's: what it stands for
        return callOf(*decorator);
    const auto *callee = unknown.isCall ? unknown.callee.as<Unknown>() : &unknown;
    if (!callee)
        return {};
    return {.package = callee->origin.section(u'.', 0, 0),
            .name = callee->origin.section(u'.', -1),
            .args = unknown.isCall ? unknown.args : CallArgs()};
}

SqlType typeOfKey(const QString &key)
{
    const qsizetype dot = key.indexOf(u'.');
    return dot < 0 ? SqlType{.name = key, .module = u"sqlalchemy"_s}
                   : SqlType{.name = key.mid(dot + 1), .module = key.left(dot)};
}

std::optional<Value> argument(const CallArgs &args, size_t position, const QString &name)
{
    if (const Value *found = args.keyword(name))
        return *found;
    if (position < args.positional.size())
        return args.positional[position];
    return std::nullopt;
}

/// oslo.db's JsonEncodedDict(mysql_as_long=True)
void addLongVariant(SqlType &type, const CallArgs &args)
{
    const auto isLong = argument(args, 0, u"mysql_as_long"_s);
    const auto isMedium = argument(args, 1, u"mysql_as_medium"_s);
    const QString key = isLong && isLong->isTrue()       ? u"mysql.LONGTEXT"_s
                        : isMedium && isMedium->isTrue() ? u"mysql.MEDIUMTEXT"_s
                                                         : QString();
    if (!key.isEmpty())
        type.variants.append({u"mysql"_s, std::make_shared<const SqlType>(typeOfKey(key))});
}

SqlTypePtr fromTable(Interpreter &interpreter, const Call &call)
{
    for (const ForeignType &row : foreignTypes) {
        if (call.package != QLatin1String(row.package) || call.name != QLatin1String(row.name))
            continue;
        SqlType type = typeOfKey(QString::fromLatin1(row.key));
        if (call.name.startsWith(u"JsonEncoded"))
            addLongVariant(type, call.args);
        if (row.length > 0)
            type.length = row.length;
        const auto isBinary = argument(call.args, 0, u"binary"_s);
        if (call.name == u"UUIDType" && isBinary && !interpreter.truth(*isBinary)) {
            type = typeOfKey(u"CHAR"_s);
            type.length = 32;
        }
        if (*row.lengthArgument) {
            const auto given = argument(call.args, 0, QString::fromLatin1(row.lengthArgument));
            if (given && given->isInt())
                type.length = int(given->toInt());
        }
        if (call.name == u"UtcDateTime" || call.name == u"DateTimeUTC"
            || call.name == u"TIMESTAMPAware")
            type.timezone = true;
        if (*row.postgresql)
            type.variants.append({u"postgresql"_s, std::make_shared<const SqlType>(typeOfKey(
                                                       QString::fromLatin1(row.postgresql)))});
        if (call.name == u"AutoString" && !type.length) // MySQL's VARCHAR can't go without
            type.variants.append(
                {u"mysql"_s, std::make_shared<const SqlType>(SqlType{
                                 .name = u"String"_s, .module = u"sqlalchemy"_s, .length = 255})});
        return std::make_shared<const SqlType>(std::move(type));
    }
    return nullptr;
}

SqlTypePtr reflected(const QString &text)
{
    return std::make_shared<const SqlType>(SqlType{.name = text, .module = u"reflected"_s});
}

/// pgvector: VECTOR(1536).
SqlTypePtr vectorType(const Call &call)
{
    static const QHash<QString, QString> names{{u"Vector"_s, u"VECTOR"_s},
                                               {u"VECTOR"_s, u"VECTOR"_s},
                                               {u"HALFVEC"_s, u"HALFVEC"_s},
                                               {u"SPARSEVEC"_s, u"SPARSEVEC"_s}};
    const QString name = names.value(call.name);
    if (call.package != u"pgvector" || name.isEmpty())
        return nullptr;
    const auto dimensions = argument(call.args, 0, u"dim"_s);
    return reflected(
        dimensions && dimensions->isInt() ? u"%1(%2)"_s.arg(name).arg(dimensions->toInt()) : name);
}

/// GeoAlchemy 2: geometry(POINT,4326).
SqlTypePtr geometryType(const Call &call)
{
    static const QStringList names{u"Geometry"_s, u"Geography"_s};
    if (call.package != u"geoalchemy2")
        return nullptr;
    if (call.name == u"Raster")
        return reflected(u"raster"_s);
    if (!names.contains(call.name))
        return nullptr;
    const auto shape = argument(call.args, 0, u"geometry_type"_s);
    if (shape && shape->isNone())
        return reflected(call.name.toLower());
    const auto srid = argument(call.args, 1, u"srid"_s);
    return reflected(
        u"%1(%2,%3)"_s
            .arg(call.name.toLower(), shape && shape->isStr() ? shape->str() : u"GEOMETRY"_s)
            .arg(srid && srid->isInt() ? srid->toInt() : -1));
}

/// Types that wrap another one given to them: EncryptedType(Unicode, key), ChoiceType(…, impl=…).
SqlTypePtr wrappingType(Interpreter &interpreter, const Call &call)
{
    if (call.package != u"sqlalchemy_utils")
        return nullptr;
    if (call.name == u"EncryptedType")
        return std::make_shared<const SqlType>(typeOfKey(u"LargeBinary"_s));
    if (call.name == u"StringEncryptedType") {
        SqlType type = typeOfKey(u"String"_s);
        if (const Value *length = call.args.keyword(u"length"_s); length && length->isInt())
            type.length = int(length->toInt());
        return std::make_shared<const SqlType>(std::move(type));
    }
    if (call.name != u"ChoiceType")
        return nullptr;
    if (const auto impl = argument(call.args, 1, u"impl"_s))
        return typeFrom(interpreter, *impl);
    SqlType type = typeOfKey(u"Unicode"_s);
    type.length = 255;
    return std::make_shared<const SqlType>(std::move(type));
}

} // namespace

SqlTypePtr knownForeignType(Interpreter &interpreter, const Unknown &unknown)
{
    const Call call = callOf(unknown);
    if (SqlTypePtr type = fromTable(interpreter, call))
        return type;
    if (SqlTypePtr type = vectorType(call))
        return type;
    if (SqlTypePtr type = geometryType(call))
        return type;
    return wrappingType(interpreter, call);
}

} // namespace tribikos::py::sa
