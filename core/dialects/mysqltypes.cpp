#include "core/dialects/mysqldialect.h"

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

QString signs(const SqlType &type)
{
    return (type.isUnsigned ? u" UNSIGNED"_s : QString())
           + (type.zerofill ? u" ZEROFILL"_s : QString());
}

} // namespace

QString MysqlDialect::castType(const SqlTypePtr &columnType, Rendering &rendering) const
{
    const SqlType *shown = variantOf(columnType);
    if (shown && shown->module == u"reflected" && shown->item)
        return castType(shown->item, rendering); // by the class that it derives from
    switch (affinity(columnType)) {
    case TypeAffinity::Integer:
        return shown->isUnsigned ? u"UNSIGNED INTEGER"_s : u"SIGNED INTEGER"_s;
    case TypeAffinity::DateTime:
        return shown->name == u"TIMESTAMP" ? u"DATETIME"_s : type(columnType, rendering);
    case TypeAffinity::Date:
    case TypeAffinity::Time: return type(columnType, rendering);
    case TypeAffinity::String: {
        if (shown->name == u"Enum" || shown->name == u"ENUM" || shown->name == u"SET")
            return {};
        SqlType text = *shown;
        return stringType(u"CHAR"_s, text, rendering);
    }
    case TypeAffinity::Binary: return u"BINARY"_s;
    case TypeAffinity::Json: return u"JSON"_s;
    case TypeAffinity::Numeric:
        if (shown->name.startsWith(u"N", Qt::CaseInsensitive) || shown->name == u"DECIMAL")
            return numericType(u"DECIMAL"_s, *shown);
        return {};
    default: return {};
    }
}

QString MysqlDialect::stringType(const QString &word, const SqlType &type,
                                 Rendering &rendering) const
{
    QString base = word;
    bool national = type.national;
    if (word == u"NCHAR" || word == u"NVARCHAR") {
        base = word.mid(1);
        national = true;
    }
    if (base == u"VARCHAR" && !type.length)
        return rendering.fail(u"VARCHAR needs a length on %1; give one, such as String(255)"_s.arg(
            backendTitle(backend())));
    SqlType shown = type;
    shown.national = national;
    return withAttributes(type.length ? u"%1(%2)"_s.arg(base).arg(*type.length) : base, shown);
}

QString MysqlDialect::withAttributes(const QString &spec, const SqlType &type) const
{
    const QString charset = !type.charset.isEmpty() ? u" CHARACTER SET "_s + type.charset
                            : type.ascii            ? u" ASCII"_s
                            : type.unicode          ? u" UNICODE"_s
                                                    : QString();
    const QString collation = !type.collation.isEmpty() ? u" COLLATE "_s + type.collation
                              : type.binary             ? u" BINARY"_s
                                                        : QString();
    return type.national ? u"NATIONAL "_s + spec + collation : spec + charset + collation;
}

QString MysqlDialect::labelList(const QString &word, const SqlType &type) const
{
    QStringList quoted;
    for (const QString &label : type.labels)
        quoted += u'\'' + QString(label).replace(u'\'', "''"_L1) + u'\'';
    return withAttributes(word + u'(' + quoted.join(u',') + u')', type);
}

QString MysqlDialect::enumType(const SqlType &type, Rendering &rendering) const
{
    return type.nativeEnum ? labelList(u"ENUM"_s, type) : BaseDialect::enumType(type, rendering);
}

QString MysqlDialect::integerType(const QString &word, const SqlType &type) const
{
    return word + (type.displayWidth ? u"(%1)"_s.arg(*type.displayWidth) : QString()) + signs(type);
}

QString MysqlDialect::floatType(const QString &word, const SqlType &type) const
{
    return (type.precision && type.scale ? numericType(word, type) : word) + signs(type);
}

QString MysqlDialect::typeSpec(const SqlType &type, Rendering &rendering) const
{
    static const QHash<QString, QString> integers{
        {u"Integer"_s, u"INTEGER"_s},     {u"INTEGER"_s, u"INTEGER"_s},
        {u"INT"_s, u"INTEGER"_s},         {u"SmallInteger"_s, u"SMALLINT"_s},
        {u"SMALLINT"_s, u"SMALLINT"_s},   {u"BigInteger"_s, u"BIGINT"_s},
        {u"BIGINT"_s, u"BIGINT"_s},       {u"TINYINT"_s, u"TINYINT"_s},
        {u"MEDIUMINT"_s, u"MEDIUMINT"_s}, {u"YEAR"_s, u"YEAR"_s}};
    static const QStringList texts{u"TINYTEXT"_s, u"MEDIUMTEXT"_s, u"LONGTEXT"_s};
    static const QStringList blobs{u"TINYBLOB"_s, u"MEDIUMBLOB"_s, u"LONGBLOB"_s};
    static const QHash<QString, QString> times{{u"DateTime"_s, u"DATETIME"_s},
                                               {u"DATETIME"_s, u"DATETIME"_s},
                                               {u"TIMESTAMP"_s, u"TIMESTAMP"_s},
                                               {u"Time"_s, u"TIME"_s},
                                               {u"TIME"_s, u"TIME"_s}};
    const QString &name = type.name;
    if (const QString word = integers.value(name); !word.isEmpty())
        return integerType(word, type);
    if (const QString word = times.value(name); !word.isEmpty())
        return word + (type.fsp.value_or(0) > 0 ? u"(%1)"_s.arg(*type.fsp) : QString());
    if (texts.contains(name))
        return withAttributes(name, type);
    if (blobs.contains(name))
        return name;
    if (name == u"Numeric" || name == u"NUMERIC" || name == u"DECIMAL")
        return numericType(name.toUpper(), type) + signs(type);
    if (name == u"Float" || name == u"FLOAT") {
        if (type.precision && !type.scale)
            return u"FLOAT(%1)"_s.arg(*type.precision) + signs(type);
        return floatType(u"FLOAT"_s, type);
    }
    if (name == u"Double" && type.precision.has_value() != type.scale.has_value())
        return rendering.fail(u"DOUBLE takes both precision and scale on %1, or neither"_s.arg(
            backendTitle(backend())));
    if (name == u"Double" || name == u"DOUBLE" || name == u"REAL")
        return floatType(name.toUpper(), type);
    if (name == u"Boolean" || name == u"BOOLEAN")
        return u"BOOL"_s;
    if (name == u"ENUM" && type.module != u"postgresql")
        return labelList(name, type);
    if (name == u"SET")
        return labelList(name, type);
    if ((name == u"BIT" && type.module != u"postgresql") || name == u"LargeBinary"
        || name == u"BLOB") {
        const QString word = name == u"BIT" ? name : u"BLOB"_s;
        return word + (type.length ? u"(%1)"_s.arg(*type.length) : QString());
    }
    if (name == u"VARBINARY" && !type.length)
        return rendering.fail(u"VARBINARY needs a length; give one, such as VARBINARY(255)"_s);
    return BaseDialect::typeSpec(type, rendering);
}

} // namespace tribikos
