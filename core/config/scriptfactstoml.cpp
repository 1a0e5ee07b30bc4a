#include "core/config/scriptfactstoml.h"

#include "core/base/backend.h"

#include <QRegularExpression>
#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace tribikos {

namespace {

/// "a.b", "a.b()", "a.b('x', k=1).c", "a.b['x']": what a script can ask for. The rest is the evaluator's business.
bool isGivenName(const QString &name)
{
    static const QRegularExpression pattern(
        uR"(^[^\W\d]\w*(\.[^\W\d]\w*)+((\([^()]*\)|\[[^\[\]]*\])(\.[^\W\d]\w*)*)*$)"_s,
        QRegularExpression::UseUnicodePropertiesOption);
    return pattern.match(name).hasMatch();
}

/// Modules that Tribikos is itself: a value there would only hide what it does.
bool isOfOurOwn(const QString &name)
{
    return name.startsWith(u"sqlalchemy.") || name.startsWith(u"alembic.");
}

QString pythonText(const QString &text)
{
    QString quoted = u"\""_s;
    for (const QChar c : text) {
        if (c == u'"' || c == u'\\')
            quoted += u'\\';
        if (c.unicode() < 0x20)
            quoted += u"\\x%1"_s.arg(int(c.unicode()), 2, 16, QChar(u'0'));
        else
            quoted += c;
    }
    return quoted + u'"';
}

/// The Python expression for \a value; nullopt: TOML can't say it (`where` is what can't).
std::optional<QString> pythonValue(const TomlValue &value, TomlValue *where)
{
    switch (value.kind) {
    case TomlValue::Kind::Text: return pythonText(value.text);
    case TomlValue::Kind::Integer: return QString::number(value.integer);
    case TomlValue::Kind::Boolean: return value.boolean ? u"True"_s : u"False"_s;
    case TomlValue::Kind::Real:
        if (std::isfinite(value.real))
            return QString::number(value.real, 'g', 17)
                   + (value.real == std::floor(value.real) && std::abs(value.real) < 1e15
                          ? u".0"_s
                          : QString());
        break;
    case TomlValue::Kind::List:
    case TomlValue::Kind::Table: {
        const bool isList = value.kind == TomlValue::Kind::List;
        if (!isList && value.entries.size() == 1 && value.entries.first().first == u"python"
            && value.entries.first().second.kind == TomlValue::Kind::Text)
            return u"("_s + value.entries.first().second.text + u")"_s;
        QStringList parts;
        for (const TomlValue &item : value.items) {
            const auto part = pythonValue(item, where);
            if (!part)
                return std::nullopt;
            parts.append(*part);
        }
        for (const auto &[key, item] : value.entries) {
            const auto part = pythonValue(item, where);
            if (!part)
                return std::nullopt;
            parts.append(pythonText(key) + u": "_s + *part);
        }
        return (isList ? u"["_s : u"{"_s) + parts.join(u", "_s) + (isList ? u"]"_s : u"}"_s);
    }
    default: break;
    }
    *where = value;
    return std::nullopt;
}

std::optional<FactProblem> takeValue(const QString &prefix, const QString &name,
                                     const TomlValue &value, ScriptFacts *facts)
{
    if (!isGivenName(name))
        return FactProblem{value,
                           u"'%1' is no name that a script can ask for: write \"package.NAME\", "
                           "\"package.function()\", \"package.function('argument')\" or "
                           "\"package.table['key']\"."_s.arg(name)};
    if (isOfOurOwn(name))
        return FactProblem{
            value,
            u"'%1' can't be given: Tribikos has SQLAlchemy and Alembic of its own."_s.arg(name)};
    TomlValue where;
    const auto text = pythonValue(value, &where);
    if (!text)
        return FactProblem{
            where,
            u"the value of '%1' can't be said in TOML: write it as Python says it, { python = "
            "\"…\" }."_s.arg(name)};
    facts->values.insert(prefix + name, *text);
    return std::nullopt;
}

} // namespace

std::optional<FactProblem> takeGivenValues(const TomlValue &table, ScriptFacts *facts)
{
    for (const auto &[name, value] : table.entries) {
        const bool isDialect = value.kind == TomlValue::Kind::Table && backendFromName(name);
        if (!isDialect) {
            if (const auto problem = takeValue({}, name, value, facts))
                return problem;
            continue;
        }
        for (const auto &[own, inner] : value.entries) // [values.postgresql]
            if (const auto problem = takeValue(name + u':', own, inner, facts))
                return problem;
    }
    return std::nullopt;
}

std::optional<FactProblem>
takeVariables(const TomlValue &table, ScriptFacts *facts,
              const std::function<std::optional<QString>(const TomlValue &)> &expanded)
{
    for (const auto &[name, value] : table.entries) {
        if (value.kind != TomlValue::Kind::Text)
            return FactProblem{
                value, u"the environment variable '%1' takes a text in quotes."_s.arg(name)};
        const std::optional<QString> text = expanded(value);
        if (!text)
            return FactProblem{value, u"the environment variable '%1' needs one that neither the environment nor .env "
                                      "has (%2); set it there."_s.arg(name, value.text)};
        facts->variables.insert(name, *text);
    }
    return std::nullopt;
}

namespace {

/// "SELECT …" = [[1, "a"], …] or [{ id = 1 }, …]; a table is that of one revision.
std::optional<FactProblem> takeAnswers(const QString &revision, const TomlValue &table,
                                       ScriptFacts *facts)
{
    for (const auto &[sql, rows] : table.entries) {
        if (rows.kind == TomlValue::Kind::Table && revision.isEmpty()) {
            if (const auto problem = takeAnswers(sql, rows, facts))
                return problem;
            continue;
        }
        const bool hasRows =
            rows.kind == TomlValue::Kind::List
            && std::ranges::all_of(rows.items, [](const TomlValue &row) {
                   return row.kind == TomlValue::Kind::List || row.kind == TomlValue::Kind::Table;
               });
        TomlValue where;
        const auto text = hasRows ? pythonValue(rows, &where) : std::nullopt;
        if (!text)
            return FactProblem{
                rows,
                u"the answer to '%1' takes a list of rows, each a list of values or a table of "
                "columns: [[1, \"a\"]] or [{ id = 1 }]."_s.arg(sql)};
        facts->answers.insert(revision + u'\n' + answerKey(sql), *text);
    }
    if (table.kind != TomlValue::Kind::Table)
        return FactProblem{table, u"'answers' is a section: write [offline.answers]."_s};
    return std::nullopt;
}

} // namespace

std::optional<FactProblem> takeOfflineFacts(const TomlValue &table, ScriptFacts *facts)
{
    for (const auto &[key, value] : table.entries) {
        if (key == u"empty_tables") {
            const auto names = value.texts();
            if (!names)
                return FactProblem{
                    value,
                    u"'empty_tables' takes a list of tables' names; \"*\" is all of them."_s};
            facts->emptyTables = *names;
        } else if (key == u"default_schema") {
            if (value.kind != TomlValue::Kind::Text || value.text.isEmpty())
                return FactProblem{value, u"'default_schema' takes a schema's name in quotes."_s};
            facts->defaultSchema = value.text;
        } else if (key == u"server_version") {
            const bool isTable = value.kind == TomlValue::Kind::Table;
            static const QRegularExpression version(uR"(^\d+(\.\d+)*$)"_s);
            for (const auto &[name, text] :
                 isTable ? value.entries : QList<QPair<QString, TomlValue>>{{QString(), value}}) {
                if (text.kind != TomlValue::Kind::Text || !version.match(text.text).hasMatch()
                    || (isTable && !backendFromName(name)))
                    return FactProblem{text, u"'server_version' takes a version such as "
                                             u"\"8.0.36\", or a table of such, one "
                                             "for each database: { mysql = \"8.0.36\" }."_s};
                facts->serverVersion.insert(isTable ? name + u':' : QString(), text.text);
            }
        } else if (key == u"answers") {
            if (const auto problem = takeAnswers({}, value, facts))
                return problem;
        } else {
            return FactProblem{
                value,
                u"[offline] has no key '%1': it takes empty_tables, answers, default_schema and "
                "server_version."_s.arg(key)};
        }
    }
    return std::nullopt;
}

} // namespace tribikos
