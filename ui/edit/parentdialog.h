#pragma once

#include "ui/edit/editdialog.h"

class QCheckBox;
class QLineEdit;
class QTreeView;

namespace tribikos {

class HistoryList;
class HistoryModel;

/// Asks for the revisions that something is to stand on, by id or by any word of them.
class ParentDialog final : public EditDialog
{
    Q_OBJECT
public:
    struct Texts
    {
        QString title{};
        QString question{}; // over the list
        QString verb{};
        QString nothing{}; // what it means to choose none
        bool isMany = false; // whether several can be chosen
    };
    /// \a model outlives the dialog; its rows are followed when they change.
    ParentDialog(const Texts &texts, HistoryModel *model, QWidget *window);

    void choose(const QStringList &ids);
    /// Empty: nothing was wanted.
    QStringList chosen() const;

private:
    void check();

    QStringList m_chosen{}; // before rows were listed anew
    HistoryList *m_rows = nullptr;
    QLineEdit *m_search = nullptr;
    QTreeView *m_list = nullptr;
    QCheckBox *m_nothing = nullptr;
};

} // namespace tribikos
