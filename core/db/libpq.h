#pragma once

#include "core/db/clientlibrary.h"

#include <libpq-fe.h>

namespace tribikos {

/// libpq, PostgreSQL's own client: the functions that we use. Source: the manual's chapter 34.
class LibPq final : public ClientLibrary
{
public:
    const Function<decltype(::PQbackendPID)> backendPid{this, "PQbackendPID"};
    const Function<decltype(::PQcancel)> cancel{this, "PQcancel"};
    const Function<decltype(::PQclear)> clear{this, "PQclear"};
    const Function<decltype(::PQcmdStatus)> cmdStatus{this, "PQcmdStatus"};
    const Function<decltype(::PQcmdTuples)> cmdTuples{this, "PQcmdTuples"};
    const Function<decltype(::PQconnectPoll)> connectPoll{this, "PQconnectPoll"};
    const Function<decltype(::PQconnectStartParams)> connectStartParams{this, "PQconnectStartParams"};
    const Function<decltype(::PQconsumeInput)> consumeInput{this, "PQconsumeInput"};
    const Function<decltype(::PQerrorMessage)> errorMessage{this, "PQerrorMessage"};
    const Function<decltype(::PQenterPipelineMode)> enterPipelineMode{this, "PQenterPipelineMode"};
    const Function<decltype(::PQexitPipelineMode)> exitPipelineMode{this, "PQexitPipelineMode"};
    const Function<decltype(::PQpipelineSync)> pipelineSync{this, "PQpipelineSync"};
    const Function<decltype(::PQfname)> fname{this, "PQfname"};
    const Function<decltype(::PQfreemem)> freemem{this, "PQfreemem"};
    const Function<decltype(::PQparameterStatus)> parameterStatus{this, "PQparameterStatus"};
    const Function<decltype(::PQunescapeBytea)> unescapeBytea{this, "PQunescapeBytea"};
    const Function<decltype(::PQfinish)> finish{this, "PQfinish"};
    const Function<decltype(::PQflush)> flush{this, "PQflush"};
    const Function<decltype(::PQfreeCancel)> freeCancel{this, "PQfreeCancel"};
    const Function<decltype(::PQftype)> ftype{this, "PQftype"};
    const Function<decltype(::PQgetCancel)> getCancel{this, "PQgetCancel"};
    const Function<decltype(::PQgetResult)> getResult{this, "PQgetResult"};
    const Function<decltype(::PQgetisnull)> getisnull{this, "PQgetisnull"};
    const Function<decltype(::PQgetlength)> getlength{this, "PQgetlength"};
    const Function<decltype(::PQgetvalue)> getvalue{this, "PQgetvalue"};
    const Function<decltype(::PQisBusy)> isBusy{this, "PQisBusy"};
    const Function<decltype(::PQnfields)> nfields{this, "PQnfields"};
    const Function<decltype(::PQntuples)> ntuples{this, "PQntuples"};
    const Function<decltype(::PQputCopyEnd)> putCopyEnd{this, "PQputCopyEnd"};
    const Function<decltype(::PQresultErrorField)> resultErrorField{this, "PQresultErrorField"};
    const Function<decltype(::PQresultErrorMessage)> resultErrorMessage{this, "PQresultErrorMessage"};
    const Function<decltype(::PQresultStatus)> resultStatus{this, "PQresultStatus"};
    const Function<decltype(::PQsendFlushRequest)> sendFlushRequest{this, "PQsendFlushRequest"};
    const Function<decltype(::PQsendQueryParams)> sendQueryParams{this, "PQsendQueryParams"};
    const Function<decltype(::PQsetNoticeReceiver)> setNoticeReceiver{this, "PQsetNoticeReceiver"};
    const Function<decltype(::PQsetSingleRowMode)> setSingleRowMode{this, "PQsetSingleRowMode"};
    const Function<decltype(::PQsetnonblocking)> setnonblocking{this, "PQsetnonblocking"};
    const Function<decltype(::PQsocket)> socket{this, "PQsocket"};
    const Function<decltype(::PQstatus)> status{this, "PQstatus"};
    const Function<decltype(::PQtransactionStatus)> transactionStatus{this, "PQtransactionStatus"};

private:
    friend const LibPq &pq();
    LibPq()
        : ClientLibrary(QStringLiteral("pq"), 5, QStringLiteral("libpq5"))
    {}
};

/// Loads the library when it is asked for the first time. Thread-safe.
inline const LibPq &pq()
{
    static const LibPq library;
    return library;
}

} // namespace tribikos
