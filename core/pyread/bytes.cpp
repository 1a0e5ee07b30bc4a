#include "core/pyread/arguments.h"
#include "core/pyread/methods.h"

namespace tribikos::py {

using namespace Qt::StringLiterals;

namespace {

using I = Interpreter;
using V = const Value &;
using A = const CallArgs &;

Value decoded(I &i, V value, A args)
{
    Arguments a(i, args, u"decode"_s);
    const QString encoding = i.str(a.optional(u"encoding"_s, Value(u"utf-8"_s)))
                                 .toLower();
    const QString errors = i.str(a.optional(u"errors"_s, Value(u"strict"_s)));
    a.finish();
    const QByteArray &data = value.as<Bytes>()->data;
    const bool isEscaped = encoding == u"unicode-escape" || encoding == u"unicode_escape";
    if (encoding == u"latin-1" || encoding == u"latin1" || (isEscaped && !data.contains('\\')))
        return Value(QString::fromLatin1(data));
    if (encoding != u"utf-8" && encoding != u"utf8" && encoding != u"ascii")
        i.unsupported(u"decodes bytes as %1"_s.arg(encoding));
    const QString text = QString::fromUtf8(data);
    const bool isAscii = std::all_of(data.begin(), data.end(), [](char c) { return c >= 0; });
    const bool isClean = text.toUtf8() == data && (encoding != u"ascii" || isAscii);
    if (!isClean && errors != u"strict")
        i.unsupported(u"decodes bytes with errors=\"%1\""_s.arg(errors));
    if (!isClean)
        i.raise(u"UnicodeDecodeError"_s, u"'utf-8' codec can't decode bytes"_s);
    return Value(text);
}

/// The str method of the same name, on Latin-1: bytes have most of them, and answer in bytes.
Value asText(I &i, V v, A args, const QString &method)
{
    const auto latin = [](V value) {
        const auto *bytes = value.as<Bytes>();
        return bytes ? Value(QString::fromLatin1(bytes->data)) : value;
    };
    CallArgs texts;
    texts.span = args.span;
    for (const Value &value : args.positional) {
        if (value.isStr())
            i.raise(u"TypeError"_s, u"a bytes-like object is required, not 'str'"_s);
        if (value.as<Tuple>() || value.as<List>()) {
            std::vector<Value> items;
            for (const Value &item : i.items(value))
                items.push_back(latin(item));
            texts.positional.push_back(i.tuple(std::move(items)));
        } else {
            texts.positional.push_back(latin(value));
        }
    }
    for (const auto &[name, value] : args.keywords)
        texts.keywords.emplace_back(name, latin(value));
    const Value answer = i.call(i.getAttr(latin(v), method), texts);
    const auto back = [&i](V value) {
        return value.isStr() ? i.bytes(value.str().toLatin1()) : value;
    };
    if (const auto *list = answer.as<List>()) {
        std::vector<Value> items;
        for (const Value &item : list->items)
            items.push_back(back(item));
        return i.list(std::move(items));
    }
    return back(answer);
}

template<const char16_t *Name>
Value likeText(I &i, V v, A args)
{
    return asText(i, v, args, QString::fromUtf16(Name));
}

constexpr char16_t splitName[] = u"split";
constexpr char16_t rsplitName[] = u"rsplit";
constexpr char16_t replaceName[] = u"replace";
constexpr char16_t stripName[] = u"strip";
constexpr char16_t lstripName[] = u"lstrip";
constexpr char16_t rstripName[] = u"rstrip";
constexpr char16_t startsName[] = u"startswith";
constexpr char16_t endsName[] = u"endswith";
constexpr char16_t joinName[] = u"join";
constexpr char16_t findName[] = u"find";
constexpr char16_t countName[] = u"count";

constexpr Method bytesTable[] = {
    {u"decode", decoded},
    {u"hex",
     [](I &i, V v, A args) {
         Arguments a(i, args, u"hex"_s);
         a.finish();
         return Value(QString::fromLatin1(v.as<Bytes>()->data.toHex()));
     }},
    {u"split", likeText<splitName>},
    {u"rsplit", likeText<rsplitName>},
    {u"replace", likeText<replaceName>},
    {u"strip", likeText<stripName>},
    {u"lstrip", likeText<lstripName>},
    {u"rstrip", likeText<rstripName>},
    {u"startswith", likeText<startsName>},
    {u"endswith", likeText<endsName>},
    {u"join", likeText<joinName>},
    {u"find", likeText<findName>},
    {u"count", likeText<countName>},
};

} // namespace

std::span<const Method> bytesMethods()
{
    return bytesTable;
}

std::optional<Value> Bytes::getAttr(Interpreter &interpreter, const QString &name)
{
    if (auto method = boundMethod(interpreter, bytesMethods(), Value(this), name))
        return method;
    return Object::getAttr(interpreter, name);
}

void Bytes::iterate(Interpreter &, const Visitor &visit)
{
    for (const char c : data) {
        if (!visit(Value(static_cast<unsigned char>(c))))
            return;
    }
}

Value Bytes::getItem(Interpreter &interpreter, const Value &key)
{
    if (const auto *slice = key.as<Slice>()) {
        QByteArray part;
        for (const qint64 index : slice->indices(interpreter, data.size()))
            part += data[index];
        return interpreter.bytes(part);
    }
    return Value(static_cast<unsigned char>(
        data[sequenceIndex(interpreter, key, data.size(), u"index"_s)]));
}

std::optional<bool> Bytes::contains(Interpreter &interpreter, const Value &item)
{
    if (const auto *part = item.as<Bytes>())
        return data.contains(part->data);
    if (!item.isInt())
        interpreter.raise(u"TypeError"_s, u"a bytes-like object is required, not '%1'"_s.arg(
                                              interpreter.typeName(item)));
    return item.toInt() >= 0 && item.toInt() < 256 && data.contains(char(item.toInt()));
}

std::optional<Value> Bytes::binary(Interpreter &interpreter, BinaryOp op, const Value &other,
                                   bool reflected)
{
    const auto *right = other.as<Bytes>();
    if (op == BinaryOp::Add && right && !reflected) {
        interpreter.charge(data.size() + right->data.size());
        return interpreter.bytes(data + right->data);
    }
    if (op == BinaryOp::Mul && other.isIntegral()) {
        const qint64 times = qBound<qint64>(0, other.toInt(), interpreter.limits().stringLength + 1);
        if (!data.isEmpty())
            interpreter.checkLength(times * data.size() > interpreter.limits().stringLength
                                        ? interpreter.limits().listLength + 1 : 0);
        return interpreter.bytes(data.repeated(times));
    }
    return std::nullopt;
}

std::optional<Value> Bytes::compare(Interpreter &interpreter, CompareOp op, const Value &other)
{
    const auto *right = other.as<Bytes>();
    if (!right)
        return std::nullopt;
    return interpreter.compare(op, Value(QString::fromLatin1(data)),
                               Value(QString::fromLatin1(right->data)));
}

size_t Bytes::hash(Interpreter &)
{
    return qHash(data);
}

QString Bytes::repr(Interpreter &)
{
    return reprBytes(data);
}

} // namespace tribikos::py
