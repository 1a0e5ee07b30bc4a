#pragma once

#include "smallproject.h"
#include "ui/edit/editdialog.h"
#include "ui/edit/historyediting.h"
#include "ui/history/historylist.h"
#include "ui/history/historymodel.h"
#include "ui/history/historypage.h"
#include "ui/history/historyview.h"
#include "ui/shell/inlinebanner.h"
#include "ui/shell/mainwindow.h"
#include "ui/shell/projectcontroller.h"
#include "ui/shell/settings.h"

#include <QMessageBox>
#include <memory>

class QAction;

namespace tribikos {

/// A window on a SmallProject of its own, and the hands that edit its history: for the tests of editing.
class EditingDriver : public QObject
{
public:
    void setUp();
    void tearDown();

    HistoryView *view() const { return m_window->historyPage()->view(); }
    HistoryModel *model() const { return m_window->historyPage()->model(); }
    QAction *action(const QString &name) const;
    void trigger(const QString &name) const;
    void select(const QStringList &ids) const;
    EditDialog *dialog() const;
    template<typename Widget>
    Widget *field(const QString &name) const
    {
        return dialog() ? dialog()->findChild<Widget *>(name) : nullptr;
    }
    void submit() const;
    void answer(QMessageBox::ButtonRole role) const;
    void chooseParents(const QStringList &ids) const;
    bool drop(const QStringList &ids, const QString &target, Qt::DropAction action) const;
    QString notice() const { return m_window->historyPage()->notice()->text(); }

protected:
    QMessageBox *question() const;
    std::unique_ptr<SmallProject> m_project{};
    std::unique_ptr<Settings> m_settings{};
    std::unique_ptr<MainWindow> m_window{};
};

} // namespace tribikos
