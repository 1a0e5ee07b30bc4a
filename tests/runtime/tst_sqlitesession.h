#pragma once

#include <QObject>
#include <QTemporaryDir>

class tst_SqliteSession final : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void refusesText_data();
    void refusesText();
    void quotesIdentifiers_data();
    void quotesIdentifiers();
    void countsRows();
    void bindsValues();
    void guardsTransactions();
    void readingLeavesNoTrace_data();
    void readingLeavesNoTrace();
    void readingRefusesWrites();
    void distrustsTheFile_data();
    void distrustsTheFile();
    void interruptEndsAnEndlessQuery();
    void takesNoEndlessMemory();
    void forgetsItsConnection();
    void serverThatIsNotThere_data();
    void serverThatIsNotThere();

private:
    QString path(const QString &name) const { return m_folder->filePath(name); }
    std::unique_ptr<QTemporaryDir> m_folder{};
};
