#include "ui/diff/sourcebox.h"

#include "core/base/text.h"
#include "ui/shell/projectcontroller.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QFileDialog>
#include <QFileInfo>
#include <QLineEdit>

namespace tribikos {

using namespace Qt::StringLiterals;

namespace {
constexpr int mostRevisions = 200; // in the list; any other is typed
} // namespace

SourceBox::SourceBox(ProjectController *controller, const QString &accessibleName, QWidget *parent)
    : QComboBox(parent)
    , m_controller(controller)
{
    setAccessibleName(accessibleName);
    setEditable(true);
    setInsertPolicy(NoInsert);
    setMaxVisibleItems(16);
    setSizeAdjustPolicy(AdjustToMinimumContentsLengthWithIcon);
    setMinimumContentsLength(26);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    view()->setTextElideMode(Qt::ElideRight);
    completer()->setFilterMode(Qt::MatchContains);
    completer()->setCompletionMode(QCompleter::PopupCompletion);
    lineEdit()->setPlaceholderText(tr("models, database, revision or file"));
    connect(this, &QComboBox::activated, this, &SourceBox::take);
    connect(lineEdit(), &QLineEdit::editingFinished, this, &SourceBox::takeTyped);
    refresh();
}

void SourceBox::refresh()
{
    const QSignalBlocker blocker(this);
    clear();
    const ProjectPtr &project = m_controller->project();
    if (!project)
        return;
    if (project->hasModels())
        addItem(tr("Models"), u"models"_s);
    for (const Environment &environment : m_controller->environments())
        addItem(tr("Database %1").arg(visibleText(environment.name, false)),
                u"env:"_s + environment.name);
    addItem(tr("All heads"), u"revision:heads"_s);
    const RevisionGraph &graph = project->graph();
    int listed = 0;
    for (const int node : graph.historyOrder()) {
        if (graph.isGhost(node) || ++listed > mostRevisions)
            continue;
        const Revision &revision = graph.revision(node);
        addItem(visibleText(revision.id + u"  "_s + revision.message.simplified(), false),
                u"revision:"_s + revision.id);
    }
    addItem(tr("Base (an empty database)"), u"revision:base"_s);
    setWord(m_word);
}

void SourceBox::setWord(const QString &word)
{
    m_word = word;
    const QSignalBlocker blocker(this);
    const int index = findData(word);
    setCurrentIndex(index);
    if (index < 0)
        setEditText(visibleText(word, false));
    lineEdit()->setCursorPosition(0);
}

void SourceBox::take(int index)
{
    const QString word = itemData(index).toString();
    if (word == m_word)
        return;
    setWord(word);
    emit wordChosen();
}

void SourceBox::takeTyped()
{
    const QString typed = currentText().trimmed();
    const int index = findText(typed);
    const QString word = index >= 0 ? itemData(index).toString() : typed;
    if (typed.isEmpty() || typed == visibleText(m_word, false)) {
        setWord(m_word);
    } else if (word != m_word) {
        setWord(word);
        emit wordChosen();
    }
}

void SourceBox::chooseFile()
{
    const QFileInfo opened(m_controller->project()->path());
    const QString file = QFileDialog::getOpenFileName(
        this, tr("Compare with a file"), opened.isDir() ? opened.filePath() : opened.path(),
        tr("Schemas (*.sql *.json *.db *.sqlite *.sqlite3);;All files (*)"));
    if (file.isEmpty())
        return;
    setWord(u"file:"_s + file);
    emit wordChosen();
}

} // namespace tribikos
