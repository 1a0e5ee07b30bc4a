#pragma once

#include <QObject>

class tst_ServerSessions final : public QObject
{
    Q_OBJECT
private slots:
    void refusesText_data();
    void refusesText();
    void givesValues_data();
    void givesValues();
    void exchangesSeveral_data();
    void exchangesSeveral();
    void keepsTransactions_data();
    void keepsTransactions();
    void isInterrupted_data();
    void isInterrupted();
    void isCutByPatience_data();
    void isCutByPatience();
    void readsOnly_data();
    void readsOnly();
    void saysWhatIsWrong_data();
    void saysWhatIsWrong();
    void quotesNames_data();
    void quotesNames();
    void tellsWarnings();
    void asksForTls_data();
    void asksForTls();
};
