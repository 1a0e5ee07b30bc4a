#include "core/diff/looseexpression.h"
#include "core/diff/rules.h"
#include "core/diff/tablefacts.h"

#include <QSet>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

/// The operator class that a type has anyway may be written or not.
bool isUsualOperatorClass(const QString &name)
{
    static const QSet<QString> usual{
        u"text_ops"_s,    u"varchar_ops"_s,   u"bpchar_ops"_s,      u"int2_ops"_s,
        u"int4_ops"_s,    u"int8_ops"_s,      u"numeric_ops"_s,     u"float4_ops"_s,
        u"float8_ops"_s,  u"bool_ops"_s,      u"date_ops"_s,        u"time_ops"_s,
        u"timetz_ops"_s,  u"timestamp_ops"_s, u"timestamptz_ops"_s, u"interval_ops"_s,
        u"uuid_ops"_s,    u"array_ops"_s,     u"jsonb_ops"_s,       u"tsvector_ops"_s,
        u"range_ops"_s,   u"enum_ops"_s,      u"bytea_ops"_s,       u"inet_ops"_s,
        u"network_ops"_s, u"record_ops"_s,    u"point_ops"_s,       u"bit_ops"_s,
        u"varbit_ops"_s};
    return usual.contains(name);
}

template<typename T>
const T *optionOf(const DialectOptions &options, const QString &name)
{
    const auto found = options.constFind(name);
    return found == options.cend() ? nullptr : std::get_if<T>(&*found);
}

} // namespace

/// What a key or an index has beside its columns: INCLUDE and NULLS NOT DISTINCT.
QString TableFacts::optionsText(const DialectOptions &options) const
{
    QString shown;
    const auto *include = optionOf<QStringList>(options, u"postgresql_include"_s);
    if (include && !include->isEmpty())
        shown += u" INCLUDE "_s + listed(*include);
    const auto *nulls = optionOf<bool>(options, u"postgresql_nulls_not_distinct"_s);
    if (nulls && *nulls)
        shown += u" NULLS NOT DISTINCT"_s;
    return shown;
}

QString TableFacts::indexElement(const ExprPtr &element, const Index &index) const
{
    if (!element)
        return {};
    if (element->kind == Expr::Kind::Unary && element->flag && element->args.size() == 1) {
        const ExprPtr &operand = element->args[0];
        const bool isDescending =
            operand && operand->kind == Expr::Kind::Unary && operand->text == u"DESC";
        const bool isUsual = element->text == u"ASC"
                             || element->text == (isDescending ? u"NULLS FIRST" : u"NULLS LAST");
        return indexElement(operand, index) + (isUsual ? QString() : u' ' + element->text);
    }
    const bool isColumn = element->kind == Expr::Kind::Column && !element->flag;
    QString shown = isColumn ? m_dialect.ident(element->text) : text(element);
    const QString prefix = backendName(m_backend);
    const auto *classes = optionOf<OptionMap>(index.options, prefix + u"_ops"_s);
    const auto opclass = classes ? classes->value(element->text) : std::nullopt;
    if (opclass && !isUsualOperatorClass(*opclass))
        shown += u' ' + *opclass;
    const auto *lengths = optionOf<OptionMap>(index.options, prefix + u"_length"_s);
    if (const auto length = lengths && isColumn ? lengths->value(element->text) : std::nullopt)
        shown += u'(' + *length + u')';
    if (const auto *length = optionOf<qint64>(index.options, prefix + u"_length"_s))
        shown += u'(' + QString::number(*length) + u')';
    return shown;
}

/// MySQL makes an index for each foreign key that none begins with; it is called like the key or its first column.
bool TableFacts::isForeignKeyIndex(const Index &index) const
{
    return std::ranges::any_of(m_table.constraints, [&](const Constraint &constraint) {
        const auto *key = std::get_if<ForeignKey>(&constraint);
        if (!key || key->columns.size() != index.elements.size())
            return false;
        const bool isSame = std::ranges::equal(
            key->columns, index.elements, [this](const QString &column, const ExprPtr &element) {
                return element && element->kind == Expr::Kind::Column
                       && folded(element->text) == folded(column);
            });
        return isSame
               && (key->name.text == index.name.text
                   || index.name.text.startsWith(key->columns.constFirst()));
    });
}

/// The method where it is not the usual one: "USING gin", "FULLTEXT".
QString TableFacts::indexMethod(const Index &index) const
{
    const QString prefix = backendName(m_backend);
    QString shown;
    if (const auto *kind = optionOf<QString>(index.options, prefix + u"_prefix"_s))
        shown += kind->toUpper() + u' ';
    const auto *method = optionOf<QString>(index.options, prefix + u"_using"_s);
    if (method && method->toLower() != u"btree")
        shown += u"USING "_s + method->toLower() + u' ';
    return shown;
}

void TableFacts::addIndex(TableFact &fact, const Index &index) const
{
    if (m_rules.indexesForeignKeys && isForeignKeyIndex(index))
        return;
    QStringList elements;
    QStringList columns;
    for (const ExprPtr &element : index.elements) {
        elements.append(indexElement(element, index));
        if (element && element->kind == Expr::Kind::Column)
            columns.append(element->text);
    }
    const bool isWhole = columns.size() == elements.size() && elements == identifiers(columns)
                         && indexMethod(index).isEmpty();
    if (m_rules.uniqueIndexIsKey && index.unique && isWhole) {
        addUnique(fact, {.name = index.name, .columns = columns});
        return;
    }
    QStringList normal;
    for (const QString &element : std::as_const(elements))
        normal.append(normalExpression(element, m_backend));
    ObjectFact object{.kind = Difference::Kind::Index, .name = index.name.text};
    const QString extra = m_backend == Backend::Sqlite ? QString() : optionsText(index.options);
    const QString start = (index.unique ? u"UNIQUE "_s : QString()) + indexMethod(index);
    object.shown = start + u'(' + elements.join(u", "_s) + u')' + extra;
    object.value = start.toLower() + normal.join(u',') + extra;
    const DialectOption where = index.options.value(backendName(m_backend) + u"_where"_s);
    const auto *expression = std::get_if<ExprPtr>(&where);
    const auto *plain = std::get_if<QString>(&where);
    const QString condition = expression ? text(*expression) : plain ? *plain : QString();
    if (!condition.isEmpty()) {
        object.shown += u" WHERE "_s + condition;
        object.value += u" where "_s + normalExpression(condition, m_backend);
    }
    object.isValueKnown = !isRewritten(condition + elements.join(u' '), m_backend);
    add(fact, folded(index.name.text), object);
}

} // namespace tribikos
