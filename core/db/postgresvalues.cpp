#include "core/db/postgresvalues.h"

#include "core/db/libpq.h"

#include <QHash>

namespace tribikos {

namespace {

using Type = FetchedColumn::Type;

/// Source: PostgreSQL's pg_type.dat; what isn't in it, is a text, an enum or something that only the server knows.
struct KnownType
{
    enum class Form { Text, Bool, Integer, Real, Bytes };
    Form form = Form::Text;
    Type type = Type::Plain;
    bool isArray = false;
};

const QHash<Oid, KnownType> &knownTypes()
{
    using Form = KnownType::Form;
    static const QHash<Oid, KnownType> types = [] {
        struct Spec
        {
            Oid oid;
            Oid arrayOid;
            Form form;
            Type type;
        };
        static constexpr Spec specs[] = {
            {16, 1000, Form::Bool, Type::Plain},      {17, 0, Form::Bytes, Type::Plain},
            {18, 1002, Form::Text, Type::Plain},      {19, 1003, Form::Text, Type::Plain},
            {20, 1016, Form::Integer, Type::Plain},   {21, 1005, Form::Integer, Type::Plain},
            {23, 1007, Form::Integer, Type::Plain},   {26, 1028, Form::Integer, Type::Plain},
            {25, 1009, Form::Text, Type::Plain},      {700, 1021, Form::Real, Type::Plain},
            {701, 1022, Form::Real, Type::Plain},     {1700, 1231, Form::Text, Type::Decimal},
            {1042, 1014, Form::Text, Type::Plain},    {1043, 1015, Form::Text, Type::Plain},
            {1082, 1182, Form::Text, Type::Date},     {1083, 1183, Form::Text, Type::Time},
            {1266, 1270, Form::Text, Type::Time},     {1114, 1115, Form::Text, Type::DateTime},
            {1184, 1185, Form::Text, Type::DateTime}, {1186, 1187, Form::Text, Type::Interval},
            {114, 199, Form::Text, Type::Json},       {3802, 3807, Form::Text, Type::Json},
            {2950, 2951, Form::Text, Type::Uuid},     {0, 3904, Form::Text, Type::Opaque},
            {3904, 3905, Form::Text, Type::Opaque},   {3906, 3907, Form::Text, Type::Opaque},
            {3908, 3909, Form::Text, Type::Opaque},   {3910, 3911, Form::Text, Type::Opaque},
            {3912, 3913, Form::Text, Type::Opaque},   {3926, 3927, Form::Text, Type::Opaque}};
        QHash<Oid, KnownType> all;
        for (const Spec &spec : specs) {
            all.insert(spec.oid, {spec.form, spec.type, false});
            if (spec.arrayOid != 0)
                all.insert(spec.arrayOid, {spec.form, spec.type, true});
        }
        all.remove(0);
        return all;
    }();
    return types;
}

QVariant plainValue(KnownType::Form form, const QByteArray &text)
{
    switch (form) {
    case KnownType::Form::Bool: return text == "t" || text == "true";
    case KnownType::Form::Integer: return text.toLongLong();
    case KnownType::Form::Real: // infinities and NaN are spelled as Qt reads them
        return text.toLower().startsWith("infinity")    ? qInf()
               : text.toLower().startsWith("-infinity") ? -qInf()
               : text == "NaN"                          ? qQNaN()
                                                        : text.toDouble();
    case KnownType::Form::Bytes: {
        size_t size = 0;
        unsigned char *bytes =
            pq().unescapeBytea(reinterpret_cast<const unsigned char *>(text.constData()), &size);
        const QByteArray data(reinterpret_cast<const char *>(bytes), qsizetype(size));
        pq().freemem(bytes);
        return data;
    }
    case KnownType::Form::Text: break;
    }
    return QString::fromUtf8(text);
}

/// "{1,NULL,{"a b",c}}": source: the manual's "Array Input and Output Syntax". \a at stands behind the brace.
QVariantList arrayValue(KnownType::Form form, const QByteArray &text, qsizetype &at, int depth)
{
    constexpr int deepest = 6; // PostgreSQL's own limit
    QVariantList list;
    while (at < text.size() && text.at(at) != '}') {
        if (text.at(at) == ',') {
            ++at;
        } else if (text.at(at) == '{' && depth < deepest) {
            list.append(QVariant(arrayValue(form, text, ++at, depth + 1)));
        } else {
            const bool isQuoted = text.at(at) == '"';
            QByteArray item;
            for (at += isQuoted ? 1 : 0; at < text.size(); ++at) {
                const char c = text.at(at);
                if (isQuoted ? c == '"' : c == ',' || c == '}')
                    break;
                if (c == '\\' && at + 1 < text.size())
                    ++at;
                item += text.at(at);
            }
            at += isQuoted ? 1 : 0;
            list.append(!isQuoted && item == "NULL" ? QVariant() : plainValue(form, item));
        }
    }
    ++at;
    return list;
}

} // namespace

QList<FetchedColumn> columnsOf(const pg_result *result)
{
    QList<FetchedColumn> columns;
    for (int column = 0; column < pq().nfields(result); ++column) {
        const KnownType known = knownTypes().value(pq().ftype(result, column));
        columns.append({.name = QString::fromUtf8(pq().fname(result, column)),
                        .type = known.type,
                        .isArray = known.isArray});
    }
    return columns;
}

QVariant fetchedCell(const pg_result *result, int row, int column)
{
    if (pq().getisnull(result, row, column))
        return {};
    const QByteArray text(pq().getvalue(result, row, column), pq().getlength(result, row, column));
    const KnownType known = knownTypes().value(pq().ftype(result, column));
    if (!known.isArray)
        return plainValue(known.form, text);
    qsizetype at = text.indexOf('{') + 1; // behind bounds that aren't the usual ones
    return QVariant(arrayValue(known.form, text, at, 1));
}

} // namespace tribikos
