#pragma once

#include "core/project/project.h"

#include <QWidget>

class QListWidget;
class QTabWidget;
class QToolButton;

namespace tribikos {

class DialectCombo;
class SqlPane;

/// What one revision does: upgrade SQL, downgrade SQL, operations, script.
class DetailsPanel final : public QWidget
{
    Q_OBJECT
public:
    explicit DetailsPanel(QWidget *parent = nullptr);

    void setBackend(Backend backend);
    /// \a problems: what is known to be wrong with the revision; shown over the script.
    void setDetails(const RevisionDetails &details, const Diagnostics &problems);
    void setLoading(const QString &id);
    /// \a hint stands there instead; empty: how to get something to see.
    void clear(const QString &hint = {});
    /// Where the keyboard enters the panel.
    QWidget *firstFocus() const;
    /// The script, with \a line marked.
    void showScriptLine(int line);

protected:
    void resizeEvent(QResizeEvent *event) override;

signals:
    void backendChosen(tribikos::Backend backend);

private:
    void buildTabs();
    void buildCorner();
    void setPlan(SqlPane *pane, const Plan &plan, const QString &empty);
    void setOperations(const Plan &plan);
    void setScript(const Diagnostics &problems);
    SqlPane *shownPane() const;
    void updateCorner();
    void placeCorner();
    void saveShown();

    RevisionDetails m_details{};
    QWidget *m_corner = nullptr;
    bool m_isCornerBeside = true; // of the tabs; else it has a row of its own
    QTabWidget *m_tabs = nullptr;
    SqlPane *m_upgrade = nullptr;
    SqlPane *m_downgrade = nullptr;
    QListWidget *m_operations = nullptr;
    SqlPane *m_script = nullptr;
    DialectCombo *m_backend = nullptr;
    QToolButton *m_copy = nullptr;
    QToolButton *m_save = nullptr;
};

} // namespace tribikos
