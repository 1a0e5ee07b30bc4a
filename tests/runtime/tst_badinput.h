#pragma once

#include <QObject>
#include <QTemporaryDir>

/// Every database that a run must survive: one sentence, and the file as it was at the last commit.
class tst_BadInput final : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void notADatabase_data();
    void notADatabase();
    void emptyFileIsANewDatabase();
    void damagedDatabase();
    void readOnlyFile();
    void readOnlyFolder();
    void versionTable_data();
    void versionTable();
    void severalHeadsAreFine();
    void positionElsewhere_data();
    void positionElsewhere();
    void lockedDatabase_data();
    void lockedDatabase();
    void lockThatIsReleased();
    void readerHoldsTheCommitBack();
    void failingStatement_data();
    void failingStatement();
    void diskFull();
    void fileDeletedUnderUs();
    void fileReplacedUnderUs();
    void versionRowChangedInTheStep();
    void cancelBeforeTheRun();
    void cancelBetweenSteps();
    void cancelBetweenStatements();
    void cancelInsideAStatement();
    void cancelWhileWaiting();

private:
    QString path(const QString &name = QStringLiteral("shop.db")) const
    {
        return m_folder->filePath(name);
    }
    std::unique_ptr<QTemporaryDir> m_folder{};
};
