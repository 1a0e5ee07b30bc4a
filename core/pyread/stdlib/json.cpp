#include "core/pyread/stdlib/library.h"
#include "core/pyread/wholenumber.h"

#include <QRegularExpression>

#include <cmath>

namespace tribikos::py::stdlib {

using namespace Qt::StringLiterals;

namespace {

using I = Interpreter;
using A = const CallArgs &;

struct Style
{
    QString item = u", "_s;
    QString key = u": "_s;
    QString indent{};
    bool indented = false;
    bool ascii = true;
    bool sorted = false;
    Value fallback{};
};

QString quoted(const QString &text, bool ascii)
{
    QString result = u"\""_s;
    for (const QChar c : text) {
        switch (c.unicode()) {
        case u'"': result += u"\\\""_s; break;
        case u'\\': result += u"\\\\"_s; break;
        case u'\n': result += u"\\n"_s; break;
        case u'\r': result += u"\\r"_s; break;
        case u'\t': result += u"\\t"_s; break;
        case u'\b': result += u"\\b"_s; break;
        case u'\f': result += u"\\f"_s; break;
        default:
            if (c.unicode() < 32 || (ascii && c.unicode() > 126))
                result += u"\\u%1"_s.arg(c.unicode(), 4, 16, QChar(u'0'));
            else
                result += c;
        }
    }
    return result + u'"';
}

void write(I &i, const Value &value, const Style &style, int depth, QString &out);

QString breakLine(const Style &style, int depth)
{
    return style.indented ? u'\n' + style.indent.repeated(depth) : QString();
}

void writeDict(I &i, const Dict &dict, const Style &style, int depth, QString &out)
{
    auto entries = dict.entries();
    if (style.sorted) {
        std::vector<Value> keys;
        for (const auto &[key, value] : entries)
            keys.push_back(key);
        sortValues(i, keys, Value(), false);
        entries.clear();
        for (const Value &key : keys)
            entries.emplace_back(key, *dict.find(i, key));
    }
    out += u'{';
    bool first = true;
    for (const auto &[key, value] : entries) {
        out += first ? QString() : style.item;
        out += breakLine(style, depth + 1);
        first = false;
        const Value plain = i.plain(key);
        if (const auto *unknown = plain.as<Unknown>())
            unknown->refuse(i);
        if (plain.isObject())
            i.raise(u"TypeError"_s, u"keys must be str, int, float, bool or None"_s);
        QString text;
        if (plain.isStr()) {
            text = plain.str();
        } else {
            write(i, plain, style, 0, text);
        }
        out += quoted(text, style.ascii) + style.key;
        write(i, value, style, depth + 1, out);
    }
    out += (first ? QString() : breakLine(style, depth)) + u'}';
}

void write(I &i, const Value &given, const Style &style, int depth, QString &out)
{
    i.step();
    if (depth > 100)
        i.raise(u"ValueError"_s, u"Circular reference detected"_s);
    if (out.size() > i.limits().stringLength)
        out = i.checkedText(out);
    const Value value = i.plain(given);
    if (const auto *unknown = value.as<Unknown>())
        unknown->refuse(i);
    if (value.isStr()) {
        out += quoted(value.str(), style.ascii);
    } else if (value.isNone()) {
        out += u"null"_s;
    } else if (value.as<WholeNumber>()) {
        out += i.repr(value);
    } else if (value.isBool()) {
        out += value.isTrue() ? u"true"_s : u"false"_s;
    } else if (value.isFloat() && !std::isfinite(value.toDouble())) {
        out += std::isnan(value.toDouble()) ? u"NaN"_s
               : value.toDouble() > 0       ? u"Infinity"_s
                                            : u"-Infinity"_s;
    } else if (!value.isObject()) {
        out += i.repr(value);
    } else if (const auto *dict = value.as<Dict>()) {
        writeDict(i, *dict, style, depth, out);
    } else if (value.as<List>() || value.as<Tuple>()) {
        out += u'[';
        bool first = true;
        for (const Value &item : i.items(value)) {
            out += first ? QString() : style.item;
            out += breakLine(style, depth + 1);
            first = false;
            write(i, item, style, depth + 1, out);
        }
        out += (first ? QString() : breakLine(style, depth)) + u']';
    } else if (!style.fallback.isNone()) {
        write(i, i.call(style.fallback, {given}), style, depth + 1, out);
    } else {
        i.raise(u"TypeError"_s,
                u"Object of type %1 is not JSON serializable"_s.arg(i.typeName(given)));
    }
}

Value dumps(I &i, A args)
{
    Arguments a(i, args, u"dumps"_s);
    const Value value = a.required(u"obj"_s);
    Style style;
    const Value indent = a.keywordOnly(u"indent"_s);
    if (!indent.isNone()) {
        style.indented = true;
        style.indent = indent.isStr()
                           ? indent.str()
                           : QString(std::clamp<qint64>(numberOf(i, indent), 0, 100), u' ');
        style.item = u","_s;
    }
    style.ascii = i.truth(a.keywordOnly(u"ensure_ascii"_s, Value(true)));
    style.sorted = i.truth(a.keywordOnly(u"sort_keys"_s, Value(false)));
    style.fallback = a.keywordOnly(u"default"_s);
    const Value separators = a.keywordOnly(u"separators"_s);
    if (!separators.isNone()) {
        const std::vector<Value> pair = i.items(separators);
        if (pair.size() != 2)
            i.raise(u"ValueError"_s, u"separators needs two items"_s);
        style.item = textOf(i, pair[0]);
        style.key = textOf(i, pair[1]);
    }
    a.keywordOnly(u"allow_nan"_s);
    a.keywordOnly(u"skipkeys"_s);
    if (!a.keywordOnly(u"cls"_s).isNone())
        i.unsupported(u"writes JSON with an encoder class of its own"_s);
    a.finish();
    QString out;
    write(i, value, style, 0, out);
    return Value(i.checkedText(out));
}

class Reader
{
public:
    Reader(I &interpreter, const QString &text)
        : m_i(interpreter)
        , m_text(text)
    {}
    Value whole()
    {
        const Value value = read(0);
        skip();
        if (m_at < m_text.size())
            fail(u"Extra data"_s);
        return value;
    }

private:
    [[noreturn]] void fail(const QString &what)
    {
        m_i.raise(u"ValueError"_s, u"%1: line %2 column %3 (char %4)"_s.arg(what)
                                       .arg(1 + m_text.left(m_at).count(u'\n'))
                                       .arg(m_at - m_text.left(m_at).lastIndexOf(u'\n'))
                                       .arg(m_at));
    }
    void skip()
    {
        while (m_at < m_text.size() && QStringView(u" \t\r\n").contains(m_text[m_at]))
            ++m_at;
    }
    QChar now() const { return m_at < m_text.size() ? m_text[m_at] : QChar(); }
    bool word(QStringView wanted)
    {
        if (!QStringView(m_text).mid(m_at).startsWith(wanted))
            return false;
        m_at += wanted.size();
        return true;
    }
    Value read(int depth)
    {
        m_i.step();
        if (depth > 100)
            m_i.raise(u"RecursionError"_s, u"JSON is nested too deeply"_s);
        skip();
        if (now() == u'{')
            return object(depth);
        if (now() == u'[')
            return array(depth);
        if (now() == u'"')
            return Value(string());
        if (word(u"true"))
            return Value(true);
        if (word(u"false"))
            return Value(false);
        if (word(u"null"))
            return {};
        return number();
    }
    Value object(int depth)
    {
        auto *dict = m_i.make<Dict>();
        ++m_at;
        skip();
        if (now() == u'}') {
            ++m_at;
            return dict;
        }
        for (;;) {
            skip();
            if (now() != u'"')
                fail(u"Expecting property name enclosed in double quotes"_s);
            const QString key = string();
            skip();
            if (now() != u':')
                fail(u"Expecting ':' delimiter"_s);
            ++m_at;
            dict->insert(m_i, Value(key), read(depth + 1));
            skip();
            if (now() == u',') {
                ++m_at;
                continue;
            }
            if (now() != u'}')
                fail(u"Expecting ',' delimiter"_s);
            ++m_at;
            return dict;
        }
    }
    Value array(int depth)
    {
        std::vector<Value> items;
        ++m_at;
        skip();
        if (now() == u']') {
            ++m_at;
            return m_i.list();
        }
        for (;;) {
            items.push_back(read(depth + 1));
            m_i.checkLength(qsizetype(items.size()));
            skip();
            if (now() == u',') {
                ++m_at;
                continue;
            }
            if (now() != u']')
                fail(u"Expecting ',' delimiter"_s);
            ++m_at;
            return m_i.list(std::move(items));
        }
    }
    QString string()
    {
        QString result;
        for (++m_at; m_at < m_text.size(); ++m_at) {
            const QChar c = m_text[m_at];
            if (c == u'"') {
                ++m_at;
                return result;
            }
            if (c != u'\\') {
                result += c;
                continue;
            }
            const QChar next = ++m_at < m_text.size() ? m_text[m_at] : QChar();
            static const QHash<QChar, QChar> escapes{{u'"', u'"'},  {u'\\', u'\\'}, {u'/', u'/'},
                                                     {u'b', u'\b'}, {u'f', u'\f'},  {u'n', u'\n'},
                                                     {u'r', u'\r'}, {u't', u'\t'}};
            if (next == u'u') {
                bool ok = false;
                result += QChar(char16_t(m_text.mid(m_at + 1, 4).toUInt(&ok, 16)));
                if (!ok)
                    fail(u"Invalid \\uXXXX escape"_s);
                m_at += 4;
            } else if (escapes.contains(next)) {
                result += escapes.value(next);
            } else {
                fail(u"Invalid \\escape"_s);
            }
        }
        fail(u"Unterminated string starting at"_s);
    }
    Value bigNumber(const QString &text)
    {
        static const QRegularExpression whole(u"^-?\\d+$"_s);
        if (!whole.match(text).hasMatch())
            fail(u"Expecting value"_s);
        m_at += text.size();
        return wholeFromText(m_i, text);
    }
    Value number()
    {
        const qsizetype begin = m_at;
        while (m_at < m_text.size() && QStringView(u"+-0123456789.eE").contains(m_text[m_at]))
            ++m_at;
        const QString text = m_text.mid(begin, m_at - begin);
        bool ok = false;
        const bool isFloat = text.contains(u'.') || text.contains(u'e') || text.contains(u'E');
        const Value value = isFloat ? Value(text.toDouble(&ok)) : Value(text.toLongLong(&ok));
        if (ok)
            return value;
        m_at = begin;
        if (!isFloat && text.size() > 18)
            return bigNumber(text);
        fail(u"Expecting value"_s);
    }

    I &m_i;
    const QString m_text;
    qsizetype m_at = 0;
};

Value loads(I &i, A args)
{
    Arguments a(i, args, u"loads"_s);
    const Value value = a.required(u"s"_s);
    if (!a.restKeywords().empty())
        i.unsupported(u"reads JSON with a hook or an option"_s);
    a.finish();
    const auto *bytes = value.as<Bytes>();
    return Reader(i, bytes ? QString::fromUtf8(bytes->data) : textOf(i, value)).whole();
}

Value noFile(I &i, A)
{
    i.unsupported(u"reads or writes a file: Tribikos runs no code that touches files"_s);
}

constexpr Entry jsonTable[] = {
    {u"dumps", dumps}, {u"loads", loads}, {u"dump", noFile}, {u"load", noFile}};

} // namespace

Module *jsonModule(Interpreter &interpreter)
{
    return makeModule(interpreter, u"json"_s, jsonTable,
                      [](I &i, const QString &name) -> std::optional<Value> {
                          if (name == u"JSONDecodeError")
                              return Value(i.builtinClass(u"ValueError"_s));
                          return std::nullopt;
                      });
}

} // namespace tribikos::py::stdlib
