#include "ui/shell/shortcutsdialog.h"

#include <QAction>
#include <QDialogButtonBox>
#include <QHeaderView>
#include <QLabel>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace tribikos {

using namespace Qt::StringLiterals;

ShortcutsDialog::ShortcutsDialog(const QList<QAction *> &actions, QWidget *parent)
    : QDialog(parent)
{
    setWindowTitle(tr("Keyboard shortcuts"));
    auto *version =
        new QLabel(tr("Tribikos %1, GPL-3.0-or-later. It reads migration projects and runs "
                      "none of their code.")
                       .arg(QLatin1StringView(TRIBIKOS_VERSION)),
                   this);
    version->setWordWrap(true);
    auto *list = new QTreeWidget(this);
    list->setHeaderLabels({tr("Command"), tr("Keys")});
    list->setRootIsDecorated(false);
    list->setProperty("role", u"rows"_s);
    list->setAccessibleName(tr("Commands and their keys"));
    for (const QAction *action : actions) {
        QStringList keys;
        for (const QKeySequence &sequence : action->shortcuts())
            keys << sequence.toString(QKeySequence::NativeText);
        if (!keys.isEmpty())
            new QTreeWidgetItem(list, {QString(action->text()).remove(u'&'), keys.join(u", "_s)});
    }
    list->header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 14);
    layout->addWidget(version);
    layout->addWidget(list, 1);
    layout->addWidget(buttons);
    resize(fontMetrics().horizontalAdvance(u'm') * 48, fontMetrics().height() * 34);
}

} // namespace tribikos
