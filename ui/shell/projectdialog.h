#pragma once

#include <QFileDialog>

namespace tribikos {

/// Whether \a folder holds a configuration file that a project is opened by.
bool isProjectFolder(const QString &folder);

/// Asks for a project: its folder, or the configuration file in it.
class ProjectDialog final : public QFileDialog
{
    Q_OBJECT
public:
    explicit ProjectDialog(QWidget *parent = nullptr);

signals:
    void projectChosen(const QString &path);

protected:
    void accept() override;
};

} // namespace tribikos
