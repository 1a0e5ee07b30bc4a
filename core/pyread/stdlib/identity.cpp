// uuid, hashlib, base64, random and secrets.
#include "core/pyread/stdlib/library.h"
#include "core/pyread/wholenumber.h"

#include <QCryptographicHash>
#include <QRandomGenerator>
#include <QRegularExpression>
#include <QUuid>

namespace tribikos::py::stdlib {

using namespace Qt::StringLiterals;

namespace {

using I = Interpreter;
using A = const CallArgs &;

QString different()
{
    return u"it differs from run to run"_s;
}

class Uuid : public Instance
{
public:
    Uuid(Class *itsClass, QUuid itsId) : Instance(itsClass), id(itsId) {}
    std::optional<Value> nativeAttr(Interpreter &interpreter, const QString &name) override
    {
        if (name == u"hex")
            return Value(id.toString(QUuid::Id128));
        if (name == u"bytes")
            return interpreter.bytes(id.toRfc4122());
        if (name == u"version")
            return id.variant() == QUuid::DCE ? Value(int(id.version())) : Value();
        if (name == u"int")
            return wholeFromHex(interpreter, id.toString(QUuid::Id128));
        if (name == u"bytes_le" || name == u"fields" || name == u"variant" || name == u"time")
            interpreter.unsupported(u"takes a UUID apart by .%1"_s.arg(name));
        if (name == u"urn")
            return Value(u"urn:uuid:"_s + text());
        return std::nullopt;
    }
    std::optional<Value> compare(Interpreter &i, CompareOp op, const Value &other) override
    {
        const auto *right = other.as<Uuid>();
        return right ? std::optional<Value>(i.compare(op, Value(text()), Value(right->text())))
                     : std::nullopt;
    }
    size_t hash(Interpreter &) override { return qHash(id); }
    QString str(Interpreter &) override { return text(); }
    QString repr(Interpreter &) override { return u"UUID('%1')"_s.arg(text()); }
    QString text() const { return id.toString(QUuid::WithoutBraces); }
    const QUuid id;
};

Class *uuidClass(I &i)
{
    return sharedClass(i, u"uuid.UUID"_s, [&] {
        Class *cls = i.makeClass(u"UUID"_s, {}, [](I &in, Class *made, A args) -> Value {
            Arguments a(in, args, u"UUID"_s);
            const Value hex = a.optional(u"hex"_s);
            const Value bytes = a.optional(u"bytes"_s);
            const Value number = a.keywordOnly(u"int"_s);
            a.optional(u"bytes_le"_s);
            a.optional(u"fields"_s);
            a.keywordOnly(u"version"_s);
            if (!number.isNone())
                return in.make<Uuid>(made, QUuid::fromRfc4122(QByteArray::fromHex(
                                               hexOfWhole(in, number, 32).toLatin1())));
            if (const auto *data = bytes.as<Bytes>(); data && data->data.size() == 16)
                return in.make<Uuid>(made, QUuid::fromRfc4122(data->data));
            if (hex.isNone())
                in.unsupported(u"makes a UUID from its parts"_s);
            QString text = textOf(in, in.isInstance(hex, made) ? Value(in.str(hex)) : hex);
            text.remove(u"urn:"_s).remove(u"uuid:"_s).remove(u'{').remove(u'}').remove(u'-');
            static const QRegularExpression digits(u"^[0-9a-fA-F]{32}$"_s);
            if (!digits.match(text).hasMatch())
                in.raise(u"ValueError"_s, u"badly formed hexadecimal UUID string"_s);
            return in.make<Uuid>(made, QUuid::fromRfc4122(QByteArray::fromHex(text.toLatin1())));
        });
        cls->module = u"uuid"_s;
        return cls;
    });
}

Value named(I &i, A args, bool sha1)
{
    Arguments a(i, args, u"uuid5"_s);
    const Value space = a.required(u"namespace"_s);
    const QString name = textOf(i, a.required(u"name"_s));
    a.finish();
    const auto *id = space.as<Uuid>();
    if (!id)
        i.raise(u"TypeError"_s, u"the namespace must be a UUID"_s);
    return i.make<Uuid>(uuidClass(i), sha1 ? QUuid::createUuidV5(id->id, name)
                                           : QUuid::createUuidV3(id->id, name));
}

std::optional<Value> uuidName(I &i, const QString &name)
{
    if (name == u"UUID")
        return Value(uuidClass(i));
    if (name == u"uuid4") {
        return i.function(name, [](I &in, A) {
            return in.fresh(u"uuid.uuid4()"_s, [&in] {
                return Value(in.make<Uuid>(uuidClass(in), QUuid::createUuid()));
            });
        });
    }
    if (name == u"uuid1" || name == u"uuid6" || name == u"uuid7") {
        return i.function(name, [name](I &in, A) {
            return in.unknown(u"uuid.%1()"_s.arg(name), different());
        });
    }
    if (name == u"uuid3" || name == u"uuid5")
        return i.function(name, [sha1 = name == u"uuid5"](I &in, A args) { return named(in, args, sha1); });
    static const QHash<QString, QString> spaces{
        {u"NAMESPACE_DNS"_s, u"6ba7b810-9dad-11d1-80b4-00c04fd430c8"_s},
        {u"NAMESPACE_URL"_s, u"6ba7b811-9dad-11d1-80b4-00c04fd430c8"_s},
        {u"NAMESPACE_OID"_s, u"6ba7b812-9dad-11d1-80b4-00c04fd430c8"_s},
        {u"NAMESPACE_X500"_s, u"6ba7b814-9dad-11d1-80b4-00c04fd430c8"_s}};
    if (spaces.contains(name))
        return Value(i.make<Uuid>(uuidClass(i), QUuid(spaces.value(name))));
    return std::nullopt;
}

// --- hashlib -------------------------------------------------------------------------------------

class Hash : public Object
{
public:
    explicit Hash(QCryptographicHash::Algorithm algorithm) : m_algorithm(algorithm) {}
    QString typeName() const override { return u"HASH"_s; }
    void add(I &i, const Value &value)
    {
        const auto *bytes = value.as<Bytes>();
        if (!bytes)
            i.raise(u"TypeError"_s, u"Strings must be encoded before hashing"_s);
        m_data += bytes->data;
        i.charge(bytes->data.size());
    }
    std::optional<Value> getAttr(Interpreter &interpreter, const QString &name) override
    {
        if (name != u"hexdigest" && name != u"digest" && name != u"update")
            return Object::getAttr(interpreter, name);
        return interpreter.function(name, [this, name](I &i, A args) -> Value {
            if (name == u"update") {
                add(i, Arguments(i, args, name).required(u"data"_s));
                return {};
            }
            const QByteArray digest = QCryptographicHash::hash(m_data, m_algorithm);
            return name == u"digest" ? i.bytes(digest) : Value(QString::fromLatin1(digest.toHex()));
        });
    }

private:
    QCryptographicHash::Algorithm m_algorithm;
    QByteArray m_data{};
};

std::optional<Value> hashName(I &i, const QString &name)
{
    static const QHash<QString, QCryptographicHash::Algorithm> known{
        {u"md5"_s, QCryptographicHash::Md5},       {u"sha1"_s, QCryptographicHash::Sha1},
        {u"sha224"_s, QCryptographicHash::Sha224}, {u"sha256"_s, QCryptographicHash::Sha256},
        {u"sha384"_s, QCryptographicHash::Sha384}, {u"sha512"_s, QCryptographicHash::Sha512}};
    if (!known.contains(name))
        return std::nullopt;
    return i.function(name, [algorithm = known.value(name)](I &in, A args) -> Value {
        auto *hash = in.make<Hash>(algorithm);
        if (!args.positional.empty())
            hash->add(in, args.positional.front());
        return hash;
    });
}

// --- base64 --------------------------------------------------------------------------------------

QByteArray data(I &i, A args)
{
    const Value value = Arguments(i, args, u"base64"_s).required(u"s"_s);
    if (const auto *bytes = value.as<Bytes>())
        return bytes->data;
    return textOf(i, value).toLatin1();
}

constexpr Entry base64Table[] = {
    {u"b64encode", [](I &i, A a) { return i.bytes(data(i, a).toBase64()); }},
    {u"b64decode", [](I &i, A a) { return i.bytes(QByteArray::fromBase64(data(i, a))); }},
    {u"urlsafe_b64encode", [](I &i, A a) { return i.bytes(data(i, a).toBase64(QByteArray::Base64UrlEncoding)); }},
    {u"urlsafe_b64decode", [](I &i, A a) {
         return i.bytes(QByteArray::fromBase64(data(i, a), QByteArray::Base64UrlEncoding));
     }},
    {u"b16encode", [](I &i, A a) { return i.bytes(data(i, a).toHex().toUpper()); }},
    {u"b16decode", [](I &i, A a) { return i.bytes(QByteArray::fromHex(data(i, a))); }},
};

/// secrets.token_hex(16), token_urlsafe(), token_bytes(32)
Value token(I &i, const QString &name, A args)
{
    const Value size = Arguments(i, args, name).optional(u"nbytes"_s);
    const qint64 count = size.isNone() ? 32 : numberOf(i, size);
    if (count < 0 || count > 4096)
        i.unsupported(u"asks for %1 random bytes"_s.arg(count));
    return i.fresh(u"secrets.%1()"_s.arg(name), [&]() -> Value {
        const QByteArray made = randomBytes(count);
        if (name == u"token_bytes")
            return i.bytes(made);
        const QByteArray text =
            name == u"token_hex"
                ? made.toHex()
                : made.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
        return Value(QString::fromLatin1(text));
    });
}

} // namespace

Module *uuidModule(Interpreter &interpreter)
{
    return interpreter.make<Module>(u"uuid"_s, uuidName);
}

Module *hashlibModule(Interpreter &interpreter)
{
    return interpreter.make<Module>(u"hashlib"_s, hashName);
}

Module *base64Module(Interpreter &interpreter)
{
    return makeModule(interpreter, u"base64"_s, base64Table);
}

QByteArray randomBytes(qint64 count)
{
    QByteArray bytes(count, Qt::Uninitialized);
    for (char &byte : bytes)
        byte = char(QRandomGenerator::system()->bounded(256));
    return bytes;
}

Module *randomModule(Interpreter &interpreter, const QString &module)
{
    return interpreter.make<Module>(module, [module](I &i, const QString &name) -> std::optional<Value> {
        if (name == u"seed")
            return i.function(name, [](I &, A) { return Value(); });
        if (module == u"secrets" && name.startsWith(u"token_"))
            return i.function(name, [name](I &in, A args) { return token(in, name, args); });
        return i.function(name, [module, name](I &in, A) {
            return in.unknown(u"%1.%2()"_s.arg(module, name), different());
        });
    });
}

} // namespace tribikos::py::stdlib
