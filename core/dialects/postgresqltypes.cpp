#include "core/dialects/postgresqldialect.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

QString withNumber(const QString &word, std::optional<int> number)
{
    return number ? word + u'(' + QString::number(*number) + u')' : word;
}

QString zoned(const QString &word, const SqlType &type)
{
    return withNumber(word, type.precision)
           + (type.timezone.value_or(false) ? u" WITH TIME ZONE"_s : u" WITHOUT TIME ZONE"_s);
}

/// The types that print their own name.
bool isNamedType(const QString &name)
{
    static const QStringList words =
        u"JSONB INET CIDR MACADDR MACADDR8 HSTORE TSVECTOR TSQUERY BYTEA MONEY "
        "OID REGCLASS REGCONFIG CITEXT JSONPATH INT4RANGE INT8RANGE NUMRANGE "
        "DATERANGE TSRANGE TSTZRANGE INT4MULTIRANGE INT8MULTIRANGE "
        "NUMMULTIRANGE DATEMULTIRANGE TSMULTIRANGE TSTZMULTIRANGE"_s.split(u' ');
    static const QSet<QString> names(words.cbegin(), words.cend());
    return names.contains(name);
}

bool isNamedEnum(const SqlType &type)
{
    const QStringView name = type.name;
    return (name == u"Enum" && type.nativeEnum)
           || (name == u"ENUM" && (type.module == u"postgresql" || type.module == u"sqlalchemy"));
}

} // namespace

QString PostgresqlDialect::typeIdent(const SqlType &type, Rendering &rendering) const
{
    if (type.typeName.isEmpty())
        return rendering.fail(u"A PostgreSQL enumeration needs a name; give it one with name="_s);
    return tableIdent({type.schema, type.typeName});
}

QString PostgresqlDialect::typeSpec(const SqlType &type, Rendering &rendering) const
{
    const QStringView name = type.name;
    const QStringView module = type.module;
    const bool isMysql = module == u"mysql" || module == u"mariadb";
    if (isNamedEnum(type) || name == u"DOMAIN")
        return typeIdent(type, rendering);
    if (!isMysql && isNamedType(type.name))
        return type.name;
    if (name == u"Float" || name == u"FLOAT")
        return type.precision.value_or(0) > 0 ? withNumber(u"FLOAT"_s, type.precision) : u"FLOAT"_s;
    if (name == u"Double")
        return u"DOUBLE PRECISION"_s;
    const bool isOfSqlite = name == u"DATETIME" && module == u"sqlite"; // a DateTime elsewhere
    if (name == u"DateTime" || name == u"TIMESTAMP" || isOfSqlite)
        return zoned(u"TIMESTAMP"_s, type);
    if (name == u"Time" || name == u"TIME")
        return zoned(u"TIME"_s, type);
    if (name == u"LargeBinary" || name == u"PickleType")
        return u"BYTEA"_s;
    if (name == u"Interval" && !type.nativeEnum)
        return u"TIMESTAMP WITHOUT TIME ZONE"_s;
    if (name == u"Interval" || (name == u"INTERVAL" && type.module == u"postgresql"))
        return u"INTERVAL"_s + (type.fields.isEmpty() ? QString() : u' ' + type.fields)
               + (type.precision ? u" (%1)"_s.arg(*type.precision) : QString());
    if (name == u"Uuid" && type.nativeEnum)
        return u"UUID"_s;
    if (name == u"BIT" && !isMysql) {
        const QString length = type.length ? u"(%1)"_s.arg(*type.length) : QString();
        return type.varying ? u"BIT VARYING"_s + length
                            : u"BIT"_s + (length.isEmpty() ? u"(1)"_s : length);
    }
    if (name == u"ARRAY") {
        const QString item = this->type(type.item, rendering);
        const qsizetype collate = item.indexOf(u" COLLATE"_s);
        const qsizetype end = collate < 0 ? item.size() : collate;
        return item.left(end) + u"[]"_s.repeated(std::max(type.dimensions, 1)) + item.mid(end);
    }
    return BaseDialect::typeSpec(type, rendering);
}

QString PostgresqlDialect::serialType(const SqlType &type) const
{
    const QString name = type.name.toLower();
    if (name == u"biginteger" || name == u"bigint")
        return u"BIGSERIAL"_s;
    return name == u"smallinteger" || name == u"smallint" ? u"SMALLSERIAL"_s : u"SERIAL"_s;
}

QString PostgresqlDialect::createTypeText(const SqlType &type, Rendering &rendering) const
{
    const QString name = typeIdent(type, rendering);
    if (type.name != u"DOMAIN") {
        QStringList labels;
        for (const QString &label : type.labels)
            labels += stringLiteral(label, rendering);
        return u"CREATE TYPE "_s + name + u" AS ENUM ("_s + labels.join(u", "_s) + u')';
    }
    QString text = u"CREATE DOMAIN "_s + name + u" AS "_s + this->type(type.item, rendering) + u' ';
    QStringList options;
    if (!type.collation.isEmpty())
        options += u"COLLATE "_s + ident(type.collation);
    if (!type.domainDefault.isEmpty())
        options += u"DEFAULT "_s + stringLiteral(type.domainDefault, rendering);
    if (type.domainNotNull)
        options += u"NOT NULL"_s;
    if (!type.check.isEmpty())
        options += u"CHECK ("_s + ddlExpression(textExpr(type.check), rendering) + u')';
    return text + options.join(u' ');
}

void PostgresqlDialect::createTypes(const Table &table, RenderContext &context,
                                    Rendering &rendering, QStringList &statements) const
{
    for (const Column &column : table.columns) {
        const SqlType *shown = variantOf(column.type);
        if (shown && shown->name == u"ARRAY")
            shown = variantOf(shown->item);
        if (!shown || shown->module == u"reflected")
            continue;
        if (shown->name == u"ENUM" && (shown->module == u"mysql" || shown->module == u"mariadb"))
            rendering.fail(u"mysql.ENUM in column %1 is no type of PostgreSQL; use sa.Enum"_s.arg(
                column.name));
        const bool isCreated = (isNamedEnum(*shown) || shown->name == u"DOMAIN")
                               && shown->createType && !shown->metadataBound;
        if (!isCreated)
            continue;
        const QString key = shown->schema + u'.' + shown->typeName;
        if (context.createdTypes.contains(key))
            continue;
        const QString sql = createTypeText(*shown, rendering);
        if (rendering.error)
            return;
        context.createdTypes.insert(key);
        if (context.madeTypes.contains(key) && !context.offline)
            continue;
        if (context.madeTypes.contains(key))
            rendering.remark(
                u"The type %1 is created a second time, as Alembic does: give the column's "
                "type create_type=False"_s.arg(shown->typeName));
        rendering.say(statements, sql);
    }
}

void PostgresqlDialect::add(const CreateType &create, RenderContext &context, Rendering &rendering,
                            QStringList &statements) const
{
    const SqlType *shown = variantOf(create.type);
    if (!shown || (!isNamedEnum(*shown) && shown->name != u"DOMAIN"))
        return;
    const QString sql = createTypeText(*shown, rendering);
    context.madeTypes.insert(shown->schema + u'.' + shown->typeName);
    const auto isIt = [&](const NamedObject &object) {
        return object.name == TableName{shown->schema, shown->typeName}
               && (object.kind == NamedObject::Kind::Enum
                   || object.kind == NamedObject::Kind::Domain);
    };
    if (context.offline && context.schema && std::ranges::any_of(context.schema->objects, isIt))
        rendering.remark(u"The type %1 exists already, so that the database will refuse to create "
                         "it, which Alembic prints as well: leave it out, or drop the type before"_s
                             .arg(shown->typeName));
    if (!rendering.error)
        rendering.say(statements, sql);
}

void PostgresqlDialect::add(const DropType &drop, RenderContext &context, Rendering &rendering,
                            QStringList &statements) const
{
    const SqlType *shown = variantOf(drop.type);
    if (!shown || (!isNamedEnum(*shown) && shown->name != u"DOMAIN"))
        return;
    const QString name = typeIdent(*shown, rendering);
    context.madeTypes.remove(shown->schema + u'.' + shown->typeName);
    if (!context.offline)
        context.createdTypes.remove(shown->schema + u'.' + shown->typeName);
    if (!rendering.error)
        rendering.say(statements,
                      (shown->name == u"DOMAIN" ? u"DROP DOMAIN "_s : u"DROP TYPE "_s) + name);
}

} // namespace tribikos
