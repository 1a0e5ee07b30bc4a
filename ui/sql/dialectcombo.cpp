#include "ui/sql/dialectcombo.h"

namespace tribikos {

DialectCombo::DialectCombo(QWidget *parent)
    : QComboBox(parent)
{
    setAccessibleName(tr("Dialect of the SQL"));
    setToolTip(tr("Show the SQL for this database"));
    for (const Backend backend :
         {Backend::Sqlite, Backend::PostgreSql, Backend::MySql, Backend::MariaDb})
        addItem(backendTitle(backend), int(backend));
    connect(this, &QComboBox::activated, this, [this] { emit chosen(backend()); });
}

void DialectCombo::setBackend(Backend backend)
{
    setCurrentIndex(findData(int(backend)));
}

} // namespace tribikos
