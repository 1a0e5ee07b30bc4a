#include "core/reflect/postgrestypes.h"

#include <QRegularExpression>
#include <QSet>

using namespace Qt::StringLiterals;

namespace tribikos::postgres {

namespace {

SqlTypePtr made(SqlType type)
{
    return std::make_shared<const SqlType>(std::move(type));
}

/// The types that are no more than their name, and whose they are in SQLAlchemy.
SqlTypePtr plainType(const QString &text)
{
    static const QHash<QString, QString> shared{{u"integer"_s, u"INTEGER"_s},
                                                {u"smallint"_s, u"SMALLINT"_s},
                                                {u"bigint"_s, u"BIGINT"_s},
                                                {u"real"_s, u"REAL"_s},
                                                {u"double precision"_s, u"DOUBLE_PRECISION"_s},
                                                {u"boolean"_s, u"BOOLEAN"_s},
                                                {u"text"_s, u"TEXT"_s},
                                                {u"date"_s, u"DATE"_s},
                                                {u"uuid"_s, u"UUID"_s}};
    static const QSet<QString> own{u"json"_s,
                                   u"jsonb"_s,
                                   u"inet"_s,
                                   u"cidr"_s,
                                   u"macaddr"_s,
                                   u"macaddr8"_s,
                                   u"tsvector"_s,
                                   u"tsquery"_s,
                                   u"bytea"_s,
                                   u"money"_s,
                                   u"oid"_s,
                                   u"regclass"_s,
                                   u"regconfig"_s,
                                   u"jsonpath"_s,
                                   u"int4range"_s,
                                   u"int8range"_s,
                                   u"numrange"_s,
                                   u"daterange"_s,
                                   u"tsrange"_s,
                                   u"tstzrange"_s,
                                   u"citext"_s,
                                   u"hstore"_s,
                                   u"int4multirange"_s,
                                   u"int8multirange"_s,
                                   u"nummultirange"_s,
                                   u"tsmultirange"_s,
                                   u"datemultirange"_s,
                                   u"tstzmultirange"_s};
    if (const QString name = shared.value(text); !name.isEmpty())
        return made({.name = name, .module = u"sqlalchemy"_s});
    if (own.contains(text))
        return made({.name = text.toUpper(), .module = u"postgresql"_s});
    return nullptr;
}

std::optional<int> number(const QString &text)
{
    return text.isEmpty() ? std::nullopt : std::optional(text.toInt());
}

/// The types with arguments: word, (first, second), words behind.
SqlTypePtr typeWithArguments(const QString &text)
{
    static const QRegularExpression shape(
        u"^(character varying|character|bit varying|bit|numeric|time|timestamp|interval)"
        "( [a-z ]+)?(?:\\((\\d+)(?:,(-?\\d+))?\\))?( with(?:out)? time zone)?$"_s);
    const QRegularExpressionMatch match = shape.match(text);
    if (!match.hasMatch())
        return nullptr;
    const QString word = match.captured(1);
    const QString fields = match.captured(2).trimmed();
    const std::optional<int> first = number(match.captured(3));
    const QString zone = (match.captured(2) + match.captured(5)).trimmed();
    if (word == u"interval")
        return made({.name = u"INTERVAL"_s,
                     .module = u"postgresql"_s,
                     .precision = first,
                     .fields = fields.toUpper()});
    if (word == u"time" || word == u"timestamp")
        return made({.name = word.toUpper(),
                     .module = u"postgresql"_s,
                     .precision = first,
                     .timezone = zone == u"with time zone"});
    if (!fields.isEmpty())
        return nullptr;
    if (word == u"numeric")
        return made({.name = u"NUMERIC"_s,
                     .module = u"sqlalchemy"_s,
                     .precision = first,
                     .scale = number(match.captured(4))});
    if (word.startsWith(u"bit"))
        return made({.name = u"BIT"_s,
                     .module = u"postgresql"_s,
                     .length = first,
                     .varying = word == u"bit varying"});
    return made({.name = word == u"character" ? u"CHAR"_s : u"VARCHAR"_s,
                 .module = u"sqlalchemy"_s,
                 .length = first});
}

/// \a type, which the catalogue calls \a text.
SqlTypePtr withText(SqlType type, const QString &text)
{
    type.catalogueText = text;
    return made(std::move(type));
}

SqlTypePtr namedType(const NamedType &named, const QString &text)
{
    SqlType type{
        .module = u"postgresql"_s, .typeName = named.name.name, .schema = named.name.schema};
    switch (named.kind.toLatin1()) {
    case 'e':
        type.name = u"ENUM"_s;
        type.labels = named.labels;
        return made(type);
    case 'd':
        type.name = u"DOMAIN"_s;
        type.item = builtinType(named.base);
        type.domainNotNull = named.isNotNull;
        if (!type.item)
            type.item = made({.name = named.base, .module = u"reflected"_s});
        type.item = withText(*type.item, named.base);
        return made(type);
    default: break;
    }
    const SqlTypePtr own = named.isOfExtension ? plainType(named.name.name) : nullptr;
    return own ? own : made({.name = text, .module = u"reflected"_s});
}

SqlTypePtr singleType(const QString &text, qint64 type, const NamedTypes &named)
{
    const auto found = named.constFind(type);
    if (found != named.cend())
        return namedType(*found, text);
    const SqlTypePtr own = builtinType(text);
    return own ? own : made({.name = text, .module = u"reflected"_s});
}

} // namespace

SqlTypePtr builtinType(const QString &text)
{
    const SqlTypePtr plain = plainType(text);
    return plain ? plain : typeWithArguments(text);
}

SqlTypePtr columnType(const QString &text, qint64 type, qint64 element, const NamedTypes &named)
{
    // Not every type with elements is an array: point's are numbers, and its text says no [].
    const bool isArray = element != 0 && text.endsWith(u"[]");
    if (!isArray)
        return withText(*singleType(text, type, named), text);
    const QString single = text.chopped(2);
    return withText({.name = u"ARRAY"_s,
                     .module = u"postgresql"_s,
                     .item = withText(*singleType(single, element, named), single)},
                    text);
}

} // namespace tribikos::postgres
