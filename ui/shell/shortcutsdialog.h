#pragma once

#include <QDialog>

class QAction;

namespace tribikos {

/// The window's commands and their keys, and which version this is.
class ShortcutsDialog final : public QDialog
{
    Q_OBJECT
public:
    explicit ShortcutsDialog(const QList<QAction *> &actions, QWidget *parent = nullptr);
};

} // namespace tribikos
