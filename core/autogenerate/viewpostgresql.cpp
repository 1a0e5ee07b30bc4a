#include "core/autogenerate/sqlalchemyview.h"

#include <QHash>
#include <QRegularExpression>
#include <limits>

/// As SQLAlchemy's PostgreSQL dialect reads the catalogue.
namespace tribikos {

using namespace Qt::StringLiterals;

namespace {

struct KnownClass
{
    QString module{};
    QString name{};
};

/// ischema_names of SQLAlchemy's PostgreSQL dialect.
KnownClass postgresClass(const QString &word)
{
    static const QHash<QString, QString> shared{{u"integer"_s, u"INTEGER"_s},
                                                {u"bigint"_s, u"BIGINT"_s},
                                                {u"smallint"_s, u"SMALLINT"_s},
                                                {u"character varying"_s, u"VARCHAR"_s},
                                                {u"character"_s, u"CHAR"_s},
                                                {u"\"char\""_s, u"String"_s},
                                                {u"name"_s, u"String"_s},
                                                {u"text"_s, u"TEXT"_s},
                                                {u"numeric"_s, u"NUMERIC"_s},
                                                {u"float"_s, u"FLOAT"_s},
                                                {u"real"_s, u"REAL"_s},
                                                {u"uuid"_s, u"UUID"_s},
                                                {u"double precision"_s, u"DOUBLE_PRECISION"_s},
                                                {u"date"_s, u"DATE"_s},
                                                {u"boolean"_s, u"BOOLEAN"_s}};
    static const QStringList own{u"hstore"_s,
                                 u"json"_s,
                                 u"jsonb"_s,
                                 u"int4range"_s,
                                 u"int8range"_s,
                                 u"numrange"_s,
                                 u"daterange"_s,
                                 u"tsrange"_s,
                                 u"tstzrange"_s,
                                 u"int4multirange"_s,
                                 u"int8multirange"_s,
                                 u"nummultirange"_s,
                                 u"datemultirange"_s,
                                 u"tsmultirange"_s,
                                 u"tstzmultirange"_s,
                                 u"inet"_s,
                                 u"cidr"_s,
                                 u"citext"_s,
                                 u"bit"_s,
                                 u"macaddr"_s,
                                 u"macaddr8"_s,
                                 u"money"_s,
                                 u"oid"_s,
                                 u"regclass"_s,
                                 u"bytea"_s,
                                 u"tsvector"_s};
    if (const QString name = shared.value(word); !name.isEmpty())
        return {u"sqlalchemy"_s, name};
    if (own.contains(word))
        return {u"postgresql"_s, word.toUpper()};
    if (word == u"bit varying")
        return {u"postgresql"_s, u"BIT"_s};
    if (word == u"timestamp" || word.startsWith(u"timestamp with"))
        return {u"postgresql"_s, u"TIMESTAMP"_s};
    if (word == u"time" || word.startsWith(u"time with"))
        return {u"postgresql"_s, u"TIME"_s};
    return {};
}

/// format_type()'s text, taken apart: the words, and the numbers in parentheses.
SqlTypePtr postgresType(QString text, const QString &collation)
{
    QStringList numbers;
    const qsizetype open = text.indexOf(u'(');
    const qsizetype close = text.lastIndexOf(u')');
    if (open >= 0 && close > open) {
        numbers = text.mid(open + 1, close - open - 1).split(u',', Qt::SkipEmptyParts);
        text.remove(open, close - open + 1);
    }
    const auto number = [&](int i) {
        return i < numbers.size() ? std::optional(numbers[i].toInt()) : std::nullopt;
    };
    if (text == u"interval" || text.startsWith(u"interval "))
        return sharedType({.name = u"INTERVAL"_s,
                           .module = u"postgresql"_s,
                           .precision = number(0),
                           .fields = text.mid(9)});
    const KnownClass known = postgresClass(text.toLower());
    if (known.name.isEmpty())
        return classType(u"sqlalchemy"_s, u"NullType"_s);
    SqlType type{.name = known.name, .module = known.module, .collation = collation};
    if (text == u"numeric" && numbers.size() == 2) {
        type.precision = number(0);
        type.scale = number(1);
    } else if (text == u"double precision") {
        type.precision = 53;
    } else if (text.startsWith(u"time")) {
        type.timezone = text.endsWith(u"with time zone");
        type.precision = number(0);
    } else if (text.startsWith(u"bit")) {
        type.varying = text == u"bit varying";
        type.length = number(0);
    } else if (!numbers.isEmpty() && text != u"numeric") {
        type.length = number(0);
    }
    return sharedType(type);
}

SqlTypePtr viewOfType(const SqlTypePtr &written, const QString &collation)
{
    if (!written)
        return classType(u"sqlalchemy"_s, u"NullType"_s);
    if (written->name == u"ARRAY")
        return sharedType({.name = u"ARRAY"_s,
                           .module = u"postgresql"_s,
                           .item = viewOfType(written->item, collation)});
    if (written->name == u"ENUM" && written->module == u"postgresql")
        return sharedType({.name = u"ENUM"_s,
                           .module = u"postgresql"_s,
                           .labels = written->labels,
                           .typeName = written->typeName,
                           .schema = written->schema});
    if (written->name == u"DOMAIN" && written->module == u"postgresql")
        return sharedType({.name = u"DOMAIN"_s,
                           .module = u"postgresql"_s,
                           .typeName = written->typeName,
                           .schema = written->schema,
                           .item = viewOfType(written->item, {}),
                           .domainNotNull = written->domainNotNull});
    return postgresType(written->catalogueText, collation);
}

/// format_type()'s name of a type that a script calls \a word; \a numbers are what stands in parentheses behind it.
QString catalogueName(const QString &word, QString &numbers)
{
    static const QHash<QString, QString> names{{u"int"_s, u"integer"_s},
                                               {u"int4"_s, u"integer"_s},
                                               {u"serial"_s, u"integer"_s},
                                               {u"serial4"_s, u"integer"_s},
                                               {u"int8"_s, u"bigint"_s},
                                               {u"bigserial"_s, u"bigint"_s},
                                               {u"serial8"_s, u"bigint"_s},
                                               {u"int2"_s, u"smallint"_s},
                                               {u"smallserial"_s, u"smallint"_s},
                                               {u"serial2"_s, u"smallint"_s},
                                               {u"varchar"_s, u"character varying"_s},
                                               {u"char varying"_s, u"character varying"_s},
                                               {u"char"_s, u"character"_s},
                                               {u"bool"_s, u"boolean"_s},
                                               {u"float8"_s, u"double precision"_s},
                                               {u"float4"_s, u"real"_s},
                                               {u"decimal"_s, u"numeric"_s},
                                               {u"dec"_s, u"numeric"_s},
                                               {u"varbit"_s, u"bit varying"_s},
                                               {u"timetz"_s, u"time with time zone"_s},
                                               {u"timestamptz"_s, u"timestamp with time zone"_s}};
    if (word != u"float")
        return names.value(word, word);
    const bool isSingle = !numbers.isEmpty() && numbers.toInt() <= 24; // its digits are binary ones
    numbers.clear();
    return isSingle ? u"real"_s : u"double precision"_s;
}

/// What the sequence of an identity has, said in full.
Identity fullIdentity(const Identity &written, const QString &type)
{
    const qint64 greatest = type == u"SMALLINT"  ? std::numeric_limits<qint16>::max()
                            : type == u"INTEGER" ? std::numeric_limits<qint32>::max()
                                                 : std::numeric_limits<qint64>::max();
    Identity full = written;
    full.increment = written.increment.value_or(1);
    const bool falls = *full.increment < 0;
    full.minValue = written.minValue.value_or(falls ? -greatest - 1 : 1);
    full.maxValue = written.maxValue.value_or(falls ? -1 : greatest);
    full.start = written.start.value_or(falls ? *full.maxValue : *full.minValue);
    full.cycle = written.cycle.value_or(false);
    full.cache = written.cache.value_or(1);
    return full;
}

/// The sequence of nextval('…'::regclass), without its schema and quotes; "" for any other default.
QString sequenceOf(const QString &text)
{
    static const QRegularExpression call(u"^nextval\\('(.+?)'::regclass\\)"_s);
    QString name = call.match(text).captured(1);
    name = name.mid(name.lastIndexOf(u'.') + 1);
    return name.remove(u'"');
}

/// Most columns are of few types, which are read once.
SqlTypePtr knownType(const SqlTypePtr &written, const QString &collation, ViewContext &context)
{
    if (!written || written->catalogueText.isEmpty() || written->item || !written->labels.isEmpty())
        return viewOfType(written, collation);
    SqlTypePtr &known = context.types[written->catalogueText + u'\n' + written->name + u'\n'
                                      + written->module + u'\n' + collation];
    if (!known)
        known = viewOfType(written, collation);
    return known;
}

Column viewOfColumn(const Column &written, ViewContext &context)
{
    Column column{.name = written.name,
                  .type = knownType(written.type, written.collation, context)};
    column.nullable = written.nullable.value_or(true) && !column.type->domainNotNull;
    column.primaryKey = written.primaryKey;
    column.hasComment = written.hasComment;
    column.comment = written.comment;
    column.computed = written.computed;
    const QString text = written.serverDefault ? written.serverDefault->text : QString();
    const bool isCounter = written.autoincrement == AutoIncrement::Yes
                           || (TypeAffinity::Integer == affinityOfClass(column.type->name)
                               && text.startsWith(u"nextval('"));
    column.autoincrement = isCounter || written.identity ? AutoIncrement::Yes : AutoIncrement::No;
    if (written.identity)
        column.identity = fullIdentity(*written.identity, column.type->name);
    const bool isSerial = (column.type->name == u"INTEGER" || column.type->name == u"BIGINT")
                          && context.ownedSequences.contains(sequenceOf(text));
    if (!isSerial)
        column.serverDefault = written.serverDefault;
    return column;
}

Index viewOfIndex(const Index &written)
{
    static const QStringList order{u"postgresql_ops"_s,     u"postgresql_with"_s,
                                   u"postgresql_using"_s,   u"postgresql_where"_s,
                                   u"postgresql_include"_s, u"postgresql_nulls_not_distinct"_s};
    Index index{.name = finalName(written.name.text),
                .elements = written.elements,
                .unique = written.unique};
    for (const QString &option : order) {
        const auto found = written.options.constFind(option);
        if (found == written.options.cend())
            continue;
        const auto *text = std::get_if<ExprPtr>(&*found); // a bare str there, no text()
        index.options.insert(option, text && *text ? DialectOption((*text)->text) : *found);
        index.optionOrder.append(option);
    }
    return index;
}

UniqueConstraint viewOfUnique(const UniqueConstraint &written)
{
    UniqueConstraint unique{.name = finalName(written.name.text), .columns = written.columns};
    unique.options.insert(u"postgresql_include"_s,
                          written.options.value(u"postgresql_include"_s, QStringList()));
    unique.options.insert(u"postgresql_nulls_not_distinct"_s,
                          written.options.value(u"postgresql_nulls_not_distinct"_s, false));
    return unique;
}

} // namespace

SqlTypePtr classOfPostgresWords(const QString &words)
{
    static const QRegularExpression brackets(u"\\s*(?:\\[\\d*\\]|\\barray(?:\\s*\\[\\d*\\])?)$"_s);
    static const QRegularExpression shape(
        u"^(?:pg_catalog\\.)?([a-z_][a-z_0-9 ]*?)\\s*(?:\\(([\\d ,]+)\\)\\s*([a-z ]*))?$"_s);
    QString text = words.simplified().toLower();
    bool isArray = false;
    while (text.contains(brackets)) {
        text.remove(brackets);
        isArray = true;
    }
    const QRegularExpressionMatch match = shape.match(text);
    if (!match.hasMatch())
        return nullptr;
    QString numbers = QString(match.captured(2)).remove(u' ');
    const QString name = catalogueName(match.captured(1), numbers);
    if (numbers.isEmpty() && name == u"character")
        numbers = u"1"_s;
    if (name == u"numeric" && !numbers.isEmpty() && !numbers.contains(u','))
        numbers += u",0"_s;
    text = numbers.isEmpty() ? name : u"%1(%2)"_s.arg(name, numbers);
    if (const QString more = match.captured(3); !more.isEmpty()) {
        if (!name.startsWith(u"time") || name.contains(u' '))
            return nullptr;
        text += u' ' + more;
    }
    const SqlTypePtr type = postgresType(text, {});
    return isArray ? sharedType({.name = u"ARRAY"_s, .module = u"postgresql"_s, .item = type})
                   : type;
}

Table viewOfPostgresTable(const Table &table, ViewContext &context)
{
    Table view{.name = table.name, .comment = table.comment, .hasComment = table.hasComment};
    for (const Column &column : table.columns)
        view.columns.append(viewOfColumn(column, context));
    for (const Constraint &constraint : table.constraints) {
        if (const auto *key = std::get_if<PrimaryKey>(&constraint)) {
            view.constraints.append(
                PrimaryKey{.name = finalName(key->name.text), .columns = key->columns});
        } else if (const auto *unique = std::get_if<UniqueConstraint>(&constraint)) {
            view.constraints.append(viewOfUnique(*unique));
        } else if (const auto *foreign = std::get_if<ForeignKey>(&constraint)) {
            ForeignKey seen = *foreign;
            seen.name = finalName(foreign->name.text);
            seen.options.clear();
            view.constraints.append(seen);
        } else if (const auto *check = std::get_if<CheckConstraint>(&constraint)) {
            view.constraints.append(CheckConstraint{.name = finalName(check->name.text),
                                                    .condition = check->condition});
        }
    }
    for (const Index &index : table.indexes)
        view.indexes.append(viewOfIndex(index));
    return view;
}

} // namespace tribikos
