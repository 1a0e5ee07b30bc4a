#include "core/autogenerate/pythonwriter.h"

#include "core/autogenerate/pythontext.h"
#include "core/autogenerate/sqlalchemyview.h"

#include <QRegularExpression>
#include <algorithm>

/// Tables, columns and constraints in SQLAlchemy's words.
namespace tribikos {

using namespace Qt::StringLiterals;

namespace {

QString joined(QStringList first, const QStringList &rest)
{
    first += rest;
    return first.join(u", "_s);
}

/// \a text without one quote at either end.
QString unquoted(QString text)
{
    static const QRegularExpression quotes(u"^'|'$"_s);
    return text.remove(quotes);
}

} // namespace

QString PythonWriter::sqlText(const ExprPtr &expression, bool isDefault)
{
    const RenderContext context{.offline = false};
    if (!expression)
        return {};
    const Result<QString> text = m_dialect.expression(expression, context);
    if (!text) {
        m_names.remarks.append(text.error().message);
        return expression->text;
    }
    const bool needsParentheses =
        isDefault && m_style.backend == Backend::Sqlite && isUnparenthesizedSqlite(*text);
    return needsParentheses ? u'(' + *text + u')' : *text;
}

QString PythonWriter::defaultOf(const ExprPtr &expression)
{
    if (expression->kind == Expr::Kind::Value && expression->value.kind == Literal::Kind::String
        && !expression->type)
        return pythonText(unquoted(expression->value.text));
    return sa(u"text(%1)"_s.arg(pythonText(sqlText(expression, true))));
}

QString PythonWriter::computed(const Computed &computed)
{
    const QString kept =
        computed.persisted ? u"persisted="_s + pythonBool(*computed.persisted) : QString();
    return sa(u"Computed(%1, %2)"_s.arg(pythonText(sqlText(computed.expression)), kept));
}

QString PythonWriter::identityOptions(const Identity &identity)
{
    QStringList shown{u"always="_s + pythonBool(identity.always)};
    if (identity.onNull)
        shown.append(u"on_null=True"_s);
    const auto number = [&shown](const QString &name, const std::optional<qint64> &value) {
        if (value)
            shown.append(name + u'=' + QString::number(*value));
    };
    number(u"start"_s, identity.start);
    number(u"increment"_s, identity.increment);
    number(u"minvalue"_s, identity.minValue);
    number(u"maxvalue"_s, identity.maxValue);
    if (identity.noMinValue)
        shown.append(u"nominvalue=True"_s);
    if (identity.noMaxValue)
        shown.append(u"nomaxvalue=True"_s);
    if (identity.cycle)
        shown.append(u"cycle="_s + pythonBool(*identity.cycle));
    number(u"cache"_s, identity.cache);
    return shown.join(u", "_s);
}

QString PythonWriter::identity(const Identity &identity) const
{
    return sa(u"Identity(%1)"_s.arg(identityOptions(identity)));
}

QString PythonWriter::serverDefault(const DefaultChange &change)
{
    if (change.identity)
        return identity(*change.identity);
    if (change.computed)
        return computed(*change.computed);
    return change.expression ? defaultOf(change.expression) : u"None"_s;
}

QString PythonWriter::column(const Column &column)
{
    QStringList named;
    QString positional;
    if (column.computed)
        positional = computed(*column.computed) + u", "_s;
    else if (column.identity)
        positional = identity(*column.identity) + u", "_s;
    else if (column.serverDefault)
        named.append(u"server_default="_s + defaultOf(column.serverDefault));
    else if (column.serverDefaultOpaque)
        named.append(u"server_default="_s + sa(u"FetchedValue()"_s));
    if (column.autoincrement == AutoIncrement::IgnoreForeignKey)
        named.append(u"autoincrement=ignore_fk"_s);
    else if (column.autoincrement != AutoIncrement::Auto)
        named.append(u"autoincrement="_s + pythonBool(column.autoincrement == AutoIncrement::Yes));
    named.append(u"nullable="_s + pythonBool(column.isNullable()));
    if (column.hasComment && !column.comment.isEmpty())
        named.append(u"comment="_s + pythonText(column.comment));
    return sa(u"Column(%1, %2, %3%4)"_s.arg(
        pythonText(column.name), pythonType(column.type, m_names), positional,
        joined(named, options(column.options, column.options.keys()))));
}

QString PythonWriter::option(const QString &name, const DialectOption &value)
{
    static const QRegularExpression number(u"^-?\\d+$"_s);
    if (const auto *flag = std::get_if<bool>(&value))
        return pythonBool(*flag);
    if (const auto *count = std::get_if<qint64>(&value))
        return QString::number(*count);
    if (const auto *text = std::get_if<QString>(&value))
        return pythonText(*text);
    if (const auto *list = std::get_if<QStringList>(&value))
        return pythonList(*list);
    if (const auto *map = std::get_if<OptionMap>(&value)) {
        QStringList entries; // lengths are numbers; a catalogue's storage options are texts
        const bool hasTexts =
            name == u"postgresql_ops" || (name == u"postgresql_with" && m_isReflected);
        for (const auto &[key, entry] : map->entries)
            entries.append(
                pythonText(key) + u": "_s
                + (hasTexts || !number.match(entry).hasMatch() ? pythonText(entry) : entry));
        return u'{' + entries.join(u", "_s) + u'}';
    }
    const auto *expression = std::get_if<ExprPtr>(&value);
    return sa(u"text(%1)"_s.arg(pythonText(sqlText(expression ? *expression : nullptr))));
}

QStringList PythonWriter::options(const DialectOptions &given, const QStringList &order)
{
    QStringList names = order;
    for (auto each = given.cbegin(); each != given.cend(); ++each)
        if (!names.contains(each.key()))
            names.append(each.key());
    QStringList shown;
    for (const QString &name : std::as_const(names))
        if (const auto found = given.constFind(name); found != given.cend())
            shown.append(QString(name).replace(u' ', u'_') + u'=' + option(name, *found));
    return shown;
}

QString PythonWriter::foreignKeyConstraint(const ForeignKey &key)
{
    QStringList targets;
    for (const QString &column : key.targetColumns)
        targets.append(key.target.text() + u'.' + column);
    QStringList named;
    const auto say = [&named](const QString &name, const QString &value) {
        if (!value.isEmpty())
            named.append(name + u'=' + pythonText(value));
    };
    if (!key.name.isEmpty())
        named.append(u"name="_s + genName(key.name));
    say(u"onupdate"_s, key.onUpdate);
    say(u"ondelete"_s, key.onDelete);
    say(u"initially"_s, key.initially);
    if (key.deferrable.value_or(false))
        named.append(u"deferrable=True"_s);
    if (key.useAlter)
        named.append(u"use_alter=True"_s);
    say(u"match"_s, key.match);
    return sa(u"ForeignKeyConstraint(%1, %2, %3)"_s.arg(pythonList(key.columns),
                                                        pythonList(targets), named.join(u", "_s)));
}

QString PythonWriter::excludeConstraint(const ExcludeConstraint &exclude, QStringList named)
{
    m_names.imports.insert(u"from sqlalchemy.dialects import postgresql"_s);
    QStringList shown;
    for (const auto &[element, op] : exclude.elements) {
        const bool isColumn = element->kind == Expr::Kind::Column;
        const QString text = isColumn ? sa(u"column(%1)"_s.arg(pythonText(element->text)))
                                      : sa(u"text(%1)"_s.arg(pythonText(sqlText(element))));
        shown.append(u"(%1, %2)"_s.arg(text, pythonText(op)));
    }
    if (exclude.where)
        shown.append(u"where="_s + sa(u"text(%1)"_s.arg(pythonText(sqlText(exclude.where)))));
    QStringList own;
    if (exclude.deferrable.value_or(false))
        own.append(u"deferrable='True'"_s);
    if (!exclude.initially.isEmpty())
        own.append(u"initially="_s + pythonText(exclude.initially));
    own.append(u"using="_s + pythonText(exclude.method.isEmpty() ? u"gist"_s : exclude.method));
    return (shown + own + named).join(u", "_s);
}

/// Inside create_table(); "" for what isn't said there.
QString PythonWriter::constraint(const Constraint &constraint)
{
    const auto named = [this](const Name &name) {
        return name.isEmpty() ? QStringList() : QStringList(u"name="_s + genName(name));
    };
    const auto quoted = [](const QStringList &names) {
        QStringList shown;
        for (const QString &name : names)
            shown.append(pythonText(name));
        return shown;
    };
    if (const auto *key = std::get_if<PrimaryKey>(&constraint))
        return key->columns.isEmpty() ? QString()
                                      : sa(u"PrimaryKeyConstraint(%1)"_s.arg(
                                          joined(quoted(key->columns), named(key->name))));
    if (const auto *unique = std::get_if<UniqueConstraint>(&constraint)) {
        QStringList shown = quoted(unique->columns);
        if (unique->deferrable.value_or(false))
            shown.append(u"deferrable=True"_s);
        if (!unique->initially.isEmpty())
            shown.append(u"initially="_s + pythonText(unique->initially));
        shown += named(unique->name) + options(unique->options, {});
        return sa(u"UniqueConstraint(%1)"_s.arg(shown.join(u", "_s)));
    }
    if (const auto *key = std::get_if<ForeignKey>(&constraint))
        return foreignKeyConstraint(*key);
    if (const auto *check = std::get_if<CheckConstraint>(&constraint))
        return check->isTypeBound
                   ? QString()
                   : sa(u"CheckConstraint(%1)"_s.arg(
                       joined({pythonText(sqlText(check->condition))}, named(check->name))));
    const auto &exclude = std::get<ExcludeConstraint>(constraint);
    return u"postgresql.ExcludeConstraint(%1)"_s.arg(
        excludeConstraint(exclude, named(exclude.name)));
}

} // namespace tribikos
