#include "core/pyread/sa/names.h"

#include <QRegularExpression>

namespace tribikos::py::sa {

using namespace Qt::StringLiterals;

bool isText(const Value &value)
{
    return value.isStr() || value.as<MarkedString>();
}

namespace {

/// Whether quoted_name() asks for nothing that the name's own spelling wouldn't.
bool hasUsualQuotes(const NameArg &name)
{
    static const QRegularExpression plain(u"^[a-z_][a-z0-9_$]*$"_s);
    return !name.quoted || (*name.quoted && !plain.match(name.text).hasMatch());
}

} // namespace

QString textOf(Interpreter &interpreter, const Value &value, const QString &what)
{
    if (value.isStr())
        return value.str();
    if (const auto *marked = value.as<MarkedString>()) {
        if (!hasUsualQuotes(marked->name))
            interpreter.unsupported(
                u"quotes the name %1 against the rule with quoted_name()"_s.arg(marked->name.text));
        return marked->name.text;
    }
    if (const auto *unknown = value.as<Unknown>())
        unknown->refuse(interpreter);
    if (const Value inside = interpreter.plain(value); inside.isStr()) // class Names(str, Enum)
        return inside.str();
    interpreter.raise(u"TypeError"_s,
                      u"%1 must be a string, not %2"_s.arg(what, interpreter.typeName(value)));
}

QString textOrEmpty(Interpreter &interpreter, const Value &value, const QString &what)
{
    return value.isNone() ? QString() : textOf(interpreter, value, what);
}

NameArg nameFrom(Interpreter &interpreter, const Value &value, const QString &what)
{
    if (value.isNone())
        return {};
    if (const auto *marked = value.as<MarkedString>())
        return marked->name;
    return {.text = textOf(interpreter, value, what), .isGiven = true};
}

QStringList textList(Interpreter &interpreter, const Value &value, const QString &what)
{
    QStringList result;
    if (value.isNone())
        return result;
    if (isText(value))
        return {textOf(interpreter, value, what)};
    for (const Value &item : interpreter.items(value))
        result.append(textOf(interpreter, item, what));
    return result;
}

std::optional<bool> optionalBool(Interpreter &interpreter, const Value &value)
{
    if (value.isNone())
        return std::nullopt;
    return interpreter.truth(value);
}

std::optional<qint64> optionalInt(Interpreter &interpreter, const Value &value, const QString &what)
{
    if (value.isNone())
        return std::nullopt;
    if (const auto *unknown = value.as<Unknown>())
        unknown->refuse(interpreter);
    if (!value.isIntegral())
        interpreter.raise(u"TypeError"_s, u"%1 must be a whole number, not %2"_s.arg(
                                              what, interpreter.typeName(value)));
    return value.toInt();
}

Value makeConv(Interpreter &interpreter, const CallArgs &args)
{
    Arguments a(interpreter, args, u"f"_s);
    const Value name = a.required(u"name"_s);
    a.finish();
    if (name.isNone())
        return name;
    return interpreter.make<MarkedString>(
        classOf(interpreter, u"conv"_s),
        NameArg{.text = textOf(interpreter, name, u"name"_s), .isGiven = true, .isFinal = true});
}

Convention defaultConvention()
{
    return {{u"ix"_s, u"ix_%(column_0_label)s"_s}};
}

namespace {

QString columnLabel(const TableName &table, const QString &column)
{
    QString schema = table.schema;
    schema.replace(u'.', u'_');
    return (schema.isEmpty() ? QString() : schema + u'_') + table.name + u'_' + column;
}

/// column_0_name, column_0N_name, column_0_N_label, referred_column_0_name …
std::optional<QString> columnToken(const NamedThing &thing, const QString &token)
{
    static const QRegularExpression form(uR"(^(referred_)?column_(\d+)(_?N)?_(name|key|label)$)"_s);
    const auto match = form.match(token);
    if (!match.hasMatch())
        return std::nullopt;
    const bool isReferred = !match.captured(1).isEmpty();
    const QStringList &columns = isReferred ? thing.referredColumns : thing.columns;
    const TableName &table = isReferred ? thing.referred : thing.table;
    const int first = match.captured(2).toInt();
    const QString many = match.captured(3);
    QStringList parts;
    for (qsizetype i = first; i < columns.size() && (i == first || !many.isEmpty()); ++i)
        parts.append(match.captured(4) == u"label" ? columnLabel(table, columns.at(i))
                                                   : columns.at(i));
    return parts.join(many == u"_N" ? u"_"_s : QString());
}

QString expand(Interpreter &interpreter, const QString &text, const NameArg &given,
               const NamedThing &thing)
{
    static const QRegularExpression token(uR"(%\((\w+)\)s|%%)"_s);
    QString result;
    qsizetype from = 0;
    for (auto it = token.globalMatch(text); it.hasNext();) {
        const auto match = it.next();
        result += QStringView(text).mid(from, match.capturedStart() - from);
        from = match.capturedEnd();
        const QString name = match.captured(1);
        if (name.isEmpty()) {
            result += u'%';
        } else if (name == u"table_name") {
            result += thing.table.name;
        } else if (name == u"referred_table_name") {
            result += thing.referred.name;
        } else if (name == u"constraint_name") {
            if (!given.isGiven)
                interpreter.raise(classOf(interpreter, u"exc.InvalidRequestError"_s),
                                  u"Naming convention including %(constraint_name)s token requires "
                                  u"that constraint "
                                  "is explicitly named."_s);
            result += given.text;
        } else if (const auto column = columnToken(thing, name)) {
            result += *column;
        } else {
            interpreter.unsupported(
                u"needs the naming convention's token %(%1)s, whose function can't be evaluated: "
                "name the constraint in the script"_s.arg(name));
        }
    }
    return result + text.mid(from);
}

} // namespace

Name resolveName(Interpreter &interpreter, const Convention &convention, const NameArg &given,
                 const NamedThing &thing)
{
    const QString text = convention.value(thing.kind);
    const bool wantsName = text.contains(u"%(constraint_name)s"_s);
    if (given.isFinal || text.isEmpty() || (given.isGiven && !wantsName))
        return {.text = given.text, .isGenerated = given.isFinal, .quoted = given.quoted};
    return {.text = expand(interpreter, text, given, thing),
            .isGenerated = true,
            .quoted = given.quoted};
}

} // namespace tribikos::py::sa
