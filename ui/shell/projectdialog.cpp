#include "ui/shell/projectdialog.h"

#include <QDir>

namespace tribikos {

using namespace Qt::StringLiterals;

namespace {

QStringList configurationNames()
{
    return {u"alembic.ini"_s, u"tribikos.toml"_s, u"pyproject.toml"_s};
}

} // namespace

bool isProjectFolder(const QString &folder)
{
    return !QDir(folder).entryList(configurationNames(), QDir::Files).isEmpty();
}

ProjectDialog::ProjectDialog(QWidget *parent)
    : QFileDialog(parent, tr("Open project: its folder, or alembic.ini or tribikos.toml in it"))
{
    setFileMode(QFileDialog::ExistingFile);
    setNameFilters({tr("Projects (%1)").arg(configurationNames().join(u' ')),
                    tr("Configuration files (*.ini *.toml)")});
    resize(fontMetrics().horizontalAdvance(u'm') * 80, fontMetrics().height() * 32);
    connect(this, &QFileDialog::fileSelected, this, &ProjectDialog::projectChosen);
}

/// A folder without a configuration is entered, as in every such dialog.
void ProjectDialog::accept()
{
    const QString path = selectedFiles().value(0);
    if (!QFileInfo(path).isDir() || !isProjectFolder(path)) {
        QFileDialog::accept();
        return;
    }
    emit projectChosen(path);
    QDialog::done(QDialog::Accepted);
}

} // namespace tribikos
