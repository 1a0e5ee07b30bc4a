#include "suites.h"

#include "editingdriver.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QRadioButton>
#include <QRegularExpression>
#include <QTest>
#include <functional>

using namespace tribikos;
using namespace Qt::StringLiterals;

/// Every change of the history, through the real window, on files on disk.
class tst_Editing : public EditingDriver
{
    Q_OBJECT
private slots:
    void init() { setUp(); }
    void cleanup() { tearDown(); }
    void everyEditAndItsUndo_data();
    void everyEditAndItsUndo();
    void ignoreADifference();
};

using Act = std::function<void(const EditingDriver &)>;
Q_DECLARE_METATYPE(Act)

void tst_Editing::everyEditAndItsUndo_data()
{
    QTest::addColumn<Act>("act");
    QTest::addColumn<QString>("after");  // NEW stands for the id of a new revision
    QTest::addColumn<QString>("parent"); // of one more revision, z
    const auto row = [](const char *name, const Act &act, const QString &after,
                        const QString &parent = {}) {
        QTest::newRow(name) << act << after << parent;
    };
    row(
        "new revision",
        [](const EditingDriver &t) {
            t.select({u"c"_s});
            t.trigger(u"New revision"_s);
            t.field<QLineEdit>(u"message"_s)->setText(u"prices in cents"_s);
            t.submit();
        },
        u"a: b:a c:b d:b NEW:c"_s);
    row(
        "a branch",
        [](const EditingDriver &t) {
            t.select({u"a"_s});
            t.trigger(u"New revision"_s);
            t.field<QLineEdit>(u"labels"_s)->setText(u"side"_s);
            t.submit();
        },
        u"a: b:a c:b d:b NEW:a"_s);
    row(
        "insert between",
        [](const EditingDriver &t) {
            t.select({u"b"_s});
            t.trigger(u"New revision"_s);
            t.field<QRadioButton>(u"between"_s)->setChecked(true);
            t.submit();
        },
        u"a: b:a c:NEW d:NEW NEW:b"_s);
    row(
        "merge all heads",
        [](const EditingDriver &t) {
            t.select({u"a"_s});
            t.trigger(u"Merge heads"_s);
            t.submit();
        },
        u"a: b:a c:b d:b NEW:c,d"_s);
    row(
        "merge by drag",
        [](const EditingDriver &t) {
            t.trigger(u"Edit graph"_s);
            QVERIFY(t.drop({u"d"_s}, u"c"_s, Qt::LinkAction));
            t.submit();
        },
        u"a: b:a c:b d:b NEW:c,d"_s);
    row(
        "merge two of three heads",
        [](const EditingDriver &t) {
            t.select({u"c"_s, u"z"_s});
            t.trigger(u"Merge heads"_s);
            t.submit();
        },
        u"a: b:a c:b d:b z:a NEW:c,z"_s, u"a"_s);
    row(
        "merge three heads",
        [](const EditingDriver &t) {
            t.select({u"c"_s, u"d"_s, u"z"_s});
            t.trigger(u"Merge heads"_s);
            t.submit();
        },
        u"a: b:a c:b d:b z:a NEW:c,d,z"_s, u"a"_s);
    row(
        "properties",
        [](const EditingDriver &t) {
            t.select({u"d"_s});
            t.trigger(u"Properties"_s);
            t.field<QPlainTextEdit>(u"message"_s)->setPlainText(u"prices"_s);
            t.field<QLineEdit>(u"labels"_s)->setText(u"money"_s);
            t.field<QLineEdit>(u"dependsOn"_s)->setText(u"c"_s);
            t.submit();
        },
        u"a: b:a c:b d:b"_s);
    row(
        "re-parent",
        [](const EditingDriver &t) {
            t.trigger(u"Edit graph"_s);
            t.select({u"d"_s});
            t.trigger(u"Re-parent"_s);
            t.chooseParents({u"c"_s});
        },
        u"a: b:a c:b d:c"_s);
    row(
        "to base",
        [](const EditingDriver &t) {
            t.trigger(u"Edit graph"_s);
            t.select({u"d"_s});
            t.trigger(u"Re-parent"_s);
            t.field<QCheckBox>(u"nothing"_s)->setChecked(true);
            t.submit();
        },
        u"a: b:a c:b d:"_s);
    row(
        "re-parent a run",
        [](const EditingDriver &t) {
            t.trigger(u"Edit graph"_s);
            t.select({u"z"_s, u"c"_s});
            t.trigger(u"Re-parent"_s);
            t.chooseParents({u"d"_s});
        },
        u"a: b:a c:d d:b z:c"_s, u"c"_s);
    row(
        "a run by drag",
        [](const EditingDriver &t) {
            t.trigger(u"Edit graph"_s);
            QVERIFY(t.drop({u"c"_s, u"z"_s}, u"a"_s, Qt::LinkAction));
        },
        u"a: b:a c:a d:b z:c"_s, u"c"_s);
    row(
        "a run that would break",
        [](const EditingDriver &t) {
            t.trigger(u"Edit graph"_s);
            t.select({u"b"_s, u"c"_s});
            t.trigger(u"Re-parent"_s);
            t.chooseParents({u"d"_s});
        },
        u"the run from b to c can't stand on d"_s);
    row(
        "re-parent by drag",
        [](const EditingDriver &t) {
            t.trigger(u"Edit graph"_s);
            QVERIFY(t.drop({u"d"_s}, u"a"_s, Qt::LinkAction));
        },
        u"a: b:a c:b d:a"_s);
    row(
        "a head moved by drag",
        [](const EditingDriver &t) {
            t.trigger(u"Edit graph"_s);
            QVERIFY(t.drop({u"d"_s}, u"c"_s, Qt::MoveAction));
        },
        u"a: b:a c:b d:c"_s);
    row(
        "splice out",
        [](const EditingDriver &t) {
            t.trigger(u"Edit graph"_s);
            t.select({u"b"_s});
            t.trigger(u"Splice out"_s);
        },
        u"a: b:a c:a d:a"_s);
    row(
        "delete",
        [](const EditingDriver &t) {
            t.trigger(u"Edit graph"_s);
            t.select({u"b"_s});
            t.trigger(u"Delete revision"_s);
            t.answer(QMessageBox::AcceptRole);
        },
        u"a: c:a d:a"_s);
    row(
        "point elsewhere",
        [](const EditingDriver &t) {
            t.trigger(u"Edit graph"_s);
            t.select({u"gone"_s});
            t.trigger(u"Point elsewhere"_s);
            t.chooseParents({u"c"_s});
        },
        u"a: b:a c:b d:b z:c"_s, u"gone"_s);
}

void tst_Editing::everyEditAndItsUndo()
{
    QFETCH(Act, act);
    QFETCH(QString, after);
    QFETCH(QString, parent);
    if (!parent.isEmpty())
        m_project->addRevision(u"z"_s, u"'%1'"_s.arg(parent));
    m_project->openIn(*m_window);
    const QString shapeBefore = SmallProject::shape(*m_window);
    const QMap<QString, QByteArray> before = m_project->files();
    const UndoSteps &steps = m_window->editing()->steps();
    act(*this);
    if (!after.startsWith(u"a:"_s)) { // not a change: the history would be broken
        QTRY_VERIFY(dialog() && !dialog()->problem().isEmpty());
        QCOMPARE(m_project->files(), before);
        return;
    }
    const auto shownShape = [&] {
        QString shape = SmallProject::shape(*m_window);
        for (const QString &name : m_project->files().keys()) { // new ids are twelve digits long
            if (const QString id = name.left(12); !before.contains(name))
                shape.replace(id, u"NEW"_s);
        }
        QStringList parts = shape.split(u' ');
        if (const qsizetype at = parts.indexOf(QRegularExpression(u"NEW:.*"_s)); at >= 0)
            parts.append(parts.takeAt(at));
        return parts.join(u' ');
    };
    QTRY_COMPARE(steps.stack().index(), 1);
    QTRY_COMPARE(shownShape(), after);
    QTRY_VERIFY(!dialog());
    const QMap<QString, QByteArray> changed = m_project->files();
    QVERIFY(changed != before);
    QVERIFY(action(u"Undo"_s)->text().contains(steps.stack().undoText().left(8)));

    QTRY_VERIFY(!m_window->controller()->isBusy() && !m_window->editing()->isBusy());
    trigger(u"Undo"_s);
    QTRY_COMPARE(m_project->files(), before);
    QTRY_COMPARE(SmallProject::shape(*m_window), shapeBefore);
    QTRY_VERIFY(!m_window->controller()->isBusy() && !m_window->editing()->isBusy());
    trigger(u"Redo"_s);
    QTRY_COMPARE(m_project->files(), changed);
    QTRY_COMPARE(shownShape(), after);
    QVERIFY2(notice().isEmpty(), qPrintable(notice()));
}

/// A rule for comparisons is a change like others.
void tst_Editing::ignoreADifference()
{
    m_project->openIn(*m_window);
    const Difference one{.table = {{}, u"audit_log"_s}, .inDatabase = true};
    const Difference alike{.table = {{}, u"audit_more"_s}, .inDatabase = true};
    m_window->editing()->ignoreDialog(one, {one, alike});
    QVERIFY(dialog());
    auto *pattern = field<QComboBox>(u"pattern"_s);
    const auto *reach = field<QLabel>(u"reach"_s);
    QCOMPARE(pattern->currentText(), u"audit_log"_s);
    QCOMPARE(pattern->itemText(1), u"audit_*"_s);
    QVERIFY(reach->text().startsWith(u"1 "));
    pattern->setEditText(u"shops"_s);
    QVERIFY(!reach->text().contains(u"1"_s));
    pattern->setEditText(u"audit_*"_s);
    QVERIFY(reach->text().startsWith(u"2 "));
    submit();
    const UndoSteps &steps = m_window->editing()->steps();
    QTRY_COMPARE(steps.stack().index(), 1);
    QTRY_VERIFY(!dialog());
    QFile file(QDir(m_window->controller()->project()->config().root).filePath(u"tribikos.toml"_s));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), "[ignore]\ntables = [\"audit_*\"]\n");
    file.close();
    QTRY_VERIFY(!m_window->controller()->project()->config().ignore.isEmpty());
    QTRY_VERIFY(!m_window->controller()->isBusy() && !m_window->editing()->isBusy());
    trigger(u"Undo"_s);
    QTRY_VERIFY(!file.exists());
    QTRY_VERIFY(m_window->controller()->project()->config().ignore.isEmpty());
}

int runEditing(int argc, char **argv)
{
    tst_Editing test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_editing.moc"
