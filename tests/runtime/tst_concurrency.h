#pragma once

#include <QObject>
#include <QTemporaryDir>

class tst_Concurrency final : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void runsAtOnce_data();
    void runsAtOnce();
    void writerSlipsIn();
    void otherToolMovesOn();
    void structureChangedMeanwhile_data();
    void structureChangedMeanwhile();
    void restThatRebuildsNeedsANewPlan();
    void readersSeeCommitsAlone();

private:
    QString path(const QString &name = QStringLiteral("shop.db")) const
    {
        return m_folder->filePath(name);
    }
    std::unique_ptr<QTemporaryDir> m_folder{};
};
