#include "core/dialects/basedialect.h"

#include <QHash>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

/// The class of a catalogue's own type text: its first word.
TypeAffinity reflectedAffinity(const QString &text)
{
    const QString word = text.toLower().section(u'(', 0, 0).trimmed().section(u' ', 0, 0);
    if (text.trimmed().endsWith(u"[]"))
        return TypeAffinity::Array;
    if (word.startsWith(u"character") || word == u"nvarchar" || word == u"national")
        return TypeAffinity::String;
    return affinityOfClass(word);
}

qsizetype longestLabel(const QStringList &labels)
{
    qsizetype longest = 0;
    for (const QString &label : labels)
        longest = std::max(longest, label.toUcs4().size());
    return longest;
}

QString withNumbers(const QString &word, std::optional<int> first, std::optional<int> second)
{
    if (!first)
        return word;
    if (!second)
        return word + u'(' + QString::number(*first) + u')';
    return word + u'(' + QString::number(*first) + u", "_s + QString::number(*second) + u')';
}

/// What is printed by its name alone, and as which name.
QString plainName(const QString &name)
{
    static const QHash<QString, QString> names{
        {u"Integer"_s, u"INTEGER"_s},   {u"INTEGER"_s, u"INTEGER"_s},
        {u"INT"_s, u"INTEGER"_s},       {u"SmallInteger"_s, u"SMALLINT"_s},
        {u"SMALLINT"_s, u"SMALLINT"_s}, {u"BigInteger"_s, u"BIGINT"_s},
        {u"BIGINT"_s, u"BIGINT"_s},     {u"Boolean"_s, u"BOOLEAN"_s},
        {u"BOOLEAN"_s, u"BOOLEAN"_s},   {u"Double"_s, u"DOUBLE"_s},
        {u"DOUBLE"_s, u"DOUBLE"_s},     {u"DOUBLE_PRECISION"_s, u"DOUBLE PRECISION"_s},
        {u"REAL"_s, u"REAL"_s},         {u"Float"_s, u"FLOAT"_s},
        {u"FLOAT"_s, u"FLOAT"_s},       {u"Date"_s, u"DATE"_s},
        {u"DATE"_s, u"DATE"_s},         {u"Time"_s, u"TIME"_s},
        {u"TIME"_s, u"TIME"_s},         {u"DateTime"_s, u"DATETIME"_s},
        {u"DATETIME"_s, u"DATETIME"_s}, {u"TIMESTAMP"_s, u"TIMESTAMP"_s},
        {u"Interval"_s, u"DATETIME"_s}, {u"JSON"_s, u"JSON"_s},
        {u"UUID"_s, u"UUID"_s},         {u"LargeBinary"_s, u"BLOB"_s},
        {u"PickleType"_s, u"BLOB"_s},   {u"BLOB"_s, u"BLOB"_s},
        {u"Uuid"_s, u"CHAR(32)"_s},
    };
    return names.value(name);
}

/// The string types and the word that each prints.
QString stringWord(const QString &name)
{
    static const QHash<QString, QString> words{
        {u"String"_s, u"VARCHAR"_s}, {u"Unicode"_s, u"VARCHAR"_s},  {u"VARCHAR"_s, u"VARCHAR"_s},
        {u"Text"_s, u"TEXT"_s},      {u"UnicodeText"_s, u"TEXT"_s}, {u"TEXT"_s, u"TEXT"_s},
        {u"CHAR"_s, u"CHAR"_s},      {u"NCHAR"_s, u"NCHAR"_s},      {u"NVARCHAR"_s, u"NVARCHAR"_s},
        {u"CLOB"_s, u"CLOB"_s},
    };
    return words.value(name);
}

} // namespace

const SqlType *BaseDialect::variantOf(const SqlTypePtr &columnType) const
{
    if (!columnType)
        return nullptr;
    for (const auto &[dialect, variant] : columnType->variants)
        if (dialect == backendName(backend()) && variant)
            return variant.get();
    return columnType.get();
}

TypeAffinity BaseDialect::affinity(const SqlTypePtr &columnType) const
{
    const SqlType *shown = variantOf(columnType);
    if (!shown)
        return TypeAffinity::None;
    if (QStringView(shown->module) == u"reflected")
        return shown->item ? affinity(shown->item) : reflectedAffinity(shown->name);
    const TypeAffinity known = affinityOfClass(shown->name);
    // The generic Interval is a DateTime wherever it isn't native.
    if (known == TypeAffinity::Interval && shown->name == u"Interval" && !hasNativeBoolean())
        return TypeAffinity::DateTime;
    return known;
}

QString BaseDialect::numericType(const QString &word, const SqlType &numeric) const
{
    return withNumbers(word, numeric.precision, numeric.scale);
}

QString BaseDialect::stringType(const QString &word, const SqlType &string, Rendering &) const
{
    // A length of zero is no length to SQLAlchemy's generic compiler.
    const bool hasLength = string.length.value_or(0) > 0;
    QString text = withNumbers(word, hasLength ? string.length : std::nullopt, std::nullopt);
    if (!string.collation.isEmpty())
        text += u" COLLATE \"%1\""_s.arg(QString(string.collation).replace(u'"', "\"\""_L1));
    return text;
}

QString BaseDialect::enumType(const SqlType &type, Rendering &rendering) const
{
    SqlType string = type;
    if (!type.length && !type.labels.isEmpty())
        string.length = int(longestLabel(type.labels));
    return stringType(u"VARCHAR"_s, string, rendering);
}

QString BaseDialect::typeSpec(const SqlType &type, Rendering &rendering) const
{
    const QStringView name = type.name;
    const QStringView module = type.module;
    if (name == u"Numeric" || name == u"NUMERIC")
        return numericType(u"NUMERIC"_s, type);
    if (name == u"DECIMAL")
        return numericType(u"DECIMAL"_s, type);
    if (const QString word = stringWord(type.name); !word.isEmpty())
        return stringType(word, type, rendering);
    if (name == u"BINARY" || name == u"VARBINARY")
        return withNumbers(type.name, type.length, std::nullopt);
    if (name == u"Enum" || (name == u"ENUM" && module != u"mysql" && module != u"mariadb"))
        return enumType(type, rendering);
    if (name == u"INTERVAL" || (name == u"Uuid" && module == u"postgresql"))
        return {};
    return plainName(type.name);
}

QString BaseDialect::unsupportedType(const SqlType &type, Rendering &rendering) const
{
    return rendering.fail(u"%1 has no type %2; use another type or a with_variant() for it"_s.arg(
        backendTitle(backend()), type.name));
}

QString BaseDialect::type(const SqlTypePtr &columnType, Rendering &rendering) const
{
    const SqlType *shown = variantOf(columnType);
    const QStringView module = shown ? QStringView(shown->module) : QStringView();
    if (!shown || QStringView(shown->name) == u"NullType")
        return rendering.fail(u"The column has no type; give it one"_s);
    if (module == u"reflected")
        return shown->name;
    if (module == u"unknown")
        return rendering.fail(
            u"The type %1 is not part of the project: say in tribikos.toml what it is, "
            "under [types] for every database or [types.%2] for this one: \"%1\" = "
            "\"SQL TYPE\""_s.arg(shown->name, backendName(backend())));
    const QString text = typeSpec(*shown, rendering);
    return text.isEmpty() && !rendering.error ? unsupportedType(*shown, rendering) : text;
}

Result<QString> BaseDialect::typeText(const SqlTypePtr &columnType) const
{
    const RenderContext context;
    Rendering rendering{.context = context};
    const QString text = type(columnType, rendering);
    if (rendering.error)
        return *rendering.error;
    return text;
}

QString BaseDialect::castType(const SqlTypePtr &columnType, Rendering &rendering) const
{
    return type(columnType, rendering);
}

QList<CheckConstraint> BaseDialect::typeChecks(const Column &column) const
{
    const SqlType *shown = variantOf(column.type);
    if (!shown || !shown->createConstraint)
        return {};
    const QStringView name = shown->name;
    const bool isBoolean = name == u"Boolean" || name == u"BOOLEAN";
    const bool isEnum = name == u"Enum";
    if (isBoolean ? hasNativeBoolean() : !isEnum || (shown->nativeEnum && hasNativeEnum()))
        return {};
    auto list = std::make_shared<Expr>(Expr{.kind = Expr::Kind::List});
    if (isBoolean)
        list->args = {integerExpr(0), integerExpr(1)};
    for (const QString &label : isEnum ? shown->labels : QStringList{})
        list->args += stringExpr(label);
    const auto condition = std::make_shared<const Expr>(
        Expr{.kind = Expr::Kind::Binary, .text = u"IN"_s, .args = {columnExpr(column.name), list}});
    return {
        CheckConstraint{.name = {shown->typeName}, .condition = condition, .isTypeBound = true}};
}

} // namespace tribikos
