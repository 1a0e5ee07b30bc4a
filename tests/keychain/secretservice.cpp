#include "tests/keychain/secretservice.h"

#include <QDBusArgument>
#include <QDBusMessage>
#include <QDBusMetaType>
#include <QDBusObjectPath>
#include <QDBusVariant>

using namespace Qt::StringLiterals;

namespace tribikos {

/// (oayays)
struct Secret
{
    QDBusObjectPath session{};
    QByteArray parameters{};
    QByteArray value{};
    QString contentType{};
};
using Secrets = QMap<QDBusObjectPath, Secret>;
using Attributes = QMap<QString, QString>;

QDBusArgument &operator<<(QDBusArgument &argument, const Secret &secret)
{
    argument.beginStructure();
    argument << secret.session << secret.parameters << secret.value << secret.contentType;
    argument.endStructure();
    return argument;
}

const QDBusArgument &operator>>(const QDBusArgument &argument, Secret &secret)
{
    argument.beginStructure();
    argument >> secret.session >> secret.parameters >> secret.value >> secret.contentType;
    argument.endStructure();
    return argument;
}

namespace {

const QString kRoot = u"/org/freedesktop/secrets"_s;
const QString kName = u"org.freedesktop.secrets"_s;

QDBusObjectPath nothing()
{
    return QDBusObjectPath(u"/"_s); // no prompt is needed
}

QList<QDBusObjectPath> pathsOf(const QList<SecretService::Item> &items)
{
    QList<QDBusObjectPath> paths;
    for (const SecretService::Item &item : items)
        paths.append(QDBusObjectPath(item.path));
    return paths;
}

} // namespace

SecretService::SecretService(const QString &address)
    : m_bus(QDBusConnection::connectToBus(address, u"secrets"_s))
{
    qDBusRegisterMetaType<Attributes>();
    qDBusRegisterMetaType<Secret>();
    qDBusRegisterMetaType<Secrets>();
    qDBusRegisterMetaType<QList<QDBusObjectPath>>();
    if (!m_bus.registerVirtualObject(kRoot, this, QDBusConnection::SubPath)
        || !m_bus.registerService(kName))
        qFatal("The stand-in can't be reached: %s", qPrintable(m_bus.lastError().message()));
}

SecretService::~SecretService()
{
    m_bus.unregisterService(kName);
    m_bus.unregisterObject(kRoot);
    QDBusConnection::disconnectFromBus(u"secrets"_s);
}

QString SecretService::introspect(const QString &) const
{
    return {};
}

bool SecretService::handleMessage(const QDBusMessage &message, const QDBusConnection &connection)
{
    const bool wantsCipher =
        message.member() == u"OpenSession" && message.arguments().value(0) != u"plain"_s;
    if (wantsCipher)
        return connection.send(message.createErrorReply(QDBusError::NotSupported, u"plain only"_s));
    if (m_refuses && message.member() == u"CreateItem")
        return connection.send(
            message.createErrorReply(QDBusError::AccessDenied, u"The keychain is locked"_s));
    return connection.send(message.createReply(answer(message)));
}

QVariantList SecretService::answer(const QDBusMessage &message)
{
    const QString member = message.member();
    const QVariantList given = message.arguments();
    if (member == u"OpenSession")
        return {QVariant::fromValue(QDBusVariant(QString())),
                QVariant::fromValue(QDBusObjectPath(kRoot + u"/session/s1"_s))};
    if (member == u"SearchItems")
        return {QVariant::fromValue(pathsOf(found(qdbus_cast<Attributes>(given.value(0))))),
                QVariant::fromValue(QList<QDBusObjectPath>())};
    if (member == u"GetSecrets") {
        Secrets secrets;
        const auto asked = qdbus_cast<QList<QDBusObjectPath>>(given.value(0));
        for (const Item &item : std::as_const(m_items)) {
            if (asked.contains(QDBusObjectPath(item.path)))
                secrets.insert(QDBusObjectPath(item.path),
                               {.session = given.value(1).value<QDBusObjectPath>(),
                                .value = item.secret,
                                .contentType = u"text/plain"_s});
        }
        return {QVariant::fromValue(secrets)};
    }
    if (member == u"CreateItem")
        return createItem(message);
    if (member == u"Delete") {
        m_items.removeIf([&](const Item &item) { return item.path == message.path(); });
        return {QVariant::fromValue(nothing())};
    }
    if (member == u"Unlock")
        return {given.value(0), QVariant::fromValue(nothing())};
    if (member == u"ReadAlias")
        return {QVariant::fromValue(QDBusObjectPath(kRoot + u"/collection/login"_s))};
    return {QVariantMap()}; // properties: none
}

QVariantList SecretService::createItem(const QDBusMessage &message)
{
    const auto properties = qdbus_cast<QVariantMap>(message.arguments().value(0));
    Item item{.attributes = qdbus_cast<Attributes>(
                  properties.value(u"org.freedesktop.Secret.Item.Attributes"_s)),
              .secret = qdbus_cast<Secret>(message.arguments().value(1)).value,
              .path = u"%1/collection/login/%2"_s.arg(kRoot).arg(++m_made)};
    if (message.arguments().value(2).toBool())
        m_items.removeIf([&](const Item &old) { return old.attributes == item.attributes; });
    m_items.append(item);
    return {QVariant::fromValue(QDBusObjectPath(item.path)), QVariant::fromValue(nothing())};
}

QList<SecretService::Item> SecretService::found(const QMap<QString, QString> &attributes) const
{
    QList<Item> all;
    for (const Item &item : m_items) {
        bool fits = true;
        for (auto asked = attributes.cbegin(); asked != attributes.cend(); ++asked)
            fits &= item.attributes.value(asked.key()) == *asked;
        if (fits)
            all.append(item);
    }
    return all;
}

} // namespace tribikos

Q_DECLARE_METATYPE(tribikos::Secret)
