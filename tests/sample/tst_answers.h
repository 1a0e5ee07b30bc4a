#pragma once

#include <QObject>

/// What the command line says of the sample project, against what Alembic printed of it.
class TestAnswers : public QObject
{
    Q_OBJECT

private slots:
    void listsAsAlembicDoes_data();
    void listsAsAlembicDoes();
    void writesAlembicsScript_data();
    void writesAlembicsScript();
    void findsWhatAlembicFinds();
    void knowsWhatEachRevisionBrings();
    void opensWithoutComplaint();
};
