#include "core/autogenerate/sqlalchemyview.h"
#include "core/base/backend.h"

#include <QHash>
#include <QRegularExpression>

/// As SQLAlchemy's MySQL dialect reads SHOW CREATE TABLE.
namespace tribikos {

using namespace Qt::StringLiterals;

namespace {

/// The module of SQLAlchemy's class for \a word; "" where SQLAlchemy knows none.
QString moduleOf(const QString &word)
{
    static const QStringList shared{u"binary"_s, u"blob"_s, u"boolean"_s,
                                    u"date"_s,   u"uuid"_s, u"varbinary"_s};
    static const QStringList own{u"bigint"_s,     u"bit"_s,       u"char"_s,       u"datetime"_s,
                                 u"decimal"_s,    u"double"_s,    u"enum"_s,       u"float"_s,
                                 u"int"_s,        u"inet4"_s,     u"inet6"_s,      u"json"_s,
                                 u"longblob"_s,   u"longtext"_s,  u"mediumblob"_s, u"mediumint"_s,
                                 u"mediumtext"_s, u"set"_s,       u"smallint"_s,   u"text"_s,
                                 u"time"_s,       u"timestamp"_s, u"tinyblob"_s,   u"tinyint"_s,
                                 u"tinytext"_s,   u"varchar"_s,   u"year"_s};
    return shared.contains(word) ? u"sqlalchemy"_s : own.contains(word) ? u"mysql"_s : QString();
}

void setNumbers(SqlType &type, const QList<int> &numbers)
{
    static const QStringList integers{u"TINYINT"_s, u"SMALLINT"_s, u"MEDIUMINT"_s,
                                      u"INTEGER"_s, u"BIGINT"_s,   u"YEAR"_s};
    static const QStringList times{u"DATETIME"_s, u"TIMESTAMP"_s, u"TIME"_s};
    static const QStringList decimals{u"DECIMAL"_s, u"FLOAT"_s, u"DOUBLE"_s};
    if (numbers.isEmpty())
        return;
    if (integers.contains(type.name)) {
        type.displayWidth = numbers[0];
    } else if (times.contains(type.name)) {
        type.fsp = numbers[0];
    } else if (decimals.contains(type.name)) {
        type.precision = numbers[0];
        if (numbers.size() > 1)
            type.scale = numbers[1];
    } else {
        type.length = numbers[0];
    }
}

SqlTypePtr mysqlType(const SqlType &written, Backend backend)
{
    static const QRegularExpression shape(u"^(\\w+)(?:\\((.*)\\))?"_s,
                                          QRegularExpression::DotMatchesEverythingOption);
    const bool isJsonText =
        written.name == u"JSON" && (backend == Backend::MariaDb || written.catalogueText.isEmpty());
    if (isJsonText) // a longtext with a check
        return sharedType({.name = u"LONGTEXT"_s,
                           .module = u"mysql"_s,
                           .collation = u"utf8mb4_bin"_s,
                           .charset = u"utf8mb4"_s});
    const QRegularExpressionMatch match = shape.match(written.catalogueText);
    const QString word = match.captured(1).toLower();
    const QString module = moduleOf(word);
    if (module.isEmpty())
        return classType(u"sqlalchemy"_s, u"NullType"_s);
    SqlType type{.name = word == u"int" ? u"INTEGER"_s : word.toUpper(),
                 .module = module,
                 .collation = written.collation,
                 .charset = written.charset,
                 .labels = written.labels,
                 .isUnsigned = written.isUnsigned,
                 .zerofill = written.zerofill};
    if (!type.collation.isEmpty() && type.charset.isEmpty())
        type.charset = type.collation.section(u'_', 0, 0);
    QList<int> numbers;
    if (type.labels.isEmpty())
        for (const QString &number : match.captured(2).split(u',', Qt::SkipEmptyParts))
            numbers.append(number.toInt());
    setNumbers(type, numbers);
    if (type.name == u"SET" && type.labels.contains(QString()))
        type.pythonArguments.insert(u"retrieve_as_bitwise"_s, u"True"_s);
    return sharedType(type);
}

/// The texts of ENUM('a', 'b'); nullopt: with escapes that depend on the server's mode.
std::optional<QStringList> labelsIn(const QString &list)
{
    static const QRegularExpression label(u"\\s*'((?:[^'\\\\]|'')*)'\\s*(?:,|$)"_s);
    QStringList labels;
    qsizetype at = 0;
    while (at < list.size()) {
        const auto match = label.match(list, at, QRegularExpression::NormalMatch,
                                       QRegularExpression::AnchorAtOffsetMatchOption);
        if (!match.hasMatch())
            return std::nullopt;
        labels.append(match.captured(1).replace(u"''"_s, u"'"_s));
        at = match.capturedEnd();
    }
    return labels;
}

/// The column type's word that SHOW CREATE TABLE has for a script's \a word.
QString shownWord(const QString &word)
{
    static const QHash<QString, QString> names{
        {u"integer"_s, u"int"_s},          {u"int4"_s, u"int"_s},
        {u"int8"_s, u"bigint"_s},          {u"int2"_s, u"smallint"_s},
        {u"int1"_s, u"tinyint"_s},         {u"middleint"_s, u"mediumint"_s},
        {u"dec"_s, u"decimal"_s},          {u"numeric"_s, u"decimal"_s},
        {u"fixed"_s, u"decimal"_s},        {u"character"_s, u"char"_s},
        {u"real"_s, u"double"_s},          {u"double precision"_s, u"double"_s},
        {u"float4"_s, u"float"_s},         {u"float8"_s, u"double"_s},
        {u"char varying"_s, u"varchar"_s}, {u"character varying"_s, u"varchar"_s}};
    return names.value(word, word);
}

/// SHOW CREATE TABLE quotes texts; MySQL numbers too.
ExprPtr mysqlDefault(const ExprPtr &written, Backend backend)
{
    static const QRegularExpression number(u"^-?\\d+(?:\\.\\d+)?$"_s);
    if (!written)
        return nullptr;
    QString text = written->text;
    if (written->kind == Expr::Kind::Value)
        text = u'\'' + QString(written->value.text).replace(u'\'', u"''"_s) + u'\'';
    else if (backend == Backend::MySql && number.match(text).hasMatch())
        text = u'\'' + text + u'\'';
    return textExpr(text);
}

Column viewOfColumn(const Column &written, Backend backend)
{
    Column column{.name = written.name};
    column.type = written.type ? mysqlType(*written.type, backend)
                               : classType(u"sqlalchemy"_s, u"NullType"_s);
    column.nullable = written.nullable.value_or(true);
    column.primaryKey = written.primaryKey;
    column.hasComment = written.hasComment;
    column.comment = written.comment;
    if (written.computed)
        column.computed = Computed{textExpr(u'(' + written.computed->expression->text + u')'),
                                   written.computed->persisted.value_or(false)};
    else
        column.serverDefault = mysqlDefault(written.serverDefault, backend);
    if (written.autoincrement == AutoIncrement::Yes)
        column.autoincrement = AutoIncrement::Yes;
    else if (affinityOfClass(column.type->name) == TypeAffinity::Integer
             && column.type->name != u"YEAR")
        column.autoincrement = AutoIncrement::No;
    return column;
}

void addConstraint(const Constraint &constraint, Table &view)
{
    if (const auto *key = std::get_if<PrimaryKey>(&constraint)) {
        view.constraints.append(PrimaryKey{.columns = key->columns});
    } else if (const auto *unique = std::get_if<UniqueConstraint>(&constraint)) {
        // There is one key, which SQLAlchemy shows twice.
        view.constraints.append(
            UniqueConstraint{.name = finalName(unique->name.text), .columns = unique->columns});
        Index index{.name = finalName(unique->name.text), .unique = true};
        for (const QString &column : unique->columns)
            index.elements.append(columnExpr(column));
        view.indexes.append(index);
    } else if (const auto *foreign = std::get_if<ForeignKey>(&constraint)) {
        ForeignKey seen = *foreign;
        seen.name = finalName(foreign->name.text);
        seen.options.clear();
        view.constraints.append(seen);
    } else if (const auto *check = std::get_if<CheckConstraint>(&constraint)) {
        view.constraints.append(
            CheckConstraint{.name = finalName(check->name.text), .condition = check->condition});
    }
}

} // namespace

SqlTypePtr classOfMySqlWords(const QString &words)
{
    static const QRegularExpression shape(
        u"^([a-z_][a-z_0-9]*(?: precision| varying)?)\\s*(?:\\((.*)\\))?((?: unsigned| zerofill| signed)*)$"_s,
        QRegularExpression::CaseInsensitiveOption | QRegularExpression::DotMatchesEverythingOption);
    const QRegularExpressionMatch match = shape.match(words.trimmed());
    if (!match.hasMatch())
        return nullptr;
    QString word = shownWord(match.captured(1).toLower().simplified());
    QString numbers = match.captured(2);
    SqlType written{.isUnsigned = match.captured(3).contains(u"unsigned", Qt::CaseInsensitive),
                    .zerofill = match.captured(3).contains(u"zerofill", Qt::CaseInsensitive)};
    if (word == u"bool" || word == u"boolean") {
        word = u"tinyint"_s;
        numbers = u"1"_s;
    }
    if (word == u"enum" || word == u"set") {
        const auto labels = labelsIn(numbers);
        if (!labels || labels->isEmpty())
            return nullptr;
        written.labels = *labels;
    }
    if ((word == u"varchar" || word == u"varbinary") && numbers.isEmpty())
        return nullptr;
    written.catalogueText = numbers.isEmpty() ? word : u"%1(%2)"_s.arg(word, numbers);
    return mysqlType(written, Backend::MySql);
}

Table viewOfMySqlTable(const Table &table, Backend backend)
{
    Table view{.name = table.name, .comment = table.comment, .hasComment = table.hasComment};
    for (const Column &column : table.columns)
        view.columns.append(viewOfColumn(column, backend));
    for (const Constraint &constraint : table.constraints)
        addConstraint(constraint, view);
    for (const Index &index : table.indexes) {
        Index seen = index;
        seen.name = finalName(index.name.text);
        for (ExprPtr &element : seen.elements)
            if (element->kind == Expr::Kind::Unary && !element->args.isEmpty())
                element = element->args.first(); // DESC isn't reflected
        view.indexes.append(seen);
    }
    for (auto option = table.options.cbegin(); option != table.options.cend(); ++option)
        view.options.insert(option.key(), *option);
    if (table.hasComment)
        view.options.insert(backendName(backend) + u"_comment"_s, table.comment);
    return view;
}

} // namespace tribikos
