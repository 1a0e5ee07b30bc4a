#include "core/reflect/mysqltypes.h"

#include "core/base/sqltokenizer.h"

#include <QHash>
#include <QRegularExpression>
#include <QSet>

using namespace Qt::StringLiterals;

namespace tribikos::mysql {

namespace {

/// Words and the class that each is; those that only MySQL has are its own.
struct KnownType
{
    const char *word;
    const char *name;
    bool isOwn;
};
constexpr KnownType knownTypes[] = {{"int", "INTEGER", false},
                                    {"bigint", "BIGINT", false},
                                    {"smallint", "SMALLINT", false},
                                    {"tinyint", "TINYINT", true},
                                    {"mediumint", "MEDIUMINT", true},
                                    {"decimal", "DECIMAL", false},
                                    {"float", "FLOAT", false},
                                    {"double", "DOUBLE", false},
                                    {"bit", "BIT", true},
                                    {"year", "YEAR", true},
                                    {"char", "CHAR", false},
                                    {"varchar", "VARCHAR", false},
                                    {"tinytext", "TINYTEXT", true},
                                    {"text", "TEXT", false},
                                    {"mediumtext", "MEDIUMTEXT", true},
                                    {"longtext", "LONGTEXT", true},
                                    {"binary", "BINARY", false},
                                    {"varbinary", "VARBINARY", false},
                                    {"tinyblob", "TINYBLOB", true},
                                    {"blob", "BLOB", false},
                                    {"mediumblob", "MEDIUMBLOB", true},
                                    {"longblob", "LONGBLOB", true},
                                    {"date", "DATE", false},
                                    {"datetime", "DATETIME", false},
                                    {"timestamp", "TIMESTAMP", false},
                                    {"time", "TIME", false},
                                    {"enum", "ENUM", true},
                                    {"set", "SET", true},
                                    {"json", "JSON", false},
                                    {"uuid", "UUID", false}};

const KnownType *knownType(const QString &word)
{
    static const QHash<QString, const KnownType *> all = [] {
        QHash<QString, const KnownType *> byWord;
        for (const KnownType &type : knownTypes)
            byWord.insert(QString::fromLatin1(type.word), &type);
        return byWord;
    }();
    return all.value(word);
}

/// The width that an integer has when none was given: its digits and a sign.
bool isUsualWidth(const QString &word, int width, bool isUnsigned)
{
    static const QHash<QString, int> widths{{u"tinyint"_s, 4},   {u"smallint"_s, 6},
                                            {u"mediumint"_s, 9}, {u"int"_s, 11},
                                            {u"bigint"_s, 20},   {u"year"_s, 4}};
    const int usual = widths.value(word);
    return width == usual
           || (isUnsigned && word != u"bigint" && word != u"mediumint" && width == usual - 1)
           || (isUnsigned && word == u"mediumint" && width == 8);
}

void setArguments(SqlType &type, const QString &word, const QString &arguments)
{
    static const QSet<QString> integers{u"tinyint"_s, u"smallint"_s, u"mediumint"_s,
                                        u"int"_s,     u"bigint"_s,   u"year"_s};
    static const QSet<QString> times{u"datetime"_s, u"timestamp"_s, u"time"_s};
    static const QSet<QString> numerics{u"decimal"_s, u"float"_s, u"double"_s};
    if (arguments.isEmpty())
        return;
    const int first = arguments.section(u',', 0, 0).toInt();
    if (integers.contains(word)) {
        if (type.zerofill || !isUsualWidth(word, first, type.isUnsigned))
            type.displayWidth = first;
    } else if (times.contains(word)) {
        type.fsp = first;
    } else if (numerics.contains(word)) {
        type.precision = first;
        if (arguments.contains(u','))
            type.scale = arguments.section(u',', 1, 1).toInt();
    } else {
        type.length = first;
    }
}

QStringList labels(const QString &arguments)
{
    QStringList all;
    for (const SqlToken &token : sqlTokens(arguments, Backend::MySql))
        if (token.kind == SqlToken::Kind::String)
            all.append(token.text);
    return all;
}

} // namespace

SqlTypePtr columnType(const QString &text, const QString &charset, const QString &collation)
{
    static const QRegularExpression shape(u"^(\\w+)(?:\\((.*)\\))?([a-z ]*)$"_s,
                                          QRegularExpression::DotMatchesEverythingOption);
    const QRegularExpressionMatch match = shape.match(text);
    const QString word = match.captured(1).toLower();
    const KnownType *known = knownType(word);
    if (!match.hasMatch() || !known)
        return std::make_shared<const SqlType>(SqlType{.name = text, .module = u"reflected"_s});
    SqlType type{
        .name = QString::fromLatin1(known->name), .collation = collation, .charset = charset};
    type.catalogueText = text;
    type.isUnsigned = match.captured(3).contains(u"unsigned");
    type.zerofill = match.captured(3).contains(u"zerofill");
    if (word == u"enum" || word == u"set")
        type.labels = labels(match.captured(2));
    else
        setArguments(type, word, match.captured(2));
    const bool isOwn = known->isOwn || type.isUnsigned || type.zerofill || type.displayWidth
                       || type.fsp || !charset.isEmpty();
    type.module = isOwn ? u"mysql"_s : u"sqlalchemy"_s;
    return std::make_shared<const SqlType>(type);
}

} // namespace tribikos::mysql
