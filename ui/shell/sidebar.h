#pragma once

#include "core/base/diagnostic.h"
#include "core/schema/schema.h"
#include "ui/shell/chip.h"

#include <QTreeWidget>

namespace tribikos {

/// A line of the navigator: glyph, text, chips at the right.
struct SidebarLine
{
    QString id{}; // environment name or revision
    QString text{};
    Chip::Tone tone = Chip::Tone::Neutral; // of the glyph
    QList<Chip> chips{};
    friend bool operator==(const SidebarLine &, const SidebarLine &) = default;
};

/// The navigator at the left: environments, heads and labels, the schema at the selected revision,
/// problems.
class Sidebar final : public QTreeWidget
{
    Q_OBJECT
public:
    explicit Sidebar(QWidget *parent = nullptr);

    void setEnvironments(const QList<SidebarLine> &environments, const QString &current);
    void setHeads(const QList<SidebarLine> &heads);
    /// \a revision is empty when nothing is selected: the group goes.
    void setSchema(const QString &revision, const Schema &schema);
    void setProblems(const Diagnostics &problems);

    QSize sizeHint() const override;

protected:
    void contextMenuEvent(QContextMenuEvent *event) override;

signals:
    void environmentChosen(const QString &name);
    void addEnvironmentRequested();
    void revisionChosen(const QString &id);
    void environmentMenuRequested(const QString &name, const QPoint &at);
    void problemChosen(const tribikos::Diagnostic &problem);

private:
    enum class Group { Environments, Heads, Schema, Problems };
    QTreeWidgetItem *addGroup(const QString &title);
    QTreeWidgetItem *addLine(QTreeWidgetItem *group, const SidebarLine &line, const QString &glyph,
                             bool isMono = false);
    void choose(QTreeWidgetItem *item);

    QTreeWidgetItem *m_environments = nullptr;
    QTreeWidgetItem *m_heads = nullptr;
    QTreeWidgetItem *m_schema = nullptr;
    QTreeWidgetItem *m_problemGroup = nullptr;
    Diagnostics m_problems{};
};

} // namespace tribikos
