#include "ui/diff/comparewindow.h"

#include "core/base/text.h"
#include "core/config/databaseurl.h"
#include "ui/diff/changespage.h"
#include "ui/diff/revisiondraft.h"
#include "ui/diff/sourcebox.h"
#include "ui/shell/projectcontroller.h"

#include <QFileInfo>
#include <QLabel>
#include <QScreen>
#include <QToolButton>
#include <QTreeView>
#include <QVBoxLayout>
#include <algorithm>

namespace tribikos {

using namespace Qt::StringLiterals;

namespace {

/// Databases by their name, with the password that the window has; else by URL.
Result<Environment> environmentOf(const QList<Environment> &known, const QString &name)
{
    const auto found = std::ranges::find(known, name, &Environment::name);
    if (found != known.cend())
        return *found;
    const auto url = parseDatabaseUrl(name);
    if (!url)
        return url.error();
    return Environment{.name = url->displayText(), .url = name, .backend = url->backend};
}

} // namespace

CompareWindow::CompareWindow(ProjectController *controller, const QString &from, const QString &to,
                             QWidget *parent)
    : QDialog(parent)
    , m_controller(controller)
    , m_from(new SourceBox(controller, tr("From"), this))
    , m_to(new SourceBox(controller, tr("To"), this))
    , m_page(new ChangesPage(this))
{
    setObjectName(u"compareWindow"_s);
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Compare"));
    resize(QSize(1080, 720).boundedTo(screen()->availableSize()));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(buildHead());
    layout->addWidget(m_page, 1);
    m_page->setSideTitles(tr("From"), tr("To"));
    m_from->setWord(from);
    m_to->setWord(to);
    for (SourceBox *box : {m_from, m_to})
        connect(box, &SourceBox::wordChosen, this, &CompareWindow::load);
    connect(m_page, &ChangesPage::compareRequested, this, &CompareWindow::load);
    connect(m_page, &ChangesPage::revisionRequested, this, &CompareWindow::revisionRequested);
    connect(controller, &ProjectController::opened, this, &CompareWindow::load);
    connect(controller, &ProjectController::environmentsChanged, m_from, &SourceBox::refresh);
    connect(controller, &ProjectController::environmentsChanged, m_to, &SourceBox::refresh);
    connect(controller, &ProjectController::backendChanged, this, &CompareWindow::load);
    connect(controller, &ProjectController::switched, this, &QDialog::reject);
    load();
}

QWidget *CompareWindow::buildHead()
{
    auto *bar = new QWidget(this);
    bar->setProperty("role", u"header"_s);
    bar->setAttribute(Qt::WA_StyledBackground);
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(12, 10, 12, 10);
    const auto label = [bar](const QString &text, SourceBox *box) {
        auto *name = new QLabel(text, bar);
        name->setBuddy(box);
        name->setMinimumWidth(name->sizeHint().width() + 4); // a mnemonic undoes the kerning
        return name;
    };
    const auto fileButton = [bar](const QString &accessibleName, SourceBox *box) {
        auto *button = new QToolButton(bar);
        button->setText(tr("File…"));
        button->setAccessibleName(accessibleName);
        button->setFocusPolicy(Qt::StrongFocus);
        connect(button, &QToolButton::clicked, box, &SourceBox::chooseFile);
        return button;
    };
    auto *turn = new QToolButton(bar);
    turn->setText(u"⇄"_s);
    turn->setAccessibleName(tr("Swap"));
    turn->setToolTip(tr("The other way round"));
    turn->setFocusPolicy(Qt::StrongFocus);
    row->addWidget(label(tr("&From"), m_from));
    row->addWidget(m_from, 1);
    row->addWidget(fileButton(tr("From a file"), m_from));
    row->addWidget(turn);
    row->addWidget(label(tr("&To"), m_to));
    row->addWidget(m_to, 1);
    row->addWidget(fileButton(tr("To a file"), m_to));
    connect(turn, &QToolButton::clicked, this, &CompareWindow::swap);
    return bar;
}

void CompareWindow::swap()
{
    const QString from = m_from->word();
    m_from->setWord(m_to->word());
    m_to->setWord(from);
    load();
}

SourceRequest CompareWindow::request(const QString &word) const
{
    const QFileInfo opened(m_controller->project()->path());
    return {.word = word,
            .backend = m_controller->backend(),
            .workingFolder = opened.isDir() ? opened.filePath() : opened.path(),
            .environment = [known = m_controller->environments()](const QString &name) {
                return environmentOf(known, name);
            }};
}

Result<CompareWindow::Found> CompareWindow::find(const Project &project, const SourceRequest &from,
                                                 const SourceRequest &to,
                                                 const std::stop_token &stop)
{
    auto both = compareNamed(project, from, to, {}, stop);
    if (!both)
        return both.error();
    Found found{.both = both.take()};
    const QStringList statements =
        statementsBetween(found.both.comparison, found.both.from, found.both.to, &found.missing);
    if (!statements.isEmpty())
        found.statements = statements.join(u";\n\n"_s) + u";\n"_s;
    for (const QString &sentence : std::as_const(found.missing))
        found.statements += u"\n-- "_s + QString(sentence).replace(u'\n', u' ') + u'\n';
    return found;
}

void CompareWindow::load()
{
    if (!m_controller->project() || m_from->word().isEmpty() || m_to->word().isEmpty())
        return;
    m_from->refresh();
    m_to->refresh();
    m_page->setComparing(true);
    m_job.start([project = m_controller->project(), from = request(m_from->word()),
                 to = request(m_to->word())](
                    const std::stop_token &stop) { return find(*project, from, to, stop); },
                [this](const Result<Found> &found) {
                    m_page->setComparing(false);
                    if (found)
                        showFound(*found);
                    else
                        m_page->setError(found.error());
                });
}

void CompareWindow::showFound(const Found &found)
{
    setWindowTitle(tr("From %1 to %2")
                       .arg(visibleText(found.both.from.title, false),
                            visibleText(found.both.to.title, false)));
    m_page->setSources(found.both);
    if (!std::exchange(m_hasShown, true))
        m_page->view()->setFocus();
    m_page->setDraft({.changes = found.statements.isEmpty() ? 0 : 1,
                      .statements = found.statements,
                      .reason = tr("No statements lie between them."),
                      .notes = found.missing});
}

} // namespace tribikos
