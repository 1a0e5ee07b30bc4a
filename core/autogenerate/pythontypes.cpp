#include "core/autogenerate/pythontypes.h"

#include "core/autogenerate/pythontext.h"
#include "core/autogenerate/sqlalchemyview.h"

#include <QHash>
#include <algorithm>

/// SQLAlchemy's generic_repr(): the constructor's arguments in its order, where they are not the default.
namespace tribikos {

using namespace Qt::StringLiterals;

namespace {

/// Names in the order in which SQLAlchemy 2.0 prints them.
struct TypeArguments
{
    const char *types; // "module.Name", or a list of such
    const char *names;
};
constexpr TypeArguments argumentTable[] = {
    {"String Text Unicode UnicodeText VARCHAR CHAR NVARCHAR NCHAR TEXT CLOB postgresql.CITEXT",
     "length collation"},
    {"Numeric NUMERIC DECIMAL", "precision scale decimal_return_scale asdecimal"},
    {"Float FLOAT REAL Double DOUBLE DOUBLE_PRECISION", "precision asdecimal decimal_return_scale"},
    {"Boolean BOOLEAN", "create_constraint name"},
    {"DateTime DATETIME TIMESTAMP Time TIME", "timezone"},
    {"LargeBinary BLOB BINARY VARBINARY postgresql.BYTEA mysql.BIT mysql.TINYBLOB mysql.MEDIUMBLOB "
     "mysql.LONGBLOB",
     "length"},
    {"JSON sqlite.JSON mysql.JSON", "none_as_null"},
    {"Uuid", "as_uuid native_uuid"},
    {"UUID", "as_uuid"},
    {"Enum postgresql.ENUM",
     "name schema metadata inherit_schema native_enum create_constraint length"},
    {"ARRAY postgresql.ARRAY", "as_tuple dimensions zero_indexes"},
    {"postgresql.JSON postgresql.JSONB", "none_as_null astext_type"},
    {"postgresql.HSTORE", "text_type"},
    {"postgresql.BIT", "length varying"},
    {"postgresql.TIMESTAMP postgresql.TIME", "timezone precision"},
    {"postgresql.INTERVAL", "precision fields"},
    {"mysql.TINYINT mysql.SMALLINT mysql.MEDIUMINT mysql.INTEGER mysql.BIGINT",
     "display_width unsigned zerofill"},
    {"mysql.YEAR", "display_width"},
    {"mysql.NUMERIC mysql.DECIMAL",
     "unsigned zerofill precision scale decimal_return_scale asdecimal"},
    {"mysql.FLOAT mysql.DOUBLE mysql.REAL",
     "precision scale asdecimal unsigned zerofill decimal_return_scale"},
    {"mysql.DATETIME mysql.TIMESTAMP mysql.TIME", "timezone fsp"},
    {"mysql.VARCHAR mysql.CHAR mysql.NVARCHAR mysql.NCHAR mysql.TEXT mysql.TINYTEXT "
     "mysql.MEDIUMTEXT mysql.LONGTEXT",
     "charset collation ascii binary unicode national length"},
    {"mysql.ENUM", "collation ascii binary unicode national"},
    {"mysql.SET", "charset collation ascii binary unicode national retrieve_as_bitwise"}};

QString keyOf(const SqlType &type)
{
    const bool isShared = type.module.isEmpty() || type.module == u"sqlalchemy";
    return isShared ? type.name : type.module + u'.' + type.name;
}

QStringList argumentNames(const SqlType &type)
{
    static const QHash<QString, QStringList> byType = [] {
        QHash<QString, QStringList> all;
        for (const TypeArguments &row : argumentTable)
            for (const QString &name : QString::fromLatin1(row.types).split(u' '))
                all.insert(name, QString::fromLatin1(row.names).split(u' '));
        return all;
    }();
    return byType.value(keyOf(type));
}

int longestLabel(const SqlType &type)
{
    qsizetype longest = 0;
    for (const QString &label : type.labels)
        longest = std::max(longest, label.toUcs4().size());
    return int(longest);
}

QString number(const std::optional<int> &value)
{
    return value ? QString::number(*value) : QString();
}

QString flag(bool value)
{
    return value ? u"True"_s : QString();
}

QString text(const QString &value)
{
    return value.isEmpty() ? QString() : pythonText(value);
}

QString lengthText(const SqlType &type)
{
    const bool isEnum = !type.labels.isEmpty();
    if (isEnum && type.length == longestLabel(type))
        return {};
    if (type.name == u"BIT" && type.module == u"postgresql" && !type.varying)
        return QString::number(type.length.value_or(1));
    return number(type.length);
}

/// The value of one argument; "" where it is the default.
QString argumentText(const SqlType &type, const QString &name)
{
    using Show = QString (*)(const SqlType &);
    static const QHash<QString, Show> known{
        {u"length"_s, lengthText},
        {u"collation"_s, [](const SqlType &t) { return text(t.collation); }},
        {u"charset"_s, [](const SqlType &t) { return text(t.charset); }},
        {u"precision"_s, [](const SqlType &t) { return number(t.precision); }},
        {u"scale"_s, [](const SqlType &t) { return number(t.scale); }},
        {u"timezone"_s, [](const SqlType &t) { return flag(t.timezone.value_or(false)); }},
        {u"fsp"_s, [](const SqlType &t) { return number(t.fsp); }},
        {u"display_width"_s, [](const SqlType &t) { return number(t.displayWidth); }},
        {u"unsigned"_s, [](const SqlType &t) { return flag(t.isUnsigned); }},
        {u"zerofill"_s, [](const SqlType &t) { return flag(t.zerofill); }},
        {u"ascii"_s, [](const SqlType &t) { return flag(t.ascii); }},
        {u"binary"_s, [](const SqlType &t) { return flag(t.binary); }},
        {u"unicode"_s, [](const SqlType &t) { return flag(t.unicode); }},
        {u"national"_s,
         [](const SqlType &t) {
             return flag(t.national || t.name == u"NCHAR" || t.name == u"NVARCHAR");
         }},
        {u"varying"_s, [](const SqlType &t) { return flag(t.varying); }},
        {u"fields"_s, [](const SqlType &t) { return text(t.fields); }},
        {u"name"_s, [](const SqlType &t) { return text(t.typeName); }},
        {u"schema"_s, [](const SqlType &t) { return text(t.schema); }},
        {u"metadata"_s,
         [](const SqlType &t) { return t.metadataBound ? u"MetaData()"_s : QString(); }},
        {u"create_constraint"_s, [](const SqlType &t) { return flag(t.createConstraint); }},
        {u"native_enum"_s, [](const SqlType &t) { return t.nativeEnum ? QString() : u"False"_s; }},
        {u"native_uuid"_s, [](const SqlType &t) { return t.nativeEnum ? QString() : u"False"_s; }},
        {u"as_uuid"_s, [](const SqlType &t) { return t.asText ? u"False"_s : QString(); }},
        {u"astext_type"_s, [](const SqlType &) { return u"Text()"_s; }},
        {u"text_type"_s, [](const SqlType &) { return u"Text()"_s; }},
        {u"asdecimal"_s, [](const SqlType &t) {
             const bool isDefault =
                 t.module == u"mysql" && (t.name == u"DOUBLE" || t.name == u"REAL");
             return flag(isDefault);
         }}};
    const Show show = known.value(name);
    return show ? show(type) : QString();
}

/// An argument that was given as its default is not printed.
bool isDefault(const SqlType &type, const QString &name, const QString &value)
{
    static const QStringList decimals{u"Numeric"_s, u"NUMERIC"_s, u"DECIMAL"_s};
    if (value == u"None")
        return true;
    if (name == u"asdecimal")
        return value == pythonBool(decimals.contains(type.name));
    return value == u"False";
}

QStringList shownArguments(const SqlType &type)
{
    QStringList shown;
    if (type.name == u"ARRAY")
        shown.append(typeRepr(type.item));
    else if (type.name == u"DOMAIN")
        shown = {pythonText(type.typeName), typeRepr(type.item)};
    for (const QString &label : type.labels)
        shown.append(pythonText(label));
    for (const QString &name : argumentNames(type)) {
        const auto given = type.pythonArguments.constFind(name);
        const bool isGiven = given != type.pythonArguments.cend();
        const QString value = isGiven ? (isDefault(type, name, *given) ? QString() : *given)
                                      : argumentText(type, name);
        if (!value.isEmpty())
            shown.append(name + u'=' + value);
    }
    return shown;
}

/// Classes that are other names of one.
QString className(const SqlType &type)
{
    return type.name == u"INT" ? u"INTEGER"_s : type.name;
}

/// A project's own class, without its module.
QString ownRepr(const SqlType &type)
{
    if (!type.pythonText.isEmpty())
        return type.pythonText;
    const QStringList arguments =
        type.pythonLike ? shownArguments(*type.pythonLike) : QStringList();
    return u"%1(%2)"_s.arg(type.pythonClass, arguments.join(u", "_s));
}

/// A type inside of another gets its prefix where Alembic's renderer for the connected database, or for SQLAlchemy's
/// own ARRAY, sees to it.
QString withInner(const SqlType &type, bool hasPrefixes, PythonNames &names)
{
    if (!hasPrefixes)
        return typeRepr(std::make_shared<const SqlType>(type));
    QStringList arguments = shownArguments(type);
    if (type.name == u"ARRAY")
        arguments[0] = pythonType(type.item, names);
    for (QString &argument : arguments)
        if (argument.endsWith(u"_type=Text()"))
            argument.replace(u"Text()"_s, names.sqlalchemyPrefix + u"Text()"_s);
    return u"%1(%2)"_s.arg(className(type), arguments.join(u", "_s));
}

QString ofDialect(const SqlType &type, PythonNames &names)
{
    const QString module = type.module == u"mariadb" ? u"mysql"_s : type.module;
    names.imports.insert(u"from sqlalchemy.dialects import "_s + module);
    const bool isRendered = module == u"postgresql" && names.backend == Backend::PostgreSql;
    return module + u'.' + withInner(type, isRendered, names);
}

QString withoutVariants(const SqlType &type, PythonNames &names)
{
    if (!type.pythonClass.isEmpty())
        return names.userModulePrefix.value_or(type.pythonModule + u'.') + ownRepr(type);
    if (type.module == u"unknown") {
        names.remarks.append(
            u"The type %1 is not part of the project, so its arguments are not known: complete it "
            u"in the new revision."_s.arg(type.name));
        return type.name + u"()"_s;
    }
    if (type.module == u"reflected") {
        const SqlTypePtr known = classOfWords(type.name, names.backend);
        const bool isSerial = known && type.name.contains(u"serial", Qt::CaseInsensitive);
        if (isSerial)
            names.remarks.append(
                u"%1 becomes a plain integer, which counts by itself only where it is the table's "
                "primary key alone: look at it in the new revision."_s.arg(type.name));
        if (known)
            return withoutVariants(*known, names);
        names.remarks.append(u"The type %1 can't be said in SQLAlchemy's words: write it into the "
                             u"new revision."_s.arg(type.name));
        return names.sqlalchemyPrefix + u"NullType()"_s;
    }
    if (!type.module.isEmpty() && type.module != u"sqlalchemy")
        return ofDialect(type, names);
    return names.sqlalchemyPrefix + withInner(type, type.name == u"ARRAY", names);
}

} // namespace

QString typeRepr(const SqlTypePtr &type)
{
    if (!type)
        return u"NullType()"_s;
    if (!type->pythonClass.isEmpty())
        return ownRepr(*type);
    return u"%1(%2)"_s.arg(className(*type), shownArguments(*type).join(u", "_s));
}

QString pythonType(const SqlTypePtr &type, PythonNames &names)
{
    if (!type)
        return names.sqlalchemyPrefix + u"NullType()"_s;
    QString shown = withoutVariants(*type, names);
    QList<std::pair<QString, SqlTypePtr>> variants = type->variants;
    std::ranges::stable_sort(variants, {}, [](const auto &variant) { return variant.first; });
    for (const auto &[dialect, variant] : std::as_const(variants))
        if (variant)
            shown += u".with_variant(%1, %2)"_s.arg(withoutVariants(*variant, names),
                                                    pythonText(dialect));
    return shown;
}

} // namespace tribikos
