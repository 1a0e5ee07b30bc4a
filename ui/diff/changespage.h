#pragma once

#include "core/project/sourcecomparison.h"
#include "core/project/usecases.h"

#include <QSortFilterProxyModel>
#include <QWidget>

class QAction;
class QGridLayout;
class QHBoxLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QStackedWidget;
class QTabWidget;
class QToolButton;
class QTreeView;

namespace tribikos {

class ChangesModel;
struct DraftTexts;
class EmptyState;
class InlineBanner;
class SqlPane;

/// The three-way comparison: a tree of differences, the three sides of the selected one beneath.
class ChangesPage final : public QWidget
{
    Q_OBJECT
public:
    explicit ChangesPage(QWidget *parent = nullptr);

    /// \a environment is empty when no database was compared.
    void setComparison(const Comparison &comparison, const QString &environment);
    /// A button for \a action beside the page's own.
    void addBarAction(QAction *action);
    /// Two columns under these names instead of models, migrations and database.
    void setSideTitles(const QString &from, const QString &to);
    /// Any two schemas side by side; setDraft() tells the statements that lie between.
    void setSources(const ComparedSources &both);
    /// Nothing was compared: another project, or none.
    void clear();
    void setError(const Error &error);
    void setComparing(bool comparing);
    void setFilter(const QString &text);
    /// What a revision from the models would say; shown beside the sides.
    void setDraft(const DraftTexts &draft);
    /// The ticked differences, or those that need a revision when none is ticked.
    QList<Difference> chosenForRevision() const;
    ChangesModel *model() const { return m_model; }
    QTreeView *view() const { return m_view; }
    QString summary() const;
    /// The selected difference; null: none is.
    const Difference *selected() const;
    /// What a person said is a rename, as modelRevision() takes it.
    QStringList chosenRenames() const;
    /// The button that says so of the selected difference, and takes it back.
    QToolButton *renameButton() const { return m_rename; }
    /// Offers to leave a difference out of comparisons.
    void allowIgnoring();

    QPushButton *writeButton() const { return m_write; }
    QTabWidget *tabs() const { return m_tabs; }

signals:
    void compareRequested();
    void revisionWanted(); // from what is chosen
    void revisionRequested(const QString &id);
    void ignoreWanted(); // what is selected, or all that is like it
    void renamesChanged();

private:
    QWidget *buildBar();
    QWidget *buildLower();
    QWidget *buildSides();
    void showWriteButton();
    void buildTree();
    void showFound(const Comparison &comparison, const QString &sides);
    void showSelected();
    void updateStack();
    void copyTicked();
    void showMenu(const QPoint &at);
    void showRename(const Difference *difference);
    void setRenamed(bool renamed);
    void setRenames(const QList<Rename> &candidates);

    ChangesModel *m_model = nullptr;
    QSortFilterProxyModel *m_filter = nullptr;
    QTreeView *m_view = nullptr;
    QLabel *m_summary = nullptr;
    QToolButton *m_compare = nullptr;
    QToolButton *m_copy = nullptr;
    QHBoxLayout *m_bar = nullptr;
    QToolButton *m_introducedBy = nullptr;
    QToolButton *m_ignore = nullptr;
    QToolButton *m_rename = nullptr;
    QList<Rename> m_candidates{};
    QList<Rename> m_renames{}; // those of them that are renames
    bool m_mayIgnore = false;
    QLineEdit *m_filterField = nullptr;
    InlineBanner *m_banner = nullptr;
    EmptyState *m_empty = nullptr;
    QStackedWidget *m_stack = nullptr;
    QLabel *m_selectedTitle = nullptr;
    QGridLayout *m_sideGrid = nullptr;
    QLabel *m_sideNames[3] = {};
    SqlPane *m_sides[3] = {};
    QTabWidget *m_tabs = nullptr;
    SqlPane *m_script = nullptr;
    SqlPane *m_statements = nullptr;
    QPushButton *m_write = nullptr;
    int m_draftChanges = 0;
    bool m_compared = false;
};

} // namespace tribikos
