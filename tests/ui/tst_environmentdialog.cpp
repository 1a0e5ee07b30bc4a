#include "suites.h"

#include "mnemonics.h"
#include "core/config/connectiontext.h"
#include "ui/environments/connectionform.h"
#include "ui/environments/environmentdialog.h"
#include "ui/environments/keychain.h"
#include "ui/environments/passworddialog.h"
#include "ui/shell/inlinebanner.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSpinBox>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

using namespace tribikos;
using namespace Qt::StringLiterals;

class tst_EnvironmentDialog : public QObject
{
    Q_OBJECT
private slots:
    void checksWhileOneTypes_data();
    void checksWhileOneTypes();
    void fieldsFollowTheUrl_data();
    void fieldsFollowTheUrl();
    void urlFollowsTheFields();
    void keepsWhatItDoesNotKnow();
    void takesThePasswordOut();
    void offersTheProjectsUrls();
    void triesTheConnection();
    void asksForAPassword();
    void namesKeychainEntries();
    void everyLetterLeadsToOneThing_data();
    void everyLetterLeadsToOneThing();
    void tabGoesAsOneReads_data();
    void tabGoesAsOneReads();

private:
    static QLineEdit *urlField(const EnvironmentDialog &dialog);
    /// The field whose label, without its mnemonic, begins with \a label.
    template<typename Field>
    static Field *field(const EnvironmentDialog &dialog, const QString &label);
    static QPushButton *button(const QDialog &dialog, const QString &text);
};

QLineEdit *tst_EnvironmentDialog::urlField(const EnvironmentDialog &dialog)
{
    return field<QLineEdit>(dialog, u"URL"_s);
}

template<typename Field>
Field *tst_EnvironmentDialog::field(const EnvironmentDialog &dialog, const QString &label)
{
    for (const QLabel *one : dialog.findChildren<QLabel *>())
        if (QString(one->text()).remove(u'&').startsWith(label))
            if (auto *found = qobject_cast<Field *>(one->buddy()))
                return found;
    return nullptr;
}

QPushButton *tst_EnvironmentDialog::button(const QDialog &dialog, const QString &text)
{
    for (QPushButton *one : dialog.findChildren<QPushButton *>())
        if (QString(one->text()).remove(u'&').startsWith(text))
            return one;
    return nullptr;
}

void tst_EnvironmentDialog::checksWhileOneTypes_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("url");
    QTest::addColumn<bool>("isGood");
    QTest::newRow("empty") << QString() << QString() << false;
    QTest::newRow("no name") << QString() << u"sqlite:///x.sqlite"_s << false;
    QTest::newRow("name is taken") << u"local"_s << u"sqlite:///x.sqlite"_s << false;
    QTest::newRow("no URL") << u"mine"_s << QString() << false;
    QTest::newRow("memory") << u"mine"_s << u"sqlite://"_s << false;
    QTest::newRow("unknown scheme") << u"mine"_s << u"oracle://x"_s << false;
    QTest::newRow("unknown parameter") << u"mine"_s << u"postgresql://db/x?no_such=1"_s << false;
    QTest::newRow("SQLite") << u"mine"_s << u"sqlite:////tmp/x.sqlite"_s << true;
    QTest::newRow("async driver") << u"mine"_s << u"sqlite+aiosqlite:////tmp/x.sqlite"_s << true;
    QTest::newRow("server") << u"mine"_s << u"postgresql://me@db/x"_s << true;
}

void tst_EnvironmentDialog::checksWhileOneTypes()
{
    QFETCH(QString, name);
    QFETCH(QString, url);
    QFETCH(bool, isGood);
    EnvironmentDialog dialog({u"local"_s}, u"/nowhere"_s);
    QTest::keyClicks(field<QLineEdit>(dialog, u"Name"_s), name);
    QTest::keyClicks(urlField(dialog), url);
    QVERIFY2(dialog.problem().isEmpty() == isGood, qPrintable(dialog.problem()));
    QCOMPARE(button(dialog, u"Add environment"_s)->isEnabled(), isGood);
    if (isGood)
        QCOMPARE(dialog.environment().url, url);
}

void tst_EnvironmentDialog::fieldsFollowTheUrl_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("label");
    QTest::addColumn<QString>("value");
    QTest::newRow("host") << u"postgresql://me@db:5433/shop"_s << u"postgresql://me@db:5433/shop"_s << u"Host"_s << u"db"_s;
    QTest::newRow("database") << u"mysql://me@db/shop"_s << u"mysql://me@db/shop"_s << u"Database"_s << u"shop"_s;
    QTest::newRow("socket") << u"postgresql:///shop?host=/run/pg"_s << u"postgresql:///shop?host=/run/pg"_s << u"Host"_s
                            << u"/run/pg"_s;
    QTest::newRow("role") << u"postgresql://db/shop?options=-c%20role%3Dapp"_s
                          << u"postgresql://db/shop?options=-c%20role%3Dapp"_s << u"Role"_s << u"app"_s;
    QTest::newRow("JDBC") << u"jdbc:postgresql://db/shop?user=me"_s << u"postgresql://me@db/shop"_s << u"User"_s << u"me"_s;
    QTest::newRow("file") << u"/tmp/a.sqlite"_s << u"sqlite:////tmp/a.sqlite"_s << u"File"_s << u"/tmp/a.sqlite"_s;
}

void tst_EnvironmentDialog::fieldsFollowTheUrl()
{
    QFETCH(QString, typed);
    QFETCH(QString, url);
    QFETCH(QString, label);
    QFETCH(QString, value);
    const EnvironmentDialog dialog({}, u"/nowhere"_s);
    urlField(dialog)->setText(typed);
    emit urlField(dialog)->editingFinished();
    QCOMPARE(urlField(dialog)->text(), url);
    QCOMPARE(field<QLineEdit>(dialog, label)->text(), value);
}

void tst_EnvironmentDialog::urlFollowsTheFields()
{
    const EnvironmentDialog dialog({}, u"/nowhere"_s);
    QComboBox *kind = dialog.form()->backendBox();
    const auto choose = [kind](Backend backend) {
        kind->setCurrentIndex(kind->findData(int(backend)));
        emit kind->activated(kind->currentIndex());
    };
    choose(Backend::PostgreSql);
    QTest::keyClicks(field<QLineEdit>(dialog, u"Host"_s), u"db.example"_s);
    field<QSpinBox>(dialog, u"Port"_s)->setValue(5433);
    QTest::keyClicks(field<QLineEdit>(dialog, u"Database"_s), u"market"_s);
    QTest::keyClicks(field<QLineEdit>(dialog, u"User"_s), u"me@home"_s);
    QCOMPARE(urlField(dialog)->text(), u"postgresql://me%40home@db.example:5433/market"_s);
    auto *tls = field<QComboBox>(dialog, u"Encryption"_s);
    tls->setCurrentIndex(4);
    emit tls->activated(4);
    QTest::keyClicks(field<QLineEdit>(dialog, u"Search path"_s), u"shop"_s);
    field<QSpinBox>(dialog, u"A statement"_s)->setValue(30);
    QCOMPARE(urlField(dialog)->text(),
             u"postgresql://me%40home@db.example:5433/market?sslmode=verify-full&options=-c%20search_path%3Dshop%20-c%20"
             "statement_timeout%3D30000"_s);
    choose(Backend::MySql); // its parameters have other names
    QCOMPARE(urlField(dialog)->text(), u"mysql://me%40home@db.example"_s);
    QTest::keyClicks(field<QLineEdit>(dialog, u"Initial SQL"_s), u"SET x = 1"_s);
    QCOMPARE(urlField(dialog)->text(), u"mysql://me%40home@db.example?init_command=SET%20x%20%3D%201"_s);
}

void tst_EnvironmentDialog::keepsWhatItDoesNotKnow()
{
    const EnvironmentDialog dialog({}, u"/nowhere"_s);
    urlField(dialog)->setText(u"postgresql+asyncpg://me@db/shop?application_name=x&sslmode=prefer"_s);
    QTest::keyClicks(field<QLineEdit>(dialog, u"Database"_s), u"2"_s);
    QCOMPARE(urlField(dialog)->text(), u"postgresql+asyncpg://me@db/shop2?application_name=x&sslmode=prefer"_s);
}

void tst_EnvironmentDialog::takesThePasswordOut()
{
    EnvironmentDialog dialog({}, u"/nowhere"_s);
    field<QLineEdit>(dialog, u"Name"_s)->setText(u"staging"_s);
    urlField(dialog)->setText(u"postgresql://me:canary-1@db/shop"_s);
    emit urlField(dialog)->editingFinished();
    QCOMPARE(urlField(dialog)->text(), u"postgresql://me@db/shop"_s);
    QCOMPARE(dialog.environment().url, u"postgresql://me@db/shop"_s);
    QCOMPARE(dialog.environment().password, std::optional(u"canary-1"_s));
    QVERIFY(!dialog.keepsPassword());
    for (const QLabel *label : dialog.findChildren<QLabel *>())
        QVERIFY2(!label->text().contains(u"canary"_s), qPrintable(label->text()));
    EnvironmentDialog again({}, u"/nowhere"_s);
    again.setEnvironment(dialog.environment());
    QVERIFY(!again.environment().password); // left as it is
}

void tst_EnvironmentDialog::offersTheProjectsUrls()
{
    const QTemporaryDir folder;
    QFile file(folder.filePath(u".env"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("DATABASE_URL=postgresql://me:canary-2@db/shop\n");
    file.close();
    const EnvironmentDialog dialog({}, folder.path());
    QTRY_VERIFY(!dialog.isBusy());
    auto *import = dialog.findChild<QToolButton *>();
    for (QToolButton *one : dialog.findChildren<QToolButton *>())
        import = one->menu() ? one : import;
    QCOMPARE(import->menu()->actions().size(), 1);
    QAction *offered = import->menu()->actions().constFirst();
    QVERIFY(offered->text().contains(u".env:1"_s));
    QVERIFY(!offered->text().contains(u"canary"_s));
    offered->trigger();
    QCOMPARE(urlField(dialog)->text(), u"postgresql://me@db/shop"_s);
    QCOMPARE(dialog.environment().password, std::optional(u"canary-2"_s));
}

void tst_EnvironmentDialog::triesTheConnection()
{
    const QTemporaryDir folder;
    EnvironmentDialog dialog({}, folder.path());
    dialog.show();
    urlField(dialog)->setText(u"sqlite:///shop.sqlite"_s);
    QVERIFY(button(dialog, u"Test"_s)->isEnabled());
    QTest::mouseClick(button(dialog, u"Test"_s), Qt::LeftButton);
    QTRY_VERIFY(!dialog.isBusy());
    QVERIFY2(dialog.report()->text().contains(u"Tables can be made here"_s), qPrintable(dialog.report()->text()));
    urlField(dialog)->setText(u"postgresql://nobody@127.0.0.1:1/x"_s);
    QVERIFY(!dialog.report()->isVisible()); // that was another database
    dialog.tryConnection();
    QTRY_VERIFY(!dialog.isBusy());
    QVERIFY2(dialog.report()->text().contains(u"No connection"_s), qPrintable(dialog.report()->text()));
}

void tst_EnvironmentDialog::asksForAPassword()
{
    const Environment environment{.name = u"staging"_s, .url = u"postgresql://me@db/shop"_s, .backend = Backend::PostgreSql};
    const PasswordDialog dialog(environment, {.code = ErrorCode::Connection, .message = u"No connection."_s});
    auto *password = dialog.findChild<QLineEdit *>();
    auto *keep = dialog.findChild<QCheckBox *>();
    QVERIFY(!keep->isEnabled());
    keep->setChecked(true);
    QVERIFY(!dialog.keepsPassword());
    QTest::keyClicks(password, u"secret"_s);
    QVERIFY(dialog.keepsPassword());
    QCOMPARE(password->echoMode(), QLineEdit::Password);
    QCOMPARE(dialog.password(), u"secret"_s);
}

void tst_EnvironmentDialog::namesKeychainEntries()
{
    const auto entry = [](const QString &url) { return Keychain::entryOf(*readConnectionText(url)); };
    const QString own = entry(u"postgresql://me@db/shop"_s);
    QVERIFY(!entry(u"postgresql+psycopg://me:canary@db:5433/shop"_s).contains(u"canary"_s));
    QCOMPARE(entry(u"postgresql+asyncpg://me:canary@db/shop?connect_timeout=3"_s), own);
    for (const QString &other : {u"postgresql://you@db/shop"_s, u"postgresql://me@db/shop?host=evil"_s,
                                 u"postgresql://me@db/shop?hostaddr=6.6.6.6"_s, u"postgresql://me@db/shop?service=evil"_s,
                                 u"postgresql://me@db/shop?sslmode=disable"_s, u"postgresql://me@db:6666/shop"_s})
        QVERIFY2(entry(other) != own, qPrintable(other));
}

void tst_EnvironmentDialog::everyLetterLeadsToOneThing_data()
{
    QTest::addColumn<QString>("url");
    QTest::newRow("sqlite") << u"sqlite:///market.sqlite"_s;
    QTest::newRow("postgresql") << u"postgresql://app@db.example/market"_s;
    QTest::newRow("mariadb") << u"mariadb://app@db.example/market"_s;
}

void tst_EnvironmentDialog::everyLetterLeadsToOneThing()
{
    QFETCH(QString, url);
    const QTemporaryDir folder;
    EnvironmentDialog dialog({}, folder.path());
    for (const bool isEdited : {false, true}) {
        if (isEdited)
            dialog.setEnvironment({.name = u"local"_s, .url = url});
        urlField(dialog)->setText(url);
        dialog.show();
        auto *tabs = dialog.findChild<QTabWidget *>();
        for (int tab = 0; tab < tabs->count(); ++tab) {
            if (!tabs->isTabVisible(tab))
                continue;
            tabs->setCurrentIndex(tab);
            QCOMPARE(mnemonicClashes(dialog).join(u'\n'), QString());
        }
    }
}

void tst_EnvironmentDialog::tabGoesAsOneReads_data()
{
    QTest::addColumn<int>("tab");
    for (const int tab : {0, 1, 2})
        QTest::addRow("tab %d", tab) << tab;
}

void tst_EnvironmentDialog::tabGoesAsOneReads()
{
    QFETCH(int, tab);
    const QTemporaryDir folder;
    EnvironmentDialog dialog({}, folder.path());
    dialog.setEnvironment({.name = u"local"_s, .url = u"postgresql://app@db.example/market"_s});
    dialog.findChild<QTabWidget *>()->setCurrentIndex(tab);
    dialog.show();
    dialog.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&dialog));
    field<QLineEdit>(dialog, u"Name"_s)->setFocus();
    QWidgetList reached;
    while (!reached.contains(dialog.focusWidget())) {
        reached << dialog.focusWidget();
        QTest::keyClick(dialog.focusWidget(), Qt::Key_Tab);
    }
    QCOMPARE(dialog.focusWidget(), reached.constFirst()); // round, and nowhere caught
    for (qsizetype i = 1; i < reached.size(); ++i) {
        const QRect before(reached[i - 1]->mapTo(&dialog, QPoint()), reached[i - 1]->size());
        const QRect now(reached[i]->mapTo(&dialog, QPoint()), reached[i]->size());
        const bool isBelow = now.top() >= before.bottom();
        const bool isBeside = now.left() >= before.right();
        QVERIFY2(isBelow || isBeside, qPrintable(QString::number(i)));
    }
    for (QWidget *widget : dialog.findChildren<QWidget *>()) {
        const bool isField = qobject_cast<QLineEdit *>(widget) || qobject_cast<QComboBox *>(widget)
                             || qobject_cast<QAbstractButton *>(widget);
        if (!isField || !widget->isVisible() || !widget->isEnabled())
            continue;
        const bool isWithin = reached.contains(widget->parentWidget()); // a number's own line
        QVERIFY2(isWithin || reached.contains(widget), qPrintable(widget->accessibleName()));
    }
}

int runEnvironmentDialog(int argc, char **argv)
{
    tst_EnvironmentDialog test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_environmentdialog.moc"
