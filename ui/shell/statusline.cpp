#include "ui/shell/statusline.h"

#include "core/base/text.h"
#include "ui/shell/theme.h"
#include "ui/shell/wording.h"

#include <QLabel>
#include <QProgressBar>

namespace tribikos {

using namespace Qt::StringLiterals;

StatusLine::StatusLine(QWidget *parent)
    : QStatusBar(parent)
    , m_database(new QLabel(this))
    , m_position(new QLabel(this))
    , m_counts(new QLabel(this))
    , m_matches(new QLabel(this))
    , m_reading(new QLabel(this))
    , m_busyText(new QLabel(this))
    , m_busy(new QProgressBar(this))
{
    setSizeGripEnabled(false);
    for (QLabel *label : {m_database, m_position, m_counts, m_matches, m_reading})
        label->setMinimumWidth(1); // a long name must not widen the window
    for (QLabel *label : {m_database, m_position, m_counts, m_matches, m_reading, m_busyText})
        label->setTextFormat(Qt::PlainText);
    for (QLabel *label : {m_database, m_position, m_counts, m_matches}) {
        label->setContentsMargins(8, 0, 8, 0);
        addWidget(label);
    }
    m_busy->setRange(0, 0);
    m_busy->setTextVisible(false);
    m_busy->setFixedWidth(110);
    m_busy->setAccessibleName(tr("Background work"));
    m_reading->setContentsMargins(8, 0, 8, 0);
    addPermanentWidget(m_busyText);
    addPermanentWidget(m_busy);
    addPermanentWidget(m_reading);
    setMatches({});
    setBusy({});
}

void StatusLine::setProject(const Project *project)
{
    if (!project) {
        m_counts->clear();
        m_reading->clear();
        return;
    }
    const RevisionGraph &graph = project->graph();
    int branches = 0;
    for (int node = 0; node < graph.revisionCount(); ++node)
        branches += graph.isBranchPoint(node) ? 1 : 0;
    QStringList counts{revisionsText(graph.revisionCount()),
                       (int(graph.heads().size()) == 1
                            ? tr("1 head")
                            : tr("%n heads", nullptr, int(graph.heads().size())))};
    if (branches > 0)
        counts << (branches == 1 ? tr("1 branchpoint") : tr("%n branchpoints", nullptr, branches));
    m_counts->setText(counts.join(u" · "_s));
    m_reading->setText((graph.revisionCount() == 1 ? tr("read 1 script in %1 ms, no code was run")
                                                   : tr("read %n scripts in %1 ms, no code was run",
                                                        nullptr, graph.revisionCount()))
                           .arg(project->readMilliseconds()));
}

void StatusLine::setDatabase(const Environment *environment, const EnvironmentState *state)
{
    m_position->clear();
    setRole(m_database, environment && environment->isProtected ? u"bad"_s : u"dim"_s);
    if (!environment) {
        m_database->setText(tr("○ no database"));
        return;
    }
    const QString server = state && !state->serverVersion.isEmpty()
                               ? state->serverVersion
                               : backendTitle(environment->backend);
    QString text = (state ? u"● "_s : u"○ "_s) + server + u" · "_s
                   + visibleText(redactedText(environment->title()), false);
    if (environment->isProtected)
        text += tr(" (protected)");
    if (state && !state->exists)
        text += tr(" (not created yet)");
    m_database->setText(text);
    m_database->setToolTip(text.toHtmlEscaped());
    if (state)
        m_position->setText(tr("current %1").arg(shownPosition(state->rows)));
}

void StatusLine::setMatches(const QString &text)
{
    m_matches->setText(text);
    m_matches->setVisible(!text.isEmpty());
}

void StatusLine::setBusy(const QString &text)
{
    m_busyText->setText(text);
    m_busyText->setVisible(!text.isEmpty());
    m_busy->setVisible(!text.isEmpty());
}

} // namespace tribikos
