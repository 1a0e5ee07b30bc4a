#include "suites.h"

#include "editingdriver.h"
#include "ui/diff/changesmodel.h"
#include "ui/diff/changespage.h"
#include "ui/diff/revisiondraft.h"
#include "ui/diff/writerevisiondialog.h"
#include "ui/sql/sqlpane.h"

#include <QCheckBox>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTabWidget>
#include <QTest>
#include <QToolButton>
#include <QTreeView>

using namespace tribikos;
using namespace Qt::StringLiterals;

/// A revision written from the models, on the Changes page. The scripts make t_a, t_b and t_c; the models want a column
/// more in t_a and a table refunds besides.
class tst_RevisionDraft : public EditingDriver
{
    Q_OBJECT
private slots:
    void init();
    void cleanup() { tearDown(); }
    void showsWhatIsNeeded();
    void followsTheTicks();
    void comparesWithTheDatabaseAtHead();
    void renamesWhatIsSaidToBe();
    void writesTheFile();
    void writesWhatWasChangedByHand();
    void saysWhyNothingCanBeWritten();
    void hasNothingToWrite();

private:
    ChangesPage *page() const { return m_window->changesPage(); }
    void open() const;
    void tick(const QString &object) const;
    QString textOf(const QString &tab) const;
    WriteRevisionDialog *openDialog() const;
};

void tst_RevisionDraft::init()
{
    setUp();
    QVERIFY(QFile::remove(m_project->script(u"d"_s)));
    m_project->write(u"migrations/script.py.mako"_s,
                     "\"\"\"${message}\n\nRevises: ${down_revision | comma,n}\n\"\"\"\n"
                     "from alembic import op\nimport sqlalchemy as sa\n${imports if imports else \"\"}\n"
                     "revision = ${repr(up_revision)}\ndown_revision = ${repr(down_revision)}\n"
                     "branch_labels = ${repr(branch_labels)}\ndepends_on = ${repr(depends_on)}\n\n\n"
                     "def upgrade():\n    ${upgrades if upgrades else \"pass\"}\n\n\n"
                     "def downgrade():\n    ${downgrades if downgrades else \"pass\"}\n");
    m_project->write(u"models.py"_s,
                     "import sqlalchemy as sa\nmetadata = sa.MetaData()\n"
                     "sa.Table('t_a', metadata, sa.Column('id', sa.Integer), sa.Column('note', sa.String(20)))\n"
                     "sa.Table('t_b', metadata, sa.Column('id', sa.Integer))\n"
                     "sa.Table('t_c', metadata, sa.Column('id', sa.Integer))\n"
                     "sa.Table('refunds', metadata, sa.Column('id', sa.Integer, primary_key=True))\n");
    m_project->write(u"tribikos.toml"_s, "[project]\nalembic = \"alembic.ini\"\nmodels = [\"models.py\"]\n");
}

void tst_RevisionDraft::open() const
{
    m_project->openIn(*m_window);
    QTRY_VERIFY(page()->model()->differenceCount() > 0 && !m_window->draft()->isBusy()
                && !m_window->controller()->isBusy());
}

void tst_RevisionDraft::tick(const QString &object) const
{
    ChangesModel *model = page()->model();
    const auto tickIn = [&](const QModelIndex &parent, auto &&self) -> bool {
        for (int row = 0; row < model->rowCount(parent); ++row) {
            const QModelIndex index = model->index(row, 0, parent);
            if (index.data().toString().contains(object)
                && model->setData(index, Qt::Checked, Qt::CheckStateRole))
                return true;
            if (self(index, self))
                return true;
        }
        return false;
    };
    QVERIFY2(tickIn({}, tickIn), qPrintable(object));
    QTRY_VERIFY(!m_window->draft()->isBusy());
}

QString tst_RevisionDraft::textOf(const QString &tab) const
{
    for (int i = 0; i < page()->tabs()->count(); ++i)
        if (page()->tabs()->tabText(i) == tab)
            return static_cast<SqlPane *>(page()->tabs()->widget(i))->view()->text();
    return {};
}

WriteRevisionDialog *tst_RevisionDraft::openDialog() const
{
    WriteRevisionDialog *dialog = m_window->openWriteRevision();
    [&] { QVERIFY(dialog); QTRY_VERIFY(!dialog->isBusy()); }();
    return dialog;
}

void tst_RevisionDraft::showsWhatIsNeeded()
{
    open();
    const QString script = textOf(u"Revision"_s);
    QVERIFY2(script.contains(u"op.create_table('refunds',"_s), qPrintable(script));
    QVERIFY2(script.contains(u"op.add_column('t_a', sa.Column('note', sa.String(length=20), nullable=True))"_s),
             qPrintable(script));
    QVERIFY(script.contains(u"op.drop_table('refunds')"_s));
    const QString sql = textOf(u"SQL"_s);
    QVERIFY2(sql.contains(u"ALTER TABLE t_a ADD COLUMN note VARCHAR(20)"_s), qPrintable(sql));
    QVERIFY(!page()->writeButton()->isHidden());
}

void tst_RevisionDraft::followsTheTicks()
{
    open();
    tick(u"note"_s);
    QVERIFY(page()->writeButton()->text().contains(u"1 ticked"_s));
    const QString script = textOf(u"Revision"_s);
    QVERIFY2(script.contains(u"'note'"_s) && !script.contains(u"refunds"_s), qPrintable(script));
    page()->model()->setAllTicked(false);
    QTRY_VERIFY(textOf(u"Revision"_s).contains(u"refunds"_s));
}

void tst_RevisionDraft::comparesWithTheDatabaseAtHead()
{
    m_project->upgrade(u"c"_s);
    open();
    const QString script = textOf(u"Revision"_s);
    QVERIFY2(script.contains(u"op.create_table('refunds',"_s), qPrintable(script));
}

/// A table under another name: dropped and made, until somebody says what it is; and back.
void tst_RevisionDraft::renamesWhatIsSaidToBe()
{
    QFile models(m_project->path() + u"/models.py"_s);
    QVERIFY(models.open(QIODevice::ReadOnly));
    const QByteArray text = models.readAll().replace("'t_b'", "'t_bb'");
    models.close();
    m_project->write(u"models.py"_s, text);
    open();
    QVERIFY(textOf(u"Revision"_s).contains(u"op.drop_table('t_b')"_s));
    const QAbstractItemModel *rows = page()->view()->model();
    const QModelIndexList found = rows->match(rows->index(0, 0), Qt::DisplayRole, u"t_bb"_s, 1,
                                              Qt::MatchContains | Qt::MatchRecursive);
    QCOMPARE(found.size(), 1);
    page()->view()->setCurrentIndex(found[0]);
    QToolButton *rename = page()->renameButton();
    QVERIFY(!rename->isHidden() && !rename->isChecked());
    QCOMPARE(rename->text(), u"Rename t_b to t_bb"_s);
    rename->click();
    QTRY_VERIFY(textOf(u"Revision"_s).contains(u"op.rename_table('t_b', 't_bb')"_s));
    QVERIFY(!textOf(u"Revision"_s).contains(u"drop_table('t_b')"_s));
    QVERIFY(!textOf(u"Revision"_s).contains(u"create_table('t_bb'"_s));
    QCOMPARE(found[0].siblingAtColumn(ChangesModel::VerdictColumn).data().toString(),
             u"t_b becomes t_bb"_s);
    rename->click();
    QTRY_VERIFY(textOf(u"Revision"_s).contains(u"op.drop_table('t_b')"_s));
}

void tst_RevisionDraft::writesTheFile()
{
    open();
    WriteRevisionDialog *dialog = openDialog();
    dialog->message()->setText(u"refunds and notes"_s);
    QTRY_VERIFY(!dialog->isBusy());
    QVERIFY2(dialog->text()->text().contains(u"refunds and notes"_s), qPrintable(dialog->text()->text()));
    const QString shown = dialog->text()->text();
    const QString id = dialog->made()->id;
    submit();
    QTRY_VERIFY(m_window->controller()->project()->graph().find(id) >= 0);
    const int node = m_window->controller()->project()->graph().find(id);
    const Revision &revision = m_window->controller()->project()->graph().revision(node);
    QCOMPARE(revision.downRevisions, QStringList{u"c"_s});
    QFile file(revision.file);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(QString::fromUtf8(file.readAll()), shown);
    QTRY_VERIFY(page()->chosenForRevision().isEmpty()); // models and migrations agree now
    trigger(u"Undo"_s);
    QTRY_VERIFY(!QFile::exists(file.fileName()));
}

void tst_RevisionDraft::writesWhatWasChangedByHand()
{
    open();
    WriteRevisionDialog *dialog = openDialog();
    dialog->byHand()->setChecked(true);
    QVERIFY(!dialog->message()->isEnabled());
    auto *editor = dialog->text()->findChild<QWidget *>({}, Qt::FindDirectChildrenOnly);
    QTest::keyClicks(editor, u"# by hand"_s);
    QTest::keyClick(editor, Qt::Key_Return);
    QVERIFY(dialog->made()->edit.changes.constLast().after->startsWith("# by hand\n"));
    const QString id = dialog->made()->id;
    submit();
    QTRY_VERIFY(m_window->controller()->project()->graph().find(id) >= 0);
    const int node = m_window->controller()->project()->graph().find(id);
    QFile file(m_window->controller()->project()->graph().revision(node).file);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(file.readAll().startsWith("# by hand\n"));
}

void tst_RevisionDraft::saysWhyNothingCanBeWritten()
{
    m_project->addRevision(u"d"_s, u"'b'"_s); // a second head
    open();
    QVERIFY(page()->writeButton()->isHidden());
    QVERIFY(textOf(u"Revision"_s).isEmpty());
    bool isSaid = false;
    for (const QLabel *label : page()->tabs()->findChildren<QLabel *>())
        isSaid |= label->text().contains(u"head"_s, Qt::CaseInsensitive);
    QVERIFY(isSaid);
    QVERIFY(!m_window->openWriteRevision() || m_window->draft()->chosen());
}

void tst_RevisionDraft::hasNothingToWrite()
{
    m_project->write(u"models.py"_s, "import sqlalchemy as sa\nmetadata = sa.MetaData()\n"
                                     "for name in ('t_a', 't_b', 't_c'):\n"
                                     "    sa.Table(name, metadata, sa.Column('id', sa.Integer))\n");
    m_project->openIn(*m_window);
    QTRY_VERIFY(!m_window->draft()->isBusy());
    QVERIFY(page()->writeButton()->isHidden());
    QVERIFY(!m_window->openWriteRevision());
}

int runRevisionDraft(int argc, char **argv)
{
    tst_RevisionDraft test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_revisiondraft.moc"
