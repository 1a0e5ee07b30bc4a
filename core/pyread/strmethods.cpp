#include "core/pyread/methods.h"

#include <QRegularExpression>

namespace tribikos::py {

using namespace Qt::StringLiterals;

namespace {

/// What a string method is called on.
const QString &self(const Value &value)
{
    return value.str();
}

QString text(Interpreter &interpreter, const Value &value, const QString &method)
{
    const Value plain = interpreter.plain(value);
    if (const auto *unknown = plain.as<Unknown>())
        unknown->refuse(interpreter);
    if (!plain.isStr()) {
        interpreter.raise(u"TypeError"_s, u"%1() argument must be str, not %2"_s.arg(
                                              method, interpreter.typeName(value)));
    }
    return plain.str();
}

qint64 number(Interpreter &interpreter, const Value &value)
{
    const Value plain = interpreter.plain(value);
    if (const auto *unknown = plain.as<Unknown>())
        unknown->refuse(interpreter);
    if (!plain.isIntegral()) {
        interpreter.raise(u"TypeError"_s, u"'%1' object cannot be interpreted as an integer"_s.arg(
                                              interpreter.typeName(value)));
    }
    return plain.toInt();
}

Value checked(Interpreter &interpreter, const QString &result)
{
    return Value(interpreter.checkedText(result));
}

Value strip(Interpreter &i, const QString &what, const CallArgs &args, bool left, bool right)
{
    Arguments a(i, args, u"strip"_s);
    const Value set = a.optional(u"chars"_s);
    a.finish();
    const QString characters = set.isNone() ? QString() : text(i, set, u"strip"_s);
    const auto drops = [&](QChar c) {
        return set.isNone() ? c.isSpace() : characters.contains(c);
    };
    qsizetype begin = 0;
    qsizetype end = what.size();
    while (left && begin < end && drops(what[begin]))
        ++begin;
    while (right && end > begin && drops(what[end - 1]))
        --end;
    return Value(what.mid(begin, end - begin));
}

Value split(Interpreter &i, const QString &what, const CallArgs &args, bool fromRight)
{
    Arguments a(i, args, u"split"_s);
    const Value separator = a.optional(u"sep"_s);
    const qint64 limit = number(i, a.optional(u"maxsplit"_s, Value(-1)));
    a.finish();
    std::vector<Value> parts;
    const auto more = [&] { return limit < 0 || qint64(parts.size()) < limit; };
    if (separator.isNone()) {
        qsizetype begin = 0;
        qsizetype end = what.size();
        const auto skipLeft = [&] { while (begin < end && what[begin].isSpace()) ++begin; };
        const auto skipRight = [&] { while (end > begin && what[end - 1].isSpace()) --end; };
        for (fromRight ? skipRight() : skipLeft(); begin < end;) {
            if (!more()) {
                fromRight ? skipLeft() : skipRight();
                parts.emplace_back(what.mid(begin, end - begin));
                break;
            }
            qsizetype at = fromRight ? end : begin;
            while (fromRight ? at > begin && !what[at - 1].isSpace() : at < end && !what[at].isSpace())
                fromRight ? --at : ++at;
            parts.emplace_back(fromRight ? what.mid(at, end - at) : what.mid(begin, at - begin));
            (fromRight ? end : begin) = at;
            fromRight ? skipRight() : skipLeft();
            i.checkLength(qsizetype(parts.size()));
        }
    } else {
        const QString sep = text(i, separator, u"split"_s);
        if (sep.isEmpty())
            i.raise(u"ValueError"_s, u"empty separator"_s);
        qsizetype begin = 0;
        qsizetype end = what.size();
        while (more()) {
            const qsizetype at = fromRight ? (end >= sep.size() ? what.lastIndexOf(sep, end - sep.size()) : -1)
                                           : what.indexOf(sep, begin);
            if (at < 0)
                break;
            parts.emplace_back(fromRight ? what.mid(at + sep.size(), end - at - sep.size())
                                         : what.mid(begin, at - begin));
            (fromRight ? end : begin) = fromRight ? at : at + sep.size();
            i.checkLength(qsizetype(parts.size()));
        }
        parts.emplace_back(what.mid(begin, end - begin));
    }
    if (fromRight)
        std::reverse(parts.begin(), parts.end());
    return i.list(std::move(parts));
}

bool endsLine(QChar c)
{
    const char16_t code = c.unicode();
    return (code >= u'\n' && code <= u'\r') || (code >= 0x1c && code <= 0x1e) || code == 0x85
           || code == 0x2028 || code == 0x2029;
}

Value splitLines(Interpreter &i, const Value &value, const CallArgs &args)
{
    Arguments a(i, args, u"splitlines"_s);
    const bool keep = i.truth(a.optional(u"keepends"_s, Value(false)));
    a.finish();
    const QString &what = self(value);
    std::vector<Value> lines;
    for (qsizetype begin = 0; begin < what.size();) {
        qsizetype end = begin;
        while (end < what.size() && !endsLine(what[end]))
            ++end;
        qsizetype next = end + 1;
        if (end + 1 < what.size() && what[end] == u'\r' && what[end + 1] == u'\n')
            ++next;
        lines.emplace_back(what.mid(begin, (keep ? qMin(next, what.size()) : end) - begin));
        i.checkLength(qsizetype(lines.size()));
        begin = next;
    }
    return i.list(std::move(lines));
}

Value join(Interpreter &i, const Value &value, const CallArgs &args)
{
    Arguments a(i, args, u"join"_s);
    const Value parts = a.required(u"iterable"_s);
    a.finish();
    QString result;
    qint64 index = 0;
    i.iterate(parts, [&](const Value &part) {
        const Value plain = i.plain(part);
        if (const auto *unknown = plain.as<Unknown>())
            unknown->refuse(i);
        if (!plain.isStr()) {
            i.raise(u"TypeError"_s, u"sequence item %1: expected str instance, %2 found"_s
                                        .arg(index).arg(i.typeName(part)));
        }
        if (index++ > 0)
            result += self(value);
        result += plain.str();
        return result.size() <= i.limits().stringLength;
    });
    return checked(i, result);
}

Value replace(Interpreter &i, const Value &value, const CallArgs &args)
{
    Arguments a(i, args, u"replace"_s);
    const QString old = text(i, a.required(u"old"_s), u"replace"_s);
    const QString with = text(i, a.required(u"new"_s), u"replace"_s);
    qint64 count = number(i, a.optional(u"count"_s, Value(-1)));
    a.finish();
    const QString &what = self(value);
    if (old.isEmpty()) {
        QString result;
        for (qsizetype at = 0; at <= what.size(); ++at) {
            if (count-- != 0)
                result += with;
            if (at < what.size())
                result += what[at];
            if (result.size() > i.limits().stringLength)
                break;
        }
        return checked(i, result);
    }
    QString result;
    qsizetype from = 0;
    for (qsizetype at; count != 0 && (at = what.indexOf(old, from)) >= 0; --count) {
        result += QStringView(what).mid(from, at - from);
        result += with;
        from = at + old.size();
        if (result.size() > i.limits().stringLength)
            break;
    }
    result += QStringView(what).mid(from);
    return checked(i, result);
}

/// The part of the text that optional start and end arguments name.
std::pair<qsizetype, qsizetype> bounds(Interpreter &i, Arguments &a, const QString &of)
{
    const qsizetype length = of.size();
    const bool hasPairs = pythonLength(of) != length;
    const Value start = a.optional(u"start"_s);
    const Value end = a.optional(u"end"_s);
    const auto bounded = [&](const Value &value, qsizetype otherwise, qsizetype most) {
        if (value.isNone())
            return otherwise;
        if (hasPairs)
            i.unsupported(u"looks into a part of a text with characters beyond U+FFFF"_s);
        const qint64 given = number(i, value);
        return qsizetype(qBound<qint64>(0, given < 0 ? given + length : given, most));
    };
    return {bounded(start, 0, length + 1), bounded(end, length, length)}; // behind the end nothing is found
}

Value find(Interpreter &i, const Value &value, const CallArgs &args, bool last, bool mustExist)
{
    Arguments a(i, args, u"find"_s);
    const QString part = text(i, a.required(u"sub"_s), u"find"_s);
    const auto [begin, end] = bounds(i, a, self(value));
    a.finish();
    qsizetype at = -1;
    if (begin <= end) {
        const QStringView within = QStringView(self(value)).mid(begin, end - begin);
        at = last ? within.lastIndexOf(part) : within.indexOf(part);
    }
    if (at < 0 && mustExist)
        i.raise(u"ValueError"_s, u"substring not found"_s);
    return Value(at < 0 ? qsizetype(-1) : pythonLength(QStringView(self(value)).left(at + begin)));
}

Value affix(Interpreter &i, const Value &value, const CallArgs &args, bool atEnd)
{
    Arguments a(i, args, atEnd ? u"endswith"_s : u"startswith"_s);
    const Value wanted = a.required(u"prefix"_s);
    const auto [begin, end] = bounds(i, a, self(value));
    a.finish();
    if (begin > end)
        return Value(false);
    const QStringView within = QStringView(self(value)).mid(begin, end - begin);
    const auto *tuple = wanted.as<Tuple>();
    for (const Value &one : tuple ? tuple->items : std::vector<Value>{wanted}) {
        const QString part = text(i, one, u"startswith"_s);
        if (atEnd ? within.endsWith(part) : within.startsWith(part))
            return Value(true);
    }
    return Value(false);
}

Value pad(Interpreter &i, const Value &value, const CallArgs &args, char side)
{
    Arguments a(i, args, u"ljust"_s);
    const qint64 width = number(i, a.required(u"width"_s));
    const QString fill = text(i, a.optional(u"fillchar"_s, Value(u" "_s)), u"ljust"_s);
    a.finish();
    if (fill.size() != 1)
        i.raise(u"TypeError"_s, u"The fill character must be exactly one character long"_s);
    const QString &what = self(value);
    if (width <= pythonLength(what))
        return value;
    i.checkLength(width > i.limits().stringLength ? i.limits().listLength + 1 : 0);
    const qsizetype missing = width - pythonLength(what);
    const qsizetype left = side == 'l' ? 0 : side == 'r' ? missing
                           : missing / 2 + (missing & width & 1);
    return checked(i, QString(left, fill[0]) + what + QString(missing - left, fill[0]));
}

Value partition(Interpreter &i, const Value &value, const CallArgs &args, bool last)
{
    Arguments a(i, args, u"partition"_s);
    const QString separator = text(i, a.required(u"sep"_s), u"partition"_s);
    a.finish();
    if (separator.isEmpty())
        i.raise(u"ValueError"_s, u"empty separator"_s);
    const QString &what = self(value);
    const qsizetype at = last ? what.lastIndexOf(separator) : what.indexOf(separator);
    if (at < 0) {
        return last ? i.tuple({Value(QString()), Value(QString()), value})
                    : i.tuple({value, Value(QString()), Value(QString())});
    }
    return i.tuple({Value(what.left(at)), Value(separator), Value(what.mid(at + separator.size()))});
}

/// str.lower(): a capital sigma at the end of a word is another letter than inside.
QString lowered(const QString &what)
{
    QString result = what.toLower();
    if (!what.contains(QChar(0x3a3)) || result.size() != what.size())
        return result;
    for (qsizetype at = 0; at < what.size(); ++at) {
        const bool isLast = at + 1 >= what.size() || !what[at + 1].isLetter();
        if (what[at] == QChar(0x3a3) && at > 0 && what[at - 1].isLetter() && isLast)
            result[at] = QChar(0x3c2);
    }
    return result;
}

/// str.casefold(): what becomes two capitals becomes two small letters.
QString folded(const QString &what)
{
    QString result;
    for (const QChar c : what) {
        const QString upper = QString(c).toUpper();
        result += upper.size() > 1 ? upper.toLower() : QString(c.toCaseFolded());
    }
    return result;
}

/// A letter at the start of a word: some become two, of which only the first is a capital.
QString titleLetter(QChar letter)
{
    const QString upper = QString(letter).toUpper();
    if (upper.size() < 2)
        return letter.toTitleCase();
    const QChar first = upper[0];
    return first.isUpper() ? first + upper.mid(1).toLower() : upper;
}

QString titled(const QString &what)
{
    QString result;
    bool inWord = false;
    for (const QChar c : what) {
        result += inWord ? QString(c.toLower()) : titleLetter(c);
        inWord = c.isLetter();
    }
    return result;
}

Value isTitle(Interpreter &, const Value &value, const CallArgs &)
{
    bool inWord = false;
    bool hasWord = false;
    for (const QChar c : value.str()) {
        if ((c.isUpper() && inWord) || (c.isLower() && !inWord))
            return Value(false);
        inWord = c.isUpper() || c.isLower();
        hasWord = hasWord || inWord;
    }
    return Value(hasWord);
}

QString swapped(const QString &what)
{
    QString result = what;
    for (QChar &c : result)
        c = c.isUpper() ? c.toLower() : c.toUpper();
    return result;
}

template<typename Predicate>
Value all(const Value &value, Predicate predicate)
{
    const QString &what = self(value);
    return Value(!what.isEmpty() && std::all_of(what.begin(), what.end(), predicate));
}

Value cased(const Value &value, bool upper)
{
    bool any = false;
    for (const QChar c : self(value)) {
        if (upper ? c.isLower() : c.isUpper())
            return Value(false);
        any = any || (upper ? c.isUpper() : c.isLower());
    }
    return Value(any);
}

Value isIdentifier(Interpreter &, const Value &value, const CallArgs &)
{
    const QString &what = self(value);
    bool good = !what.isEmpty() && (what[0].isLetter() || what[0] == u'_');
    for (const QChar c : what)
        good = good && (c.isLetterOrNumber() || c == u'_');
    return Value(good);
}

/// Whether repr() would leave every character as it is, quotes and backslashes aside.
bool isPrintable(const QString &what)
{
    QString plain = what;
    plain.remove(u'\\').remove(u'\'').remove(u'"');
    return reprText(plain).size() == plain.size() + 2;
}

/// What stands for a character that an encoding hasn't.
QByteArray replacement(Interpreter &i, uint code, const QString &errors, const QString &encoding)
{
    if (errors == u"strict")
        i.raise(u"UnicodeEncodeError"_s, u"'%1' codec can't encode a character"_s.arg(encoding));
    if (errors == u"replace")
        return "?";
    if (errors == u"xmlcharrefreplace")
        return "&#" + QByteArray::number(code) + ';';
    if (errors != u"ignore")
        i.unsupported(u"encodes a text with errors=\"%1\""_s.arg(errors));
    return {};
}

Value encode(Interpreter &i, const Value &value, const CallArgs &args)
{
    Arguments a(i, args, u"encode"_s);
    const QString encoding = text(i, a.optional(u"encoding"_s, Value(u"utf-8"_s)), u"encode"_s)
                                 .toLower().replace(u'_', u'-');
    const QString errors = text(i, a.optional(u"errors"_s, Value(u"strict"_s)), u"encode"_s);
    a.finish();
    if (encoding == u"utf-8" || encoding == u"utf8")
        return i.bytes(self(value).toUtf8());
    const bool ascii = encoding == u"ascii";
    if (!ascii && encoding != u"latin-1" && encoding != u"latin1" && encoding != u"iso-8859-1")
        i.unsupported(u"encodes a text as %1"_s.arg(encoding));
    QByteArray result;
    for (const uint code : self(value).toUcs4()) {
        if (code < (ascii ? 128u : 256u))
            result += char(code);
        else
            result += replacement(i, code, errors, encoding);
    }
    return i.bytes(result);
}

Value translate(Interpreter &i, const Value &value, const CallArgs &args)
{
    Arguments a(i, args, u"translate"_s);
    const Value table = a.required(u"table"_s);
    a.finish();
    const auto *dict = table.as<Dict>();
    if (!dict)
        i.unsupported(u"calls translate() with something else than a dictionary"_s);
    QString result;
    for (const QChar c : self(value)) {
        if (result.size() > i.limits().stringLength)
            break;
        const Value *to = dict->find(i, Value(c.unicode()));
        if (!to)
            result += c;
        else if (to->isStr())
            result += to->str();
        else if (to->isIntegral())
            result += QChar(char16_t(to->toInt()));
    }
    return checked(i, result);
}

Value expandTabs(Interpreter &i, const Value &value, const CallArgs &args)
{
    Arguments a(i, args, u"expandtabs"_s);
    const qint64 size = std::clamp<qint64>(number(i, a.optional(u"tabsize"_s, Value(8))), 0, 1000);
    a.finish();
    QString result;
    qsizetype column = 0;
    for (const QChar c : self(value)) {
        if (result.size() > i.limits().stringLength)
            break;
        if (c == u'\t') {
            const qsizetype blanks = size > 0 ? size - column % size : 0;
            result += QString(blanks, u' ');
            column += blanks;
        } else {
            result += c;
            column = c == u'\n' ? 0 : column + 1;
        }
    }
    return checked(i, result);
}

Value count(Interpreter &i, const Value &value, const CallArgs &args)
{
    Arguments a(i, args, u"count"_s);
    const QString part = text(i, a.required(u"sub"_s), u"count"_s);
    const auto [begin, end] = bounds(i, a, self(value));
    a.finish();
    if (begin > end)
        return Value(0);
    const QStringView within = QStringView(self(value)).mid(begin, end - begin);
    if (part.isEmpty())
        return Value(within.size() + 1);
    qint64 found = 0;
    for (qsizetype at = within.indexOf(part); at >= 0; at = within.indexOf(part, at + part.size()))
        ++found;
    return Value(found);
}

Value zfill(Interpreter &i, const Value &value, const CallArgs &args)
{
    Arguments a(i, args, u"zfill"_s);
    const qint64 width = qMin<qint64>(number(i, a.required(u"width"_s)), i.limits().stringLength + 1);
    a.finish();
    const QString &what = self(value);
    const bool sign = what.startsWith(u'-') || what.startsWith(u'+');
    const qsizetype missing = qMax<qsizetype>(0, width - pythonLength(what));
    return checked(i, what.left(sign) + QString(missing, u'0') + what.mid(sign));
}

Value removeAffix(Interpreter &i, const Value &value, const CallArgs &args, bool atEnd)
{
    Arguments a(i, args, u"removeprefix"_s);
    const QString part = text(i, a.required(u"prefix"_s), u"removeprefix"_s);
    a.finish();
    const QString &what = self(value);
    if (part.isEmpty() || !(atEnd ? what.endsWith(part) : what.startsWith(part)))
        return value;
    return Value(atEnd ? what.chopped(part.size()) : what.mid(part.size()));
}

using I = Interpreter;
using V = const Value &;
using A = const CallArgs &;

constexpr Method methods[] = {
    {u"format", [](I &i, V v, A a) { return checked(i, braceFormat(i, self(v), a)); }},
    {u"join", join},
    {u"replace", replace},
    {u"split", [](I &i, V v, A a) { return split(i, self(v), a, false); }},
    {u"rsplit", [](I &i, V v, A a) { return split(i, self(v), a, true); }},
    {u"strip", [](I &i, V v, A a) { return strip(i, self(v), a, true, true); }},
    {u"lstrip", [](I &i, V v, A a) { return strip(i, self(v), a, true, false); }},
    {u"rstrip", [](I &i, V v, A a) { return strip(i, self(v), a, false, true); }},
    {u"lower", [](I &, V v, A) { return Value(lowered(self(v))); }},
    {u"upper", [](I &, V v, A) { return Value(self(v).toUpper()); }},
    {u"casefold", [](I &, V v, A) { return Value(folded(self(v))); }},
    {u"title", [](I &, V v, A) { return Value(titled(self(v))); }},
    {u"capitalize", [](I &, V v, A) { 
         return Value(self(v).isEmpty() ? QString()
                                        : titleLetter(self(v)[0]) + lowered(self(v).mid(1)));
     }},
    {u"swapcase", [](I &, V v, A) { return Value(swapped(self(v))); }},
    {u"startswith", [](I &i, V v, A a) { return affix(i, v, a, false); }},
    {u"endswith", [](I &i, V v, A a) { return affix(i, v, a, true); }},
    {u"removeprefix", [](I &i, V v, A a) { return removeAffix(i, v, a, false); }},
    {u"removesuffix", [](I &i, V v, A a) { return removeAffix(i, v, a, true); }},
    {u"splitlines", splitLines},
    {u"partition", [](I &i, V v, A a) { return partition(i, v, a, false); }},
    {u"rpartition", [](I &i, V v, A a) { return partition(i, v, a, true); }},
    {u"find", [](I &i, V v, A a) { return find(i, v, a, false, false); }},
    {u"rfind", [](I &i, V v, A a) { return find(i, v, a, true, false); }},
    {u"index", [](I &i, V v, A a) { return find(i, v, a, false, true); }},
    {u"rindex", [](I &i, V v, A a) { return find(i, v, a, true, true); }},
    {u"count", count},
    {u"ljust", [](I &i, V v, A a) { return pad(i, v, a, 'l'); }},
    {u"rjust", [](I &i, V v, A a) { return pad(i, v, a, 'r'); }},
    {u"center", [](I &i, V v, A a) { return pad(i, v, a, 'c'); }},
    {u"zfill", zfill},
    {u"encode", encode},
    {u"translate", translate},
    {u"expandtabs", expandTabs},
    {u"format_map", [](I &i, V v, A a) {
         CallArgs all;
         if (const auto *dict = a.positional.empty() ? nullptr : i.plain(a.positional[0]).as<Dict>()) {
             for (const auto &[key, value] : dict->entries())
                 all.keywords.emplace_back(i.str(key), value);
         }
         return checked(i, braceFormat(i, self(v), all));
     }},
    {u"isdigit", [](I &, V v, A) { return all(v, [](QChar c) { return c.digitValue() >= 0; }); }},
    {u"isprintable", [](I &, V v, A) { return Value(isPrintable(self(v))); }},
    {u"isdecimal", [](I &, V v, A) { return all(v, [](QChar c) { return c.isDigit(); }); }},
    {u"isnumeric", [](I &, V v, A) { return all(v, [](QChar c) { return c.isNumber(); }); }},
    {u"isalpha", [](I &, V v, A) { return all(v, [](QChar c) { return c.isLetter(); }); }},
    {u"isalnum", [](I &, V v, A) { return all(v, [](QChar c) { return c.isLetterOrNumber(); }); }},
    {u"isspace", [](I &, V v, A) { return all(v, [](QChar c) { return c.isSpace(); }); }},
    {u"isascii", [](I &, V v, A) {
         return Value(std::all_of(self(v).begin(), self(v).end(),
                                  [](QChar c) { return c.unicode() < 128; }));
     }},
    {u"isupper", [](I &, V v, A) { return cased(v, true); }},
    {u"islower", [](I &, V v, A) { return cased(v, false); }},
    {u"isidentifier", isIdentifier},
    {u"istitle", isTitle},
};

} // namespace

std::span<const Method> strMethods()
{
    return methods;
}

} // namespace tribikos::py
