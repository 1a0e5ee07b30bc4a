#include "suites.h"

#include "ui/environments/environmentdialog.h"

#include <QLineEdit>
#include <QPushButton>
#include <QTest>

using namespace tribikos;
using namespace Qt::StringLiterals;

class tst_EnvironmentDialog : public QObject
{
    Q_OBJECT
private slots:
    void checksWhileOneTypes_data();
    void checksWhileOneTypes();
};

void tst_EnvironmentDialog::checksWhileOneTypes_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("url");
    QTest::addColumn<bool>("isGood");
    QTest::newRow("empty") << QString() << QString() << false;
    QTest::newRow("no name") << QString() << u"sqlite:///x.sqlite"_s << false;
    QTest::newRow("name is taken") << u"local"_s << u"sqlite:///x.sqlite"_s << false;
    QTest::newRow("no URL") << u"mine"_s << QString() << false;
    QTest::newRow("unknown scheme") << u"mine"_s << u"oracle://x"_s << false;
    QTest::newRow("SQLite") << u"mine"_s << u"sqlite:////tmp/x.sqlite"_s << true;
    QTest::newRow("async driver") << u"mine"_s << u"sqlite+aiosqlite:////tmp/x.sqlite"_s << true;
}

void tst_EnvironmentDialog::checksWhileOneTypes()
{
    QFETCH(QString, name);
    QFETCH(QString, url);
    QFETCH(bool, isGood);
    EnvironmentDialog dialog({u"local"_s}, u"/project"_s);
    const QList<QLineEdit *> fields = dialog.findChildren<QLineEdit *>();
    QCOMPARE(fields.size(), 2);
    QTest::keyClicks(fields[0], name);
    QTest::keyClicks(fields[1], url);
    QVERIFY2(dialog.problem().isEmpty() == isGood, qPrintable(dialog.problem()));
    const auto buttons = dialog.findChildren<QPushButton *>();
    const auto add = std::find_if(buttons.cbegin(), buttons.cend(), [](const QPushButton *button) {
        return button->text().contains(u"Add environment"_s);
    });
    QVERIFY(add != buttons.cend());
    QCOMPARE((*add)->isEnabled(), isGood);
    if (isGood)
        QCOMPARE(dialog.environment().url, url);
}

int runEnvironmentDialog(int argc, char **argv)
{
    tst_EnvironmentDialog test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_environmentdialog.moc"
