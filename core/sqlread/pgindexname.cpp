#include "core/sqlread/pgdefinition.h"

#include <algorithm>

using namespace Qt::StringLiterals;

/// The name that PostgreSQL gives an index for which nobody says one (ChooseIndexName and makeObjectName of its sources).
namespace tribikos {

namespace {

constexpr qsizetype mostBytes = 63;

/// What a result's column of \a expression would be called; "expr" for an operator. Empty: it takes more than the tree.
QString figuredName(const PgNode &expression)
{
    if (expression.is(u"ColumnRef")) {
        const QList<PgNode> fields = expression.list(u"fields");
        return fields.isEmpty() ? QString() : fields.constLast().text(u"sval");
    }
    if (expression.is(u"FuncCall"))
        return expression.texts(u"funcname").value(expression.texts(u"funcname").size() - 1);
    if (expression.is(u"CollateClause"))
        return figuredName(expression.node(u"arg"));
    if (expression.is(u"CoalesceExpr"))
        return u"coalesce"_s;
    const bool isOperator = expression.is(u"A_Expr") && expression.text(u"kind") == u"AEXPR_OP";
    return isOperator || expression.is(u"BoolExpr") ? u"expr"_s : QString();
}

QByteArray clipped(const QByteArray &text, qsizetype bytes)
{
    qsizetype length = std::min(bytes, text.size());
    while (length > 0 && length < text.size() && (uchar(text[length]) & 0xC0) == 0x80)
        --length; // between letters
    return text.first(length);
}

/// The longer of the two is shortened until all fits.
QString objectName(const QString &table, const QString &columns, const QString &label)
{
    QByteArray first = table.toUtf8();
    QByteArray second = columns.toUtf8();
    const qsizetype room = mostBytes - label.toUtf8().size() - 2;
    qsizetype firstSize = first.size();
    qsizetype secondSize = second.size();
    while (firstSize + secondSize > room)
        (firstSize > secondSize ? firstSize : secondSize) -= 1;
    return QString::fromUtf8(clipped(first, firstSize)) + u'_'
           + QString::fromUtf8(clipped(second, secondSize)) + u'_' + label;
}

bool isTaken(const TableName &name, const Schema &schema)
{
    const bool isObject = std::ranges::any_of(schema.objects, [&](const NamedObject &object) {
        return object.name == name && object.kind != NamedObject::Kind::Function;
    });
    return isObject || schema.table(name)
           || std::ranges::any_of(schema.tables, [&](const Table &table) {
                  return table.name.schema == name.schema
                         && std::ranges::any_of(table.indexes, [&](const Index &index) {
                                return index.name.text == name.name;
                            });
              });
}

} // namespace

QString pgIndexName(const PgNode &created, const TableName &table, const Schema &schema)
{
    QStringList columns;
    for (const PgNode &element :
         created.list(u"indexParams") + created.list(u"indexIncludingParams")) {
        const QString own =
            element.has(u"name") ? element.text(u"name") : figuredName(element.node(u"expr"));
        if (own.isEmpty())
            return {};
        QString unique = own;
        for (int number = 1; columns.contains(unique); ++number)
            unique = own + QString::number(number);
        columns.append(unique);
    }
    TableName name{.schema = table.schema};
    for (int number = 0; number == 0 || isTaken(name, schema); ++number)
        name.name = objectName(table.name, columns.join(u'_'),
                               u"idx"_s + (number == 0 ? QString() : QString::number(number)));
    return name.name;
}

} // namespace tribikos
