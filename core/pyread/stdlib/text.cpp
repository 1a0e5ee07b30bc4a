// string and textwrap.
#include "core/pyread/stdlib/library.h"

#include <QRegularExpression>

namespace tribikos::py::stdlib {

using namespace Qt::StringLiterals;

namespace {

using I = Interpreter;
using A = const CallArgs &;

Value dedent(I &i, A args)
{
    QStringList lines = textOf(i, Arguments(i, args, u"dedent"_s).required(u"text"_s)).split(u'\n');
    QString margin;
    bool first = true;
    for (QString &line : lines) {
        qsizetype blanks = 0;
        while (blanks < line.size() && (line[blanks] == u' ' || line[blanks] == u'\t'))
            ++blanks;
        if (blanks == line.size()) { // nothing but blanks: normalised away
            line.clear();
            continue;
        }
        const QString indent = line.left(blanks);
        if (first) {
            margin = indent;
            first = false;
            continue;
        }
        qsizetype common = 0;
        while (common < qMin(margin.size(), indent.size()) && margin[common] == indent[common])
            ++common;
        margin.truncate(common);
    }
    for (QString &line : lines) {
        if (!line.isEmpty())
            line.remove(0, margin.size());
    }
    return Value(lines.join(u'\n'));
}

Value indent(I &i, A args)
{
    Arguments a(i, args, u"indent"_s);
    const QString text = textOf(i, a.required(u"text"_s));
    const QString prefix = textOf(i, a.required(u"prefix"_s));
    const Value predicate = a.optional(u"predicate"_s);
    a.finish();
    QString result;
    for (const QString &line : text.split(u'\n')) {
        const bool wanted = predicate.isNone() ? !line.trimmed().isEmpty()
                                               : i.truth(i.call(predicate, {Value(line)}));
        result += (wanted ? prefix : QString()) + line + u'\n';
    }
    result.chop(1);
    return Value(i.checkedText(result));
}

constexpr Entry wrapTable[] = {{u"dedent", dedent}, {u"indent", indent}};

/// string.Template("… $name").substitute(name=…)
class Template : public Object
{
public:
    explicit Template(QString text) : m_text(std::move(text)) {}
    QString typeName() const override { return u"Template"_s; }
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override
    {
        if (name == u"template")
            return Value(m_text);
        if (name != u"substitute" && name != u"safe_substitute")
            return Object::getAttr(interpreter, name);
        return interpreter.function(name, [this, name](I &i, A args) {
            return substituted(i, args, name == u"substitute");
        });
    }

private:
    Value substituted(I &i, A args, bool strict)
    {
        static const QRegularExpression field(u"\\$(?:(\\$)|([A-Za-z_][A-Za-z0-9_]*)|\\{([A-Za-z_][A-Za-z0-9_]*)\\})"_s);
        const Value mapping = args.positional.empty() ? Value() : i.plain(args.positional.front());
        QString result;
        qsizetype from = 0;
        auto matches = field.globalMatch(m_text);
        while (matches.hasNext()) {
            const QRegularExpressionMatch match = matches.next();
            result += QStringView(m_text).mid(from, match.capturedStart() - from);
            from = match.capturedEnd();
            i.step();
            if (result.size() > i.limits().stringLength)
                break;
            const QString name = match.captured(2) + match.captured(3);
            const Value *value = args.keyword(name);
            if (!value && mapping.as<Dict>())
                value = mapping.as<Dict>()->find(name);
            if (!match.captured(1).isEmpty())
                result += u'$';
            else if (value)
                result += i.str(*value);
            else if (strict)
                i.raise(u"KeyError"_s, reprText(name));
            else
                result += match.captured();
        }
        return Value(i.checkedText(result + m_text.mid(from)));
    }

    QString m_text;
};

std::optional<Value> stringName(I &i, const QString &name)
{
    const QString lower = u"abcdefghijklmnopqrstuvwxyz"_s;
    const QString digits = u"0123456789"_s;
    const QString punctuation = u"!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"_s;
    const QHash<QString, QString> constants{
        {u"ascii_lowercase"_s, lower},
        {u"ascii_uppercase"_s, lower.toUpper()},
        {u"ascii_letters"_s, lower + lower.toUpper()},
        {u"digits"_s, digits},
        {u"hexdigits"_s, digits + u"abcdefABCDEF"_s},
        {u"octdigits"_s, digits.left(8)},
        {u"punctuation"_s, punctuation},
        {u"whitespace"_s, u" \t\n\r\v\f"_s},
        {u"printable"_s, digits + lower + lower.toUpper() + punctuation + u" \t\n\r\v\f"_s}};
    if (constants.contains(name))
        return Value(constants.value(name));
    if (name == u"Template") {
        return i.function(name, [](I &in, A args) -> Value {
            return in.make<Template>(textOf(in, Arguments(in, args, u"Template"_s).required(u"template"_s)));
        });
    }
    return std::nullopt;
}

} // namespace

Module *textwrapModule(Interpreter &interpreter)
{
    return makeModule(interpreter, u"textwrap"_s, wrapTable);
}

Module *stringModule(Interpreter &interpreter)
{
    return interpreter.make<Module>(u"string"_s, stringName);
}

} // namespace tribikos::py::stdlib
