#include "tests/keychain/tst_keychain.h"

#include "tests/keychain/secretservice.h"
#include "ui/environments/keychain.h"

#include <QDirIterator>
#include <QTest>
#include <memory>

using namespace tribikos;
using namespace Qt::StringLiterals;

namespace {

constexpr int kWaitMs = 30000;
const QString kPassword = u"canary'\"\\ ä漢"_s;
const QString kEntry = u"postgresql/ann/db.example.org/5432//shop"_s;

QString address()
{
    return qEnvironmentVariable("DBUS_SESSION_BUS_ADDRESS");
}

/// What went wrong; empty: it is kept.
QString written(const QString &entry, const QString &password)
{
    QObject context;
    std::optional<QString> problem;
    Keychain::write(entry, password, &context, [&](const QString &said) { problem = said; });
    (void)QTest::qWaitFor([&] { return problem.has_value(); }, kWaitMs);
    return problem.value_or(u"no answer"_s);
}

std::optional<QString> kept(const QString &entry)
{
    QObject context;
    bool isAnswered = false;
    std::optional<QString> password;
    Keychain::read(entry, &context, [&](const std::optional<QString> &found) {
        password = found;
        isAnswered = true;
    });
    (void)QTest::qWaitFor([&] { return isAnswered; }, kWaitMs);
    return isAnswered ? password : std::optional(u"no answer"_s);
}

/// Files below the home folder, which is the test's own, that hold the password.
QStringList filesWithPassword()
{
    QStringList all;
    for (QDirIterator files(QDir::homePath(), QDir::Files | QDir::Hidden,
                            QDirIterator::Subdirectories);
         files.hasNext();) {
        QFile file(files.next());
        if (file.open(QIODevice::ReadOnly) && file.readAll().contains("canary"))
            all.append(file.fileName());
    }
    return all;
}

} // namespace

void tst_Keychain::keepsAndForgets()
{
    const SecretService desktop(address());
    QCOMPARE(kept(kEntry), std::optional<QString>());
    QCOMPARE(written(kEntry, kPassword), QString());
    QCOMPARE(desktop.items().size(), 1);
    QCOMPARE(desktop.items().constFirst().attributes.value(u"user"_s), kEntry);
    QCOMPARE(desktop.items().constFirst().attributes.value(u"server"_s), u"Tribikos"_s);
    QCOMPARE(kept(kEntry), std::optional(kPassword));
    QCOMPARE(written(kEntry, u"another"_s), QString()); // in its place
    QCOMPARE(desktop.items().size(), 1);
    QCOMPARE(kept(kEntry), std::optional(u"another"_s));
    Keychain::remove(kEntry);
    QTRY_VERIFY_WITH_TIMEOUT(desktop.items().isEmpty(), kWaitMs);
    QCOMPARE(kept(kEntry), std::optional<QString>());
    QCOMPARE(filesWithPassword(), QStringList());
}

void tst_Keychain::knowsNothingOfOthers()
{
    const SecretService desktop(address());
    QCOMPARE(written(kEntry, kPassword), QString());
    QCOMPARE(kept(kEntry + u"2"_s), std::optional<QString>());
    Keychain::remove(kEntry + u"2"_s);
    QCOMPARE(kept(kEntry), std::optional(kPassword));
}

void tst_Keychain::saysThatItIsNotKept_data()
{
    QTest::addColumn<bool>("isThere");
    QTest::newRow("a keychain that refuses") << true;
    QTest::newRow("no keychain") << false;
}

/// Without one a password is kept nowhere, least of all in clear.
void tst_Keychain::saysThatItIsNotKept()
{
    QFETCH(bool, isThere);
    const auto desktop = isThere ? std::make_unique<SecretService>(address()) : nullptr;
    if (desktop)
        desktop->setRefusing(true);
    const QString problem = written(kEntry, kPassword);
    QVERIFY2(problem.contains(u"The keychain did not keep the password"_s)
                 && problem.contains(u"it holds until you quit"_s),
             qPrintable(problem));
    QVERIFY(!problem.contains(u"canary"_s));
    QCOMPARE(kept(kEntry), std::optional<QString>());
    QVERIFY(!desktop || desktop->items().isEmpty());
    QCOMPARE(filesWithPassword(), QStringList());
}
