#pragma once

#include <QByteArray>
#include <QDBusConnection>
#include <QDBusVirtualObject>
#include <QList>
#include <QMap>

namespace tribikos {

/*!
    What a desktop has for passwords (org.freedesktop.secrets, as GNOME's and KDE's have it), as far as libsecret asks for it:
    one collection, open, in memory, secrets in clear on the bus.
*/
class SecretService final : public QDBusVirtualObject
{
    Q_OBJECT
public:
    struct Item
    {
        QMap<QString, QString> attributes{};
        QByteArray secret{};
        QString path{};
    };

    /// Answers on the bus at \a address until it goes.
    explicit SecretService(const QString &address);
    ~SecretService() override;

    const QList<Item> &items() const { return m_items; }
    void setRefusing(bool refuses) { m_refuses = refuses; } // to keep anything

    QString introspect(const QString &path) const override;
    bool handleMessage(const QDBusMessage &message, const QDBusConnection &connection) override;

private:
    QVariantList answer(const QDBusMessage &message);
    QVariantList createItem(const QDBusMessage &message);
    QList<Item> found(const QMap<QString, QString> &attributes) const;

    QDBusConnection m_bus;
    QList<Item> m_items{};
    int m_made = 0;
    bool m_refuses = false;
};

} // namespace tribikos
