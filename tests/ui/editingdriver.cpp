#include "editingdriver.h"

#include <QAction>
#include <QMimeData>
#include <QPushButton>
#include <QTest>
#include <QTreeView>

namespace tribikos {

using namespace Qt::StringLiterals;

void EditingDriver::setUp()
{
    m_project = std::make_unique<SmallProject>();
    m_settings = std::make_unique<Settings>(m_project->configFolder());
    m_window = std::make_unique<MainWindow>(m_settings.get());
    m_window->show();
}

void EditingDriver::tearDown()
{
    m_window.reset();
    m_settings.reset();
    m_project.reset();
}

/// The one whose text, without mnemonics, begins so.
QAction *EditingDriver::action(const QString &name) const
{
    const QList<QAction *> all = m_window->actions() + view()->actions();
    for (QAction *one : all) {
        if (QString(one->text()).remove(u'&').startsWith(name))
            return one;
    }
    return nullptr;
}

void EditingDriver::trigger(const QString &name) const
{
    QAction *found = action(name);
    QVERIFY2(found, qPrintable(name));
    QVERIFY2(found->isEnabled(), qPrintable(name + u": "_s + found->toolTip()));
    found->trigger();
}

void EditingDriver::select(const QStringList &ids) const
{
    view()->select(ids.constFirst());
    for (const QString &id : ids) {
        const HistoryList *list = view()->list();
        view()->selectionModel()->select(list->index(list->lineOf(id), 0),
                                         QItemSelectionModel::Select | QItemSelectionModel::Rows);
    }
    QCOMPARE(view()->selectedIds().size(), ids.size());
}

EditDialog *EditingDriver::dialog() const
{
    return m_window->findChild<EditDialog *>(u"editDialog"_s);
}

void EditingDriver::submit() const
{
    QVERIFY(dialog());
    auto *button = dialog()->findChild<QPushButton *>(u"submit"_s);
    QVERIFY(button->isEnabled());
    button->click();
}

QMessageBox *EditingDriver::question() const
{
    return m_window->findChild<QMessageBox *>(u"editQuestion"_s);
}

void EditingDriver::answer(QMessageBox::ButtonRole role) const
{
    QTRY_VERIFY(question());
    for (QAbstractButton *button : question()->buttons()) {
        if (question()->buttonRole(button) == role)
            return button->click();
    }
    QFAIL("The question has no such button");
}

void EditingDriver::chooseParents(const QStringList &ids) const
{
    auto *list = field<QTreeView>(u"revisions"_s);
    QVERIFY(list);
    list->clearSelection();
    for (int row = 0; row < list->model()->rowCount(); ++row) {
        const QModelIndex index = list->model()->index(row, HistoryModel::MessageColumn);
        if (ids.contains(index.data(HistoryModel::IdRole).toString()))
            list->selectionModel()->select(index,
                                           QItemSelectionModel::Select | QItemSelectionModel::Rows);
    }
    submit();
}

bool EditingDriver::drop(const QStringList &ids, const QString &target, Qt::DropAction action) const
{
    QModelIndexList rows;
    for (const QString &id : ids)
        rows << model()->index(model()->rowOf(id), 0);
    const std::unique_ptr<QMimeData> data(model()->mimeData(rows));
    return model()->dropMimeData(data.get(), action, -1, -1,
                                 model()->index(model()->rowOf(target), 0));
}

} // namespace tribikos
