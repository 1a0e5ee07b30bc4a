#pragma once

#include "core/edit/newrevision.h"
#include "ui/edit/editdialog.h"

class QComboBox;
class QFormLayout;
class QLineEdit;
class QListWidget;
class QRadioButton;

namespace tribikos {

/// Asks what a new revision is to be: one after a given revision, or one that merges heads.
class RevisionDialog final : public EditDialog
{
    Q_OBJECT
public:
    /// A revision after \a parent (empty: the first one). Where that is revised already, the person chooses between a
    /// branch of its own and a place between the two.
    RevisionDialog(const ProjectConfig &config, const RevisionGraph &graph, const QString &parent,
                   QWidget *window);
    /// A merge of \a heads, of which some can be left out.
    RevisionDialog(const ProjectConfig &config, const RevisionGraph &graph, const QStringList &heads,
                   const QStringList &chosen, QWidget *window);

    /// What was asked for, but for the time.
    RevisionRequest request() const;

private:
    void buildPlace(const RevisionGraph &graph);
    void buildHeads(const RevisionGraph &graph, const QStringList &heads, const QStringList &chosen);
    void buildFields(const ProjectConfig &config);
    void checkHeads();

    QString m_parent{};
    QStringList m_children{};
    QLineEdit *m_message = nullptr;
    QRadioButton *m_between = nullptr; // null: there is no choice
    QListWidget *m_heads = nullptr;    // null: no merge
    QLineEdit *m_labels = nullptr;
    QLineEdit *m_dependsOn = nullptr;
    QComboBox *m_folder = nullptr; // null: there is one
};

} // namespace tribikos
