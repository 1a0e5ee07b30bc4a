#include "core/base/sqltokenizer.h"
#include "core/diff/normaltext.h"
#include "core/diff/rules.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

bool takeWord(TypeShape &shape, const QString &word)
{
    return shape.words.removeAll(word) > 0;
}

/// DECIMAL(10) is DECIMAL(10, 0).
void completeScale(TypeShape &shape, bool hasUsualPrecision)
{
    if (shape.arguments.isEmpty() && hasUsualPrecision)
        shape.arguments = {u"10"_s};
    if (shape.arguments.size() == 1)
        shape.arguments.append(u"0"_s);
}

/// FLOAT(p) in binary digits is one of two types.
void chooseFloat(TypeShape &shape, const QString &shortWord)
{
    if (shape.arguments.size() > 1)
        return;
    const bool isLong =
        shape.arguments.isEmpty() ? shortWord == u"real" : shape.arguments[0].toInt() > 24;
    shape.word = isLong ? u"double"_s : shortWord;
    shape.arguments.clear();
}

void completePostgreSql(TypeShape &shape, const ComparisonRules &rules)
{
    if (shape.words.value(0) == u"." && shape.word == rules.usualSchema) {
        shape.word = shape.words.value(1);
        shape.words.remove(0, 2);
    }
    const bool isArray = shape.words.contains(u"["_s);
    shape.words.removeIf([](const QString &word) {
        return word == u"[" || word == u"]" || (!word.isEmpty() && word.front().isDigit());
    });
    if (takeWord(shape, u"varying"_s))
        shape.word = shape.word == u"bit" ? u"varbit"_s : u"varchar"_s;
    if (shape.word == u"double")
        takeWord(shape, u"precision"_s);
    if (shape.word == u"float")
        chooseFloat(shape, u"real"_s);
    if (shape.word == u"timestamptz" || shape.word == u"timetz") {
        shape.word.chop(2);
        shape.words = {u"with"_s, u"time"_s, u"zone"_s};
    }
    if ((shape.word == u"timestamp" || shape.word == u"time") && shape.words.isEmpty())
        shape.words = {u"without"_s, u"time"_s, u"zone"_s};
    if (shape.word == u"numeric" || shape.word == u"decimal")
        completeScale(shape, false);
    if ((shape.word == u"char" || shape.word == u"bit") && shape.arguments.isEmpty())
        shape.arguments = {u"1"_s};
    if (isArray)
        shape.word += u"[]"_s;
}

bool isInteger(const QString &word)
{
    return word == u"integer" || word == u"tinyint" || word == u"smallint" || word == u"mediumint"
           || word == u"bigint" || word == u"year";
}

/// BLOB(n) is the smallest blob that holds as many bytes.
QString blobFor(qint64 bytes)
{
    if (bytes <= 0xff)
        return u"tinyblob"_s;
    return bytes <= 0xffff ? u"blob"_s : bytes <= 0xffffff ? u"mediumblob"_s : u"longblob"_s;
}

void completeMySql(TypeShape &shape)
{
    if (shape.word == u"national" && !shape.words.isEmpty())
        shape.word = shape.words.takeFirst();
    if (shape.word == u"nvarchar" || shape.word == u"nchar")
        shape.word = shape.word.sliced(1);
    if (takeWord(shape, u"varying"_s))
        shape.word = u"varchar"_s;
    if (shape.word == u"character")
        shape.word = u"char"_s;
    if (shape.word == u"real")
        shape.word = u"double"_s;
    takeWord(shape, u"precision"_s);
    if (shape.word == u"float")
        chooseFloat(shape, u"float"_s);
    if (shape.word == u"numeric" || shape.word == u"fixed")
        shape.word = u"decimal"_s;
    if (shape.word == u"decimal")
        completeScale(shape, true);
    if ((shape.word == u"char" || shape.word == u"binary" || shape.word == u"bit")
        && shape.arguments.isEmpty())
        shape.arguments = {u"1"_s};
    if (shape.word == u"blob" && !shape.arguments.isEmpty())
        shape.word = blobFor(shape.arguments.takeFirst().toLongLong());
    shape.isAnyText =
        shape.word == u"text" && !shape.arguments.isEmpty(); // by the bytes of a character
    const bool isZeroFilled = takeWord(shape, u"zerofill"_s);
    const bool isUnsigned = takeWord(shape, u"unsigned"_s) || isZeroFilled;
    takeWord(shape, u"signed"_s);
    takeWord(shape, u"binary"_s);
    if (isInteger(shape.word)) // a width for display
        shape.arguments.clear();
    if (isUnsigned)
        shape.word += u" unsigned"_s;
}

/// \a token as a part of a type: names without case, strings quoted.
QString typeToken(const SqlToken &token)
{
    return token.kind == SqlToken::Kind::String
               ? u'\'' + QString(token.text).replace(u'\'', u"''"_s) + u'\''
               : token.text.toLower();
}

} // namespace

TypeShape typeShape(const QString &text, Backend backend)
{
    const ComparisonRules &rules = rulesFor(backend);
    const QList<SqlToken> tokens = sqlTokens(text, backend);
    TypeShape shape{.isKnown = tokens.size() > 1};
    int depth = 0;
    for (qsizetype i = 0; i + 1 < tokens.size(); ++i) {
        const SqlToken &token = tokens[i];
        if (token.isSymbol(u"(")) {
            ++depth;
        } else if (token.isSymbol(u")")) {
            --depth;
        } else if (depth > 0) {
            if (!token.isSymbol(u","))
                shape.arguments.append(typeToken(token));
        } else if (token.isWord(u"COLLATE") && i + 2 < tokens.size()) {
            shape.collation = tokens[++i].text.toLower();
        } else if (token.isWord(u"CHARACTER") && tokens[i + 1].isWord(u"SET")) {
            i += 2;
        } else if (shape.word.isEmpty()) {
            const QString word = token.text.toLower();
            shape.word = rules.typeAliases.value(word, word);
        } else {
            shape.words.append(token.text.toLower());
        }
    }
    if (backend == Backend::PostgreSql)
        completePostgreSql(shape, rules);
    else if (backend != Backend::Sqlite)
        completeMySql(shape);
    if (shape.word == u"enum" || shape.word == u"set")
        std::ranges::sort(shape.arguments); // labels are compared as a set
    return shape;
}

bool sameTypeShape(const TypeShape &a, const TypeShape &b, const ComparisonRules &rules)
{
    if (!a.isKnown || !b.isKnown)
        return true;
    if (a.isAnyText || b.isAnyText)
        return a.word.endsWith(u"text") && b.word.endsWith(u"text");
    const auto inOneSet = [&](const QSet<QString> &set) {
        return set.contains(a.word) && set.contains(b.word);
    };
    if (a.word != b.word && std::ranges::none_of(rules.typeSynonyms, inOneSet))
        return false;
    const auto differ = [](const QStringList &x, const QStringList &y) {
        return x.size() == y.size() && x != y;
    };
    const bool isEnum = a.word == u"enum" || a.word == u"set";
    if (isEnum ? a.arguments != b.arguments : differ(a.arguments, b.arguments))
        return false;
    return !differ(a.words, b.words);
}

} // namespace tribikos
