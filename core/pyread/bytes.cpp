#include "core/pyread/methods.h"

namespace tribikos::py {

using namespace Qt::StringLiterals;

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
