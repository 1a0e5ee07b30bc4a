#pragma once

#include "core/diagram/diagramgraph.h"
#include "core/project/schemaview.h"
#include "ui/shell/jobslot.h"

#include <QWidget>
#include <memory>
#include <optional>

class QComboBox;
class QLabel;
class QLineEdit;
class QSortFilterProxyModel;
class QSplitter;
class QStackedWidget;
class QToolButton;
class QTreeView;

namespace tribikos {

class DiagramView;
class EmptyState;
class InlineBanner;
class SchemaModel;
class SqlPane;

/// A schema as a tree and as a diagram, with the statements that make the chosen table; at a revision, of the models or of
/// the database. What is shown is asked for by viewRequested() and given by setView().
class SchemaPage final : public QWidget
{
    Q_OBJECT
public:
    explicit SchemaPage(QWidget *parent = nullptr);

    /// What there is to choose from; \a revision and \a environment may be empty: none is selected, no database was read.
    void setSources(const QString &revision, bool hasModels, const QString &environment);
    SchemaSource source() const;
    void setSource(const SchemaSource &source);
    /// Asks for the view again where it isn't known or what was shown is no longer true.
    void refresh();
    /// What is shown is no longer true: it is asked for when the page is next looked at.
    void setOutdated();
    void setLoading();
    void setView(const SchemaView &view, Backend backend);
    void setError(const Error &error);
    void clear();
    void select(const TableName &table);

    QTreeView *tree() const { return m_tree; }
    DiagramView *diagram() const { return m_diagram; }
    SqlPane *definition() const { return m_definition; }
    QSplitter *splitter() const { return m_splitter; }
    QComboBox *sourceBox() const { return m_sourceBox; }
    QLineEdit *filterField() const { return m_filterField; }
    QString summary() const;
    bool isBusy() const { return m_isLoading || m_layoutJob.isRunning() || m_exportJob.isRunning(); }
    /// Shows only what is at most one foreign key away from the chosen table.
    void setOnlyNeighbours(bool isOn);
    void setDetail(DiagramDetail detail);
    /// As SVG, or PNG by its name; the banner tells how it went.
    void saveDiagram(const QString &file);

signals:
    void viewRequested(const tribikos::SchemaSource &source);
    void revisionRequested(const QString &id);
    void busyChanged();

protected:
    void showEvent(QShowEvent *event) override;

private:
    QWidget *buildBar();
    QWidget *buildTree();
    QWidget *buildDiagram();
    QWidget *buildDiagramBar();
    void choose(const SchemaSource &source);
    void setFilter(const QString &text);
    void showSelected();
    void drawDiagram();
    void exportDiagram();
    void updateStack();
    std::optional<TableName> selectedTable() const;

    std::shared_ptr<const SchemaView> m_view{};
    Backend m_backend = Backend::Sqlite;
    SchemaModel *m_model = nullptr;
    QSortFilterProxyModel *m_filter = nullptr;
    QComboBox *m_sourceBox = nullptr;
    QLabel *m_summary = nullptr;
    QLineEdit *m_filterField = nullptr;
    InlineBanner *m_banner = nullptr;
    QStackedWidget *m_stack = nullptr;
    EmptyState *m_empty = nullptr;
    QSplitter *m_splitter = nullptr;
    QTreeView *m_tree = nullptr;
    DiagramView *m_diagram = nullptr;
    QComboBox *m_detailBox = nullptr;
    QToolButton *m_neighbours = nullptr;
    QToolButton *m_export = nullptr;
    QLabel *m_title = nullptr;
    QToolButton *m_introducedBy = nullptr;
    SqlPane *m_definition = nullptr;
    std::optional<TableName> m_centre{}; // whose neighbours are shown; nullopt: all tables are
    bool m_isOutdated = true;
    bool m_isLoading = false;
    JobSlot m_layoutJob{}; // these two last: they stop and join before the rest goes
    JobSlot m_exportJob{};
};

} // namespace tribikos
