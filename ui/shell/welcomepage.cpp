#include "ui/shell/welcomepage.h"

#include "core/base/text.h"
#include "ui/shell/inlinebanner.h"

#include <QAction>
#include <QDir>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QPushButton>

namespace tribikos {

using namespace Qt::StringLiterals;

WelcomePage::WelcomePage(QWidget *parent)
    : QWidget(parent)
    , m_banner(new InlineBanner(this))
    , m_open(new QPushButton(tr("&Open project…"), this))
    , m_recentTitle(new QLabel(tr("Recent projects"), this))
    , m_recent(new QListWidget(this))
{
    auto *title = new QLabel(tr("Tribikos"), this);
    QFont big = font();
    big.setPointSizeF(big.pointSizeF() * 2);
    big.setWeight(QFont::DemiBold);
    title->setFont(big);
    auto *text = new QLabel(
        tr("Models, migrations, database: side by side.\nOpen a folder with alembic.ini, "
           "pyproject.toml or tribikos.toml, or drop it here. Opening only reads "
           "files: no code of the project is run."),
        this);
    text->setProperty("role", u"dim"_s);
    text->setWordWrap(true);
    m_open->setProperty("role", u"primary"_s);
    m_open->setDefault(true);
    m_recentTitle->setProperty("role", u"dim"_s);
    m_recentTitle->setBuddy(m_recent);
    m_recent->setProperty("role", u"rows"_s);
    m_recent->setAccessibleName(tr("Recent projects"));
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_open);
    buttons->addStretch();
    auto *column = new QVBoxLayout;
    column->setSpacing(12);
    column->addStretch(1);
    column->addWidget(title);
    column->addWidget(text);
    column->addWidget(m_banner);
    column->addLayout(buttons);
    column->addSpacing(10);
    column->addWidget(m_recentTitle);
    column->addWidget(m_recent, 3);
    column->addStretch(1);
    auto *row = new QHBoxLayout(this);
    row->addStretch(1);
    row->addLayout(column, 3);
    row->addStretch(1);
    connect(m_open, &QPushButton::clicked, this, &WelcomePage::openRequested);
    const auto choose = [this](QListWidgetItem *item) {
        emit projectChosen(item->data(Qt::UserRole).toString());
    };
    connect(m_recent, &QListWidget::itemActivated, this, choose);
    connect(m_recent, &QListWidget::itemClicked, this, choose);
    buildRecentMenu();
    setRecent({});
}

void WelcomePage::setRecent(const QStringList &paths)
{
    m_recent->clear();
    for (const QString &path : paths) {
        const QFileInfo info(path);
        const QString folder = info.isFile() ? info.absolutePath() : path;
        auto *item = new QListWidgetItem(
            u"%1   %2"_s.arg(visibleText(QDir(folder).dirName(), false),
                             visibleText(QDir::toNativeSeparators(path), false)));
        item->setData(Qt::UserRole, path);
        m_recent->addItem(item);
    }
    m_recent->setVisible(!paths.isEmpty());
    m_recentTitle->setVisible(!paths.isEmpty());
}

void WelcomePage::buildRecentMenu()
{
    auto *forget = new QAction(tr("&Remove from list"), m_recent);
    forget->setShortcut(QKeySequence::Delete);
    forget->setShortcutContext(Qt::WidgetShortcut);
    m_recent->addAction(forget);
    m_recent->setContextMenuPolicy(Qt::ActionsContextMenu);
    connect(forget, &QAction::triggered, this, [this] {
        if (const QListWidgetItem *item = m_recent->currentItem())
            emit forgetRequested(item->data(Qt::UserRole).toString());
    });
}

} // namespace tribikos
