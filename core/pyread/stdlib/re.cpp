// re through QRegularExpression (PCRE), whose syntax covers what scripts use of Python's.
#include "core/pyread/stdlib/library.h"

#include <QRegularExpression>

namespace tribikos::py::stdlib {

using namespace Qt::StringLiterals;

namespace {

using I = Interpreter;
using A = const CallArgs &;

constexpr int ignoreCase = 2;
constexpr int multiLine = 8;
constexpr int dotAll = 16;
constexpr int verbose = 64;

QRegularExpression compiled(I &i, const QString &pattern, qint64 flags)
{
    if (pattern.size() > 10'000)
        i.unsupported(u"uses a regular expression of more than 10 000 characters"_s);
    QString translated = pattern;
    translated.replace(u"\\Z"_s, u"\\z"_s); // Python's \Z is the very end
    QRegularExpression::PatternOptions options = QRegularExpression::UseUnicodePropertiesOption;
    options.setFlag(QRegularExpression::CaseInsensitiveOption, flags & ignoreCase);
    options.setFlag(QRegularExpression::MultilineOption, flags & multiLine);
    options.setFlag(QRegularExpression::DotMatchesEverythingOption, flags & dotAll);
    options.setFlag(QRegularExpression::ExtendedPatternSyntaxOption, flags & verbose);
    // PCRE counts its backtracking for us: a hostile pattern fails instead of hanging
    const QRegularExpression expression(u"(*LIMIT_MATCH=200000)"_s + translated, options);
    if (!expression.isValid()) {
        i.unsupported(u"uses the regular expression %1, which Tribikos can't read: %2"_s.arg(
            reprText(pattern.left(60)), expression.errorString()));
    }
    return expression;
}

class Match : public Object
{
public:
    explicit Match(QRegularExpressionMatch match) : m_match(std::move(match)) {}
    QString typeName() const override { return u"Match"_s; }
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override
    {
        static const QStringList known{u"group"_s, u"groups"_s, u"groupdict"_s, u"start"_s,
                                       u"end"_s, u"span"_s};
        if (!known.contains(name))
            return Object::getAttr(interpreter, name);
        return interpreter.function(name, [this, name](I &i, A args) { return method(i, name, args); });
    }
    Value getItem(Interpreter &interpreter, const Value &key) override { return group(interpreter, key); }

private:
    int index(I &i, const Value &key)
    {
        int at = key.isIntegral() ? int(key.toInt()) : -1;
        if (key.isStr())
            at = int(m_match.regularExpression().namedCaptureGroups().indexOf(key.str()));
        if (at < 0 || at > m_match.regularExpression().captureCount())
            i.raise(u"IndexError"_s, u"no such group"_s);
        return at;
    }
    Value group(I &i, const Value &key)
    {
        const int at = index(i, key);
        return m_match.hasCaptured(at) ? Value(m_match.captured(at)) : Value();
    }
    Value method(I &i, const QString &name, A args)
    {
        if (name == u"group") {
            if (args.positional.empty())
                return Value(m_match.captured());
            if (args.positional.size() == 1)
                return group(i, args.positional.front());
            std::vector<Value> several;
            for (const Value &key : args.positional)
                several.push_back(group(i, key));
            return i.tuple(std::move(several));
        }
        const Value key = args.positional.empty() ? Value(0) : args.positional.front();
        if (name == u"start")
            return Value(m_match.capturedStart(index(i, key)));
        if (name == u"end")
            return Value(m_match.capturedEnd(index(i, key)));
        if (name == u"span") {
            return i.tuple({Value(m_match.capturedStart(index(i, key))),
                            Value(m_match.capturedEnd(index(i, key)))});
        }
        const int count = m_match.regularExpression().captureCount();
        const Value *named = args.keyword(u"default"_s);
        const Value otherwise = named                      ? *named
                                : args.positional.empty() ? Value()
                                                          : args.positional.front();
        if (name == u"groups") {
            std::vector<Value> all;
            for (int at = 1; at <= count; ++at)
                all.push_back(m_match.hasCaptured(at) ? Value(m_match.captured(at)) : otherwise);
            return i.tuple(std::move(all));
        }
        auto *dict = i.make<Dict>();
        const QStringList names = m_match.regularExpression().namedCaptureGroups();
        for (qsizetype at = 1; at < names.size(); ++at) {
            if (!names[at].isEmpty())
                dict->insert(i, Value(names[at]),
                             m_match.hasCaptured(int(at)) ? group(i, Value(at)) : otherwise);
        }
        return dict;
    }

    QRegularExpressionMatch m_match;
};

QRegularExpressionMatch matched(I &i, const QRegularExpression &expression, const QString &text,
                                qsizetype from, QRegularExpression::MatchOptions options = {})
{
    i.step(1 + text.size() / 64);
    const QRegularExpressionMatch match =
        expression.match(text, from, QRegularExpression::NormalMatch, options);
    if (!match.isValid())
        i.unsupported(u"uses a regular expression that takes too long to match"_s);
    return match;
}

/// Every match from the left, without overlaps.
void eachMatch(I &i, const QRegularExpression &expression, const QString &text,
               const std::function<bool(const QRegularExpressionMatch &)> &visit)
{
    qsizetype from = 0;
    while (from <= text.size()) {
        const QRegularExpressionMatch match = matched(i, expression, text, from);
        if (!match.hasMatch() || !visit(match))
            return;
        from = match.capturedLength() > 0 ? match.capturedEnd() : match.capturedEnd() + 1;
    }
}

QString expanded(I &i, const QString &text, const QRegularExpressionMatch &match)
{
    QString result;
    for (qsizetype at = 0; at < text.size(); ++at) {
        if (text[at] != u'\\' || at + 1 >= text.size()) {
            result += text[at];
            continue;
        }
        const QChar next = text[++at];
        if (next.isDigit()) {
            qsizetype end = at;
            while (end < text.size() && end < at + 2 && text[end].isDigit())
                ++end;
            result += match.captured(text.mid(at, end - at).toInt());
            at = end - 1;
        } else if (next == u'g' && at + 1 < text.size() && text[at + 1] == u'<') {
            const qsizetype close = text.indexOf(u'>', at);
            if (close < 0)
                i.raise(u"ValueError"_s, u"missing >, unterminated name"_s);
            const QString name = text.mid(at + 2, close - at - 2);
            bool isNumber = false;
            const int number = name.toInt(&isNumber);
            result += isNumber ? match.captured(number) : match.captured(name);
            at = close;
        } else if (next == u'n') {
            result += u'\n';
        } else if (next == u't') {
            result += u'\t';
        } else if (next == u'\\') {
            result += u'\\';
        } else {
            result += text.mid(at - 1, 2);
        }
    }
    return result;
}

Value substituted(I &i, const QRegularExpression &expression, const Value &with, const QString &text,
                  qint64 count, bool withCount)
{
    QString result;
    qsizetype from = 0;
    qint64 done = 0;
    eachMatch(i, expression, text, [&](const QRegularExpressionMatch &match) {
        result += QStringView(text).mid(from, match.capturedStart() - from);
        from = match.capturedEnd();
        result += i.isCallable(with) ? textOf(i, i.call(with, {Value(i.make<Match>(match))}))
                                     : expanded(i, textOf(i, with), match);
        ++done;
        return (count == 0 || done < count) && result.size() <= i.limits().stringLength;
    });
    const Value whole(i.checkedText(result + text.mid(from)));
    return withCount ? i.tuple({whole, Value(done)}) : whole;
}

Value found(I &i, const QRegularExpressionMatch &match)
{
    if (!match.hasMatch())
        return {};
    return i.make<Match>(match);
}

Value anchored(I &i, const QRegularExpression &expression, const QString &text, bool whole)
{
    if (!whole)
        return found(i, matched(i, expression, text, 0, QRegularExpression::AnchorAtOffsetMatchOption));
    const QString pattern = expression.pattern();
    const qsizetype limit = pattern.indexOf(u')') + 1; // behind our own (*LIMIT_MATCH=…)
    const QRegularExpression full(pattern.left(limit) + u"(?:"_s + pattern.mid(limit) + u")\\z"_s,
                                  expression.patternOptions());
    return found(i, matched(i, full, text, 0, QRegularExpression::AnchorAtOffsetMatchOption));
}

Value split(I &i, const QRegularExpression &expression, const QString &text, qint64 limit)
{
    std::vector<Value> parts;
    qsizetype from = 0;
    qint64 done = 0;
    eachMatch(i, expression, text, [&](const QRegularExpressionMatch &match) {
        parts.emplace_back(text.mid(from, match.capturedStart() - from));
        for (int at = 1; at <= expression.captureCount(); ++at)
            parts.push_back(match.hasCaptured(at) ? Value(match.captured(at)) : Value());
        from = match.capturedEnd();
        return limit == 0 || ++done < limit;
    });
    parts.emplace_back(text.mid(from));
    return i.list(std::move(parts));
}

Value findAll(I &i, const QRegularExpression &expression, const QString &text, bool asMatches)
{
    std::vector<Value> all;
    eachMatch(i, expression, text, [&](const QRegularExpressionMatch &match) {
        const int groups = expression.captureCount();
        if (asMatches) {
            all.emplace_back(i.make<Match>(match));
        } else if (groups <= 1) {
            all.emplace_back(match.captured(groups));
        } else {
            std::vector<Value> row;
            for (int at = 1; at <= groups; ++at)
                row.emplace_back(match.captured(at));
            all.push_back(i.tuple(std::move(row)));
        }
        i.checkLength(qsizetype(all.size()));
        return true;
    });
    if (asMatches)
        return i.make<Iterator>(u"callable_iterator"_s, std::move(all));
    return i.list(std::move(all));
}

/// The functions of re and the methods of a compiled pattern, which they share.
Value apply(I &i, const QString &name, const QRegularExpression &expression, Arguments &a)
{
    if (name == u"sub" || name == u"subn") {
        const Value with = a.required(u"repl"_s);
        const QString text = textOf(i, a.required(u"string"_s));
        const qint64 count = numberOf(i, a.optional(u"count"_s, Value(0)));
        return substituted(i, expression, with, text, count, name == u"subn");
    }
    const QString text = textOf(i, a.required(u"string"_s));
    if (name == u"search")
        return found(i, matched(i, expression, text, 0));
    if (name == u"match" || name == u"fullmatch")
        return anchored(i, expression, text, name == u"fullmatch");
    if (name == u"split")
        return split(i, expression, text, numberOf(i, a.optional(u"maxsplit"_s, Value(0))));
    return findAll(i, expression, text, name == u"finditer");
}

bool isOperation(const QString &name)
{
    return name == u"sub" || name == u"subn" || name == u"search" || name == u"match"
           || name == u"fullmatch" || name == u"split" || name == u"findall" || name == u"finditer";
}

class Pattern : public Object
{
public:
    Pattern(QString text, QRegularExpression expression) : source(std::move(text)), m_expression(std::move(expression)) {}
    QString typeName() const override { return u"Pattern"_s; }
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override
    {
        if (name == u"pattern")
            return Value(source);
        if (!isOperation(name))
            return Object::getAttr(interpreter, name);
        return interpreter.function(name, [this, name](I &i, A args) {
            Arguments a(i, args, name);
            return apply(i, name, m_expression, a);
        });
    }
    const QString source;
    const QRegularExpression &expression() const { return m_expression; }

private:
    QRegularExpression m_expression;
};

Value escape(I &i, A args)
{
    QString result;
    for (const QChar c : textOf(i, Arguments(i, args, u"escape"_s).required(u"pattern"_s))) {
        if (QStringView(u"()[]{}?*+-|^$\\.&~# \t\n\r\v\f").contains(c))
            result += u'\\';
        result += c;
    }
    return Value(result);
}

std::optional<Value> reName(I &i, const QString &name)
{
    static const QHash<QString, int> flags{
        {u"I"_s, ignoreCase}, {u"IGNORECASE"_s, ignoreCase}, {u"M"_s, multiLine},
        {u"MULTILINE"_s, multiLine}, {u"S"_s, dotAll}, {u"DOTALL"_s, dotAll}, {u"X"_s, verbose},
        {u"VERBOSE"_s, verbose}, {u"U"_s, 32}, {u"UNICODE"_s, 32}, {u"A"_s, 256}, {u"ASCII"_s, 256}};
    if (flags.contains(name))
        return Value(flags.value(name));
    if (name == u"escape")
        return i.function(name, escape);
    if (name == u"error" || name == u"PatternError")
        return Value(i.builtinClass(u"ValueError"_s));
    if (name == u"Pattern" || name == u"Match")
        return Value(i.makeClass(name));
    if (name != u"compile" && !isOperation(name))
        return std::nullopt;
    return i.function(name, [name](I &in, A args) -> Value {
        Arguments a(in, args, name);
        const Value given = a.required(u"pattern"_s);
        if (const auto *pattern = given.as<Pattern>())
            return name == u"compile" ? given : apply(in, name, pattern->expression(), a);
        if (name == u"compile") {
            const qint64 options = numberOf(in, a.optional(u"flags"_s, Value(0)));
            return in.make<Pattern>(textOf(in, given), compiled(in, textOf(in, given), options));
        }
        const qint64 options = numberOf(in, a.keywordOnly(u"flags"_s, Value(0)));
        // positional flags stand behind the text
        const size_t behind = name.startsWith(u"sub") ? 4 : name == u"split" ? 3 : 2;
        const qint64 more = args.positional.size() > behind ? numberOf(in, args.positional[behind]) : 0;
        return apply(in, name, compiled(in, textOf(in, given), options | more), a);
    });
}

} // namespace

Module *reModule(Interpreter &interpreter)
{
    return interpreter.make<Module>(u"re"_s, reName);
}

} // namespace tribikos::py::stdlib
