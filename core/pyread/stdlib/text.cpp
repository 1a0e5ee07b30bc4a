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

/// What textwrap.wrap() and its like are told.
struct Wrapping
{
    qint64 width = 70;
    QString initialIndent{};
    QString laterIndent{};
    QString placeholder = u" [...]"_s;
    bool breaksWords = true;
    bool breaksHyphens = true;
};

Wrapping wrapping(I &i, Arguments &a)
{
    Wrapping made;
    made.width = numberOf(i, a.optional(u"width"_s, Value(70)));
    made.initialIndent = textOf(i, a.keywordOnly(u"initial_indent"_s, Value(QString())));
    made.laterIndent = textOf(i, a.keywordOnly(u"subsequent_indent"_s, Value(QString())));
    made.placeholder = textOf(i, a.keywordOnly(u"placeholder"_s, Value(made.placeholder)));
    made.breaksWords = i.truth(a.keywordOnly(u"break_long_words"_s, Value(true)));
    made.breaksHyphens = i.truth(a.keywordOnly(u"break_on_hyphens"_s, Value(true)));
    a.finish(); // the other options are refused by name
    if (made.width <= 0)
        i.raise(u"ValueError"_s, u"invalid width %1 (must be > 0)"_s.arg(made.width));
    return made;
}

/// Words and the blanks between them; a hyphen inside a word ends a part of it.
QStringList chunksOf(const QString &text, bool breaksHyphens)
{
    static const QRegularExpression split(u"(\\s+)"_s);
    static const QRegularExpression hyphen(u"(?<=[A-Za-z]{2})-(?=[A-Za-z]{2})"_s);
    QStringList chunks;
    qsizetype from = 0;
    const auto add = [&](const QString &word) {
        qsizetype at = 0;
        for (auto j = hyphen.globalMatch(word); breaksHyphens && j.hasNext();) {
            const auto match = j.next();
            chunks += word.mid(at, match.capturedEnd() - at);
            at = match.capturedEnd();
        }
        if (at < word.size())
            chunks += word.mid(at);
    };
    for (auto j = split.globalMatch(text); j.hasNext();) {
        const auto match = j.next();
        add(text.mid(from, match.capturedStart() - from));
        chunks += match.captured();
        from = match.capturedEnd();
    }
    add(text.mid(from));
    return chunks;
}

QStringList wrapped(I &i, const QString &given, const Wrapping &how)
{
    QString text = given;
    text.replace(u'\t', u"        "_s);
    for (QChar &c : text)
        if (c == u'\n' || c == u'\r' || c == u'\v' || c == u'\f')
            c = u' ';
    QStringList chunks = chunksOf(text, how.breaksHyphens);
    QStringList lines;
    while (!chunks.isEmpty()) {
        i.step();
        const QString start = lines.isEmpty() ? how.initialIndent : how.laterIndent;
        const qsizetype room = qMax<qsizetype>(how.width - start.size(), 1);
        if (!lines.isEmpty() && chunks.first().trimmed().isEmpty())
            chunks.removeFirst();
        QString line;
        while (!chunks.isEmpty() && line.size() + chunks.first().size() <= room)
            line += chunks.takeFirst();
        if (!chunks.isEmpty() && chunks.first().size() > room) {
            const qsizetype left = room - line.size();
            if (how.breaksWords && left > 0) {
                line += chunks.first().left(left);
                chunks.first().remove(0, left);
            } else if (line.isEmpty()) {
                line = chunks.takeFirst();
            }
        }
        while (!line.isEmpty() && line.back().isSpace())
            line.chop(1);
        if (!line.isEmpty())
            lines += start + line;
    }
    return lines;
}

Value wrap(I &i, A args)
{
    Arguments a(i, args, u"wrap"_s);
    const QString text = textOf(i, a.required(u"text"_s));
    std::vector<Value> lines;
    for (const QString &line : wrapped(i, text, wrapping(i, a)))
        lines.push_back(Value(line));
    return i.list(std::move(lines));
}

Value fill(I &i, A args)
{
    Arguments a(i, args, u"fill"_s);
    const QString text = textOf(i, a.required(u"text"_s));
    return Value(wrapped(i, text, wrapping(i, a)).join(u'\n'));
}

Value shorten(I &i, A args)
{
    Arguments a(i, args, u"shorten"_s);
    const QStringList words = textOf(i, a.required(u"text"_s)).simplified().split(u' ');
    const Wrapping how = wrapping(i, a);
    QString whole = words.join(u' ');
    if (whole.size() <= how.width)
        return Value(whole);
    if (how.placeholder.trimmed().size() > how.width)
        i.raise(u"ValueError"_s, u"placeholder too large for max width"_s);
    QString line;
    for (const QString &word : words) {
        const QString longer = line.isEmpty() ? word : line + u' ' + word;
        if (longer.size() + how.placeholder.size() > how.width)
            break;
        line = longer;
    }
    return Value(line.isEmpty() ? how.placeholder.trimmed() : line + how.placeholder);
}

constexpr Entry wrapTable[] = {
    {u"dedent", dedent}, {u"indent", indent}, {u"wrap", wrap}, {u"fill", fill}, {u"shorten", shorten}};

/// string.capwords("a b")
Value capWords(I &i, A args)
{
    Arguments a(i, args, u"capwords"_s);
    const QString text = textOf(i, a.required(u"s"_s));
    const Value given = a.optional(u"sep"_s);
    a.finish();
    const QString separator = given.isNone() ? u" "_s : textOf(i, given);
    if (separator.isEmpty())
        i.raise(u"ValueError"_s, u"empty separator"_s);
    QStringList words = given.isNone() ? text.simplified().split(u' ') : text.split(separator);
    for (QString &word : words)
        word = i.str(i.callMethod(Value(word), u"capitalize"_s));
    return Value(words.join(separator));
}

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
    if (name == u"capwords")
        return i.function(name, capWords);
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
