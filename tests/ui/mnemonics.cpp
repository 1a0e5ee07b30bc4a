#include "mnemonics.h"

#include <QAbstractButton>
#include <QKeySequence>
#include <QLabel>
#include <QMap>
#include <QTabBar>

namespace tribikos {

using namespace Qt::StringLiterals;

QStringList mnemonicClashes(const QWidget &window)
{
    QMap<QString, QStringList> byKey;
    const auto note = [&byKey](const QString &text) {
        if (const QKeySequence key = QKeySequence::mnemonic(text); !key.isEmpty())
            byKey[key.toString()] << text;
    };
    for (const QAbstractButton *button : window.findChildren<QAbstractButton *>())
        if (button->isVisible())
            note(button->text());
    for (const QLabel *label : window.findChildren<QLabel *>())
        if (label->isVisible() && label->buddy())
            note(label->text());
    for (const QTabBar *bar : window.findChildren<QTabBar *>()) {
        for (int tab = 0; bar->isVisible() && tab < bar->count(); ++tab)
            if (bar->isTabVisible(tab))
                note(bar->tabText(tab));
    }
    QStringList clashes;
    for (auto one = byKey.cbegin(); one != byKey.cend(); ++one)
        if (one->size() > 1)
            clashes << one.key() + u": "_s + one->join(u", "_s);
    return clashes;
}

} // namespace tribikos
