#pragma once

#include "core/diff/diff.h"
#include "ui/edit/editdialog.h"

class QComboBox;
class QLabel;

namespace tribikos {

/// Asks what comparisons are to leave out, beginning with one difference: it alone, or all that are like it.
class IgnoreDialog final : public EditDialog
{
    Q_OBJECT
public:
    /// \a all: the differences that are listed; the dialog says how many of them the rule would leave out.
    IgnoreDialog(const Difference &one, const QList<Difference> &all, QWidget *window);

    /// The key of [ignore] in tribikos.toml, and the pattern.
    QString key() const;
    QString pattern() const;

private:
    void suggest();
    void check();

    const Difference m_one;
    const QList<Difference> m_all;
    QComboBox *m_keys = nullptr;
    QComboBox *m_pattern = nullptr;
    QLabel *m_reach = nullptr;
};

/// "tables.audit" … what \a key of [ignore] stands for, for people.
QString ignoreKeyText(const QString &key);

} // namespace tribikos
