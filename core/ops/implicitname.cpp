#include "core/ops/implicitname.h"

#include "core/ops/columnuse.h"

#include <QRegularExpression>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

QStringList constraintColumns(const Constraint &constraint)
{
    return std::visit(
        [](const auto &c) -> QStringList {
            if constexpr (requires { c.columns; })
                return c.columns;
            else
                return {};
        },
        constraint);
}

/// The value of a token such as "column_0_name"; nullopt when the constraint has none.
std::optional<QString> tokenValue(const QString &token, const TableName &table,
                                  const Constraint &constraint)
{
    const QStringList columns = constraintColumns(constraint);
    const auto *key = std::get_if<ForeignKey>(&constraint);
    if (token == u"table_name")
        return table.name;
    if (token == u"constraint_name" && !constraintName(constraint).isEmpty())
        return constraintName(constraint).text;
    if (token == u"referred_table_name" && key)
        return key->target.name;
    static const QRegularExpression shape(u"^(referred_)?column_(\\d+)(_?N)?_(name|key|label)$"_s);
    const QRegularExpressionMatch match = shape.match(token);
    const bool referred = !match.captured(1).isEmpty();
    if (!match.hasMatch() || (referred && !key))
        return std::nullopt;
    const QStringList &names = referred ? key->targetColumns : columns;
    const QString owner = referred ? key->target.name : table.name;
    const int index = match.captured(2).toInt();
    if (index >= names.size())
        return std::nullopt;
    const auto shown = [&](const QString &name) {
        return match.captured(4) == u"label" ? owner + u'_' + name : name;
    };
    if (match.captured(3).isEmpty())
        return shown(names[index]);
    QStringList all;
    for (const QString &name : names)
        all.append(shown(name));
    return all.join(match.captured(3) == u"_N" ? u"_"_s : QString());
}

} // namespace

QString conventionName(const QMap<QString, QString> &convention, const TableName &table,
                       const Constraint &constraint)
{
    static const QString keys[] = {u"pk"_s, u"uq"_s, u"fk"_s, u"ck"_s, u"ex"_s};
    const QString pattern = convention.value(keys[constraint.index()]);
    if (!pattern.contains(u"%("_s)) // most are empty
        return pattern;
    static const QRegularExpression token(u"%\\((\\w+)\\)s"_s);
    QString name;
    qsizetype copied = 0;
    for (auto it = token.globalMatch(pattern); it.hasNext();) {
        const QRegularExpressionMatch match = it.next();
        const std::optional<QString> value = tokenValue(match.captured(1), table, constraint);
        if (!value)
            return {};
        name += QStringView(pattern).mid(copied, match.capturedStart() - copied);
        name += *value;
        copied = match.capturedEnd();
    }
    return name + pattern.mid(copied);
}

QStringList serverNames(const Table &table, const Constraint &constraint, int ordinal)
{
    const QStringList columns = constraintColumns(constraint);
    const QString prefix = table.name.name + u'_';
    const QString body = prefix + columns.join(u'_') + u'_';
    const QString number = QString::number(ordinal);
    if (std::holds_alternative<PrimaryKey>(constraint))
        return {prefix + u"pkey"_s, u"PRIMARY"_s};
    if (std::holds_alternative<UniqueConstraint>(constraint))
        return {body + u"key"_s, columns.value(0), columns.value(0) + u'_' + number};
    if (std::holds_alternative<ForeignKey>(constraint))
        return {body + u"fkey"_s, prefix + u"ibfk_"_s + number};
    const auto *check = std::get_if<CheckConstraint>(&constraint);
    if (!check)
        return {};
    QStringList names{prefix + u"check"_s, prefix + u"chk_"_s + number, u"CONSTRAINT_"_s + number};
    if (ordinal > 1)
        names.append(prefix + u"check"_s + QString::number(ordinal - 1));
    for (const Column &column : table.columns)
        if (mentionsColumn(check->condition, column.name))
            names.append(prefix + column.name + u"_check"_s);
    return names;
}

namespace {

/// How many unnamed constraints of \a constraint's kind come before it, and with its own columns.
struct Before
{
    int ofKind = 0;
    int alike = 0;
    bool isFound = false;
};

Before countBefore(const Table &table, const Constraint &constraint)
{
    Before before;
    for (const Constraint &other : table.constraints) {
        if (&other == &constraint)
            before.isFound = true;
        if (before.isFound || other.index() != constraint.index()
            || !constraintName(other).isEmpty())
            continue;
        ++before.ofKind;
        before.alike += constraintColumns(other) == constraintColumns(constraint);
    }
    return before;
}

std::optional<QString> postgresName(const Table &table, const Constraint &constraint,
                                    const Before &before)
{
    const QString name = serverNames(table, constraint, 1).value(0);
    const bool isForeign = std::holds_alternative<ForeignKey>(constraint);
    // Of several columns older servers take the first only.
    const bool isSure = std::holds_alternative<PrimaryKey>(constraint)
                        || std::holds_alternative<UniqueConstraint>(constraint)
                        || (isForeign && constraintColumns(constraint).size() == 1);
    // Of two that say the same in one CREATE TABLE only one is made.
    const bool isTwice = std::ranges::any_of(table.constraints, [&](const Constraint &other) {
        return &other != &constraint && !std::holds_alternative<ForeignKey>(other) && !isForeign
               && constraintColumns(other) == constraintColumns(constraint);
    });
    constexpr qsizetype longest = 63; // bytes; what is longer is cut in the middle
    if (isTwice || !isSure || name.toUtf8().size() > longest || (before.alike > 0 && !isForeign))
        return std::nullopt;
    return before.alike > 0 ? name + QString::number(before.alike) : name;
}

std::optional<QString> mysqlName(const Table &table, const Constraint &constraint,
                                 const Before &before)
{
    if (std::holds_alternative<PrimaryKey>(constraint))
        return QString();
    const QString generated = table.name.name + u"_ibfk_"_s;
    if (std::holds_alternative<ForeignKey>(constraint)) {
        const bool isTaken = std::ranges::any_of(table.constraints, [&](const Constraint &other) {
            return constraintName(other).text.startsWith(generated);
        });
        return isTaken ? std::nullopt
                       : std::optional(generated + QString::number(before.ofKind + 1));
    }
    const QString column = constraintColumns(constraint).value(0);
    const bool isSame = std::ranges::any_of(table.constraints, [&](const Constraint &other) {
        return &other != &constraint
               && (constraintName(other).text == column
                   || (std::holds_alternative<UniqueConstraint>(other)
                       && constraintColumns(other).value(0) == column));
    });
    const bool isIndex = std::ranges::any_of(
        table.indexes, [&](const Index &index) { return index.name.text == column; });
    if (!std::holds_alternative<UniqueConstraint>(constraint) || isSame || isIndex)
        return std::nullopt;
    return column;
}

} // namespace

std::optional<QString> givenName(const Table &table, const Constraint &constraint, Backend backend)
{
    const Before before = countBefore(table, constraint);
    if (table.hasRenamed || table.isOpaque || !before.isFound || backend == Backend::Sqlite)
        return std::nullopt;
    return backend == Backend::PostgreSql ? postgresName(table, constraint, before)
                                          : mysqlName(table, constraint, before);
}

} // namespace tribikos
