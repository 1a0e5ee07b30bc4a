// csv.reader(), csv.DictReader() and io.StringIO: rows that a script carries in its own text.
#include "core/pyread/stdlib/library.h"

namespace tribikos::py::stdlib {

using namespace Qt::StringLiterals;

namespace {

using I = Interpreter;
using A = const CallArgs &;

/// io.StringIO(text), for reading.
class TextStream final : public Object
{
public:
    explicit TextStream(QString whole)
        : text(std::move(whole))
    {}
    QString typeName() const override { return u"StringIO"_s; }
    bool isIterable() const override { return true; }
    void iterate(Interpreter &, const Visitor &visit) override
    {
        while (at < text.size() && visit(Value(line()))) {
        }
    }
    bool isContextManager() const override { return true; }
    Value enter(Interpreter &) override { return Value(this); }
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override
    {
        if (name == u"getvalue")
            return interpreter.function(name, [this](I &, A) { return Value(text); });
        if (name == u"close")
            return interpreter.function(name, [](I &, A) { return Value(); });
        if (name == u"readline")
            return interpreter.function(name, [this](I &in, A args) {
                Arguments(in, args, u"readline"_s).finish();
                return Value(line());
            });
        if (name == u"read" || name == u"readlines")
            return interpreter.function(name, [this, name](I &in, A args) -> Value {
                Arguments(in, args, name).finish();
                std::vector<Value> lines;
                if (name == u"read")
                    return Value(text.mid(std::exchange(at, text.size())));
                while (at < text.size())
                    lines.emplace_back(line());
                return in.list(std::move(lines));
            });
        interpreter.unsupported(u"uses StringIO.%1, which Tribikos doesn't know"_s.arg(name));
    }
    QString repr(Interpreter &interpreter) override
    {
        interpreter.unsupported(u"turns a StringIO into text"_s);
    }

    const QString text;

private:
    QString line()
    {
        const qsizetype end = text.indexOf(u'\n', at);
        const qsizetype next = end < 0 ? text.size() : end + 1;
        return text.mid(std::exchange(at, next), next - at);
    }

    qsizetype at = 0;
};

struct Dialect
{
    QChar delimiter = u',';
    QChar quote = u'"';
    bool skipsBlanks = false;
};

Dialect dialectOf(I &i, Arguments &a)
{
    Dialect dialect;
    const auto character = [&](const QString &name, QChar usual) {
        const QString given = textOf(i, a.keywordOnly(name, Value(QString(usual))));
        if (given.size() != 1)
            i.raise(u"TypeError"_s, u"\"%1\" must be a 1-character string"_s.arg(name));
        return given.front();
    };
    dialect.delimiter = character(u"delimiter"_s, u',');
    dialect.quote = character(u"quotechar"_s, u'"');
    dialect.skipsBlanks = i.truth(a.keywordOnly(u"skipinitialspace"_s, Value(false)));
    if (!a.restKeywords().empty())
        i.unsupported(u"reads CSV with an option that Tribikos doesn't know"_s);
    a.finish();
    return dialect;
}

/// The rows of the lines that \a source yields; a field in quotes may go over several of them.
std::vector<QStringList> rowsOf(I &i, const Value &source, const Dialect &dialect)
{
    QString text;
    i.iterate(source, [&](const Value &line) {
        text += textOf(i, line);
        if (!text.endsWith(u'\n'))
            text += u'\n';
        return true;
    });
    text.replace(u"\r\n"_s, u"\n"_s);
    std::vector<QStringList> rows;
    QStringList row;
    QString field;
    bool isQuoted = false;
    bool isFresh = true; // nothing of the field was read
    for (qsizetype at = 0; at < text.size(); ++at) {
        const QChar c = text[at];
        if (isQuoted && c == dialect.quote && at + 1 < text.size() && text[at + 1] == c) {
            field += c;
            ++at;
        } else if (isQuoted) {
            isQuoted = c != dialect.quote;
            field += isQuoted ? QString(c) : QString();
        } else if (c == dialect.quote && isFresh) {
            isQuoted = true;
            isFresh = false;
        } else if (c == dialect.delimiter) {
            row.append(std::exchange(field, QString()));
            isFresh = true;
        } else if (c == u'\n') {
            if (!row.isEmpty() || !field.isEmpty() || !isFresh)
                row.append(std::exchange(field, QString()));
            rows.push_back(std::exchange(row, QStringList()));
            i.checkLength(qsizetype(rows.size()));
            isFresh = true;
        } else if (c != u' ' || !isFresh || !dialect.skipsBlanks) {
            field += c;
            isFresh = false;
        }
    }
    if (isQuoted)
        i.unsupported(u"reads CSV that ends inside of quotes"_s);
    return rows;
}

Value reader(I &i, A args)
{
    Arguments a(i, args, u"reader"_s);
    const Value source = a.required(u"csvfile"_s);
    std::vector<Value> rows;
    for (const QStringList &row : rowsOf(i, source, dialectOf(i, a))) {
        std::vector<Value> cells;
        for (const QString &cell : row)
            cells.emplace_back(cell);
        rows.push_back(i.list(std::move(cells)));
    }
    return i.make<Iterator>(u"_csv.reader"_s, std::move(rows));
}

Value dictReader(I &i, A args)
{
    Arguments a(i, args, u"DictReader"_s);
    const Value source = a.required(u"f"_s);
    const Value given = a.optional(u"fieldnames"_s);
    std::vector<QStringList> rows = rowsOf(i, source, dialectOf(i, a));
    QStringList names;
    if (given.isNone() && !rows.empty()) {
        names = rows.front();
        rows.erase(rows.begin());
    } else if (!given.isNone()) {
        for (const Value &name : i.items(given))
            names.append(textOf(i, name));
    }
    std::vector<Value> found;
    for (const QStringList &row : rows) {
        if (row.isEmpty())
            continue;
        if (row.size() > names.size())
            i.unsupported(u"reads a row of CSV that is longer than its names"_s);
        std::vector<std::pair<QString, Value>> cells;
        for (qsizetype at = 0; at < names.size(); ++at)
            cells.emplace_back(names[at], at < row.size() ? Value(row[at]) : Value());
        found.push_back(i.dict(cells));
    }
    return i.make<Iterator>(u"DictReader"_s, std::move(found));
}

Value textStream(I &i, A args)
{
    Arguments a(i, args, u"StringIO"_s);
    const QString text = textOf(i, a.optional(u"initial_value"_s, Value(QString())));
    a.optional(u"newline"_s);
    a.finish();
    return i.make<TextStream>(text);
}

constexpr Entry csvTable[] = {{u"reader", reader}, {u"DictReader", dictReader}};
constexpr Entry ioTable[] = {{u"StringIO", textStream}};

/// unicodedata.normalize("NFKD", text), from which many make slugs.
Value normalized(I &i, A args)
{
    static const QHash<QString, QString::NormalizationForm> forms{
        {u"NFC"_s, QString::NormalizationForm_C},
        {u"NFD"_s, QString::NormalizationForm_D},
        {u"NFKC"_s, QString::NormalizationForm_KC},
        {u"NFKD"_s, QString::NormalizationForm_KD}};
    Arguments a(i, args, u"normalize"_s);
    const QString form = textOf(i, a.required(u"form"_s));
    const QString text = textOf(i, a.required(u"unistr"_s));
    a.finish();
    if (!forms.contains(form))
        i.raise(u"ValueError"_s, u"invalid normalization form"_s);
    return Value(i.checkedText(text.normalized(forms.value(form))));
}

constexpr Entry unicodeTable[] = {{u"normalize", normalized}};

/// html.escape(text, quote=True)
Value escaped(I &i, A args)
{
    Arguments a(i, args, u"escape"_s);
    QString text = textOf(i, a.required(u"s"_s));
    const bool quotes = i.truth(a.optional(u"quote"_s, Value(true)));
    a.finish();
    text.replace(u'&', u"&amp;"_s).replace(u'<', u"&lt;"_s).replace(u'>', u"&gt;"_s);
    if (quotes)
        text.replace(u'"', u"&quot;"_s).replace(u'\'', u"&#x27;"_s);
    return Value(i.checkedText(text));
}

constexpr Entry htmlTable[] = {{u"escape", escaped}};

} // namespace

Module *textDataModule(Interpreter &interpreter, const QString &name)
{
    if (name == u"_csv")
        return makeModule(interpreter, name, csvTable);
    if (name == u"io")
        return makeModule(interpreter, name, ioTable);
    return name == u"html" ? makeModule(interpreter, name, htmlTable)
                           : makeModule(interpreter, name, unicodeTable);
}

} // namespace tribikos::py::stdlib
