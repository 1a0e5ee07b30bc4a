#pragma once

#include "core/db/clientlibrary.h"

#include <mysql.h>

namespace tribikos {

/// MariaDB's client library: the functions that we use. Source: MariaDB's documentation, "Connector/C".
class LibMariaDb final : public ClientLibrary
{
public:
    const Function<decltype(::mariadb_cancel)> cancel{this, "mariadb_cancel"};
    const Function<decltype(::mariadb_get_infov)> getInfov{this, "mariadb_get_infov"};
    const Function<decltype(::mysql_affected_rows)> affectedRows{this, "mysql_affected_rows"};
    const Function<decltype(::mysql_close)> close{this, "mysql_close"};
    const Function<decltype(::mysql_errno)> errorNumber{this, "mysql_errno"};
    const Function<decltype(::mysql_error)> error{this, "mysql_error"};
    const Function<decltype(::mysql_fetch_fields)> fetchFields{this, "mysql_fetch_fields"};
    const Function<decltype(::mysql_fetch_lengths)> fetchLengths{this, "mysql_fetch_lengths"};
    const Function<decltype(::mysql_fetch_row_cont)> fetchRowCont{this, "mysql_fetch_row_cont"};
    const Function<decltype(::mysql_fetch_row_start)> fetchRowStart{this, "mysql_fetch_row_start"};
    const Function<decltype(::mysql_field_count)> fieldCount{this, "mysql_field_count"};
    const Function<decltype(::mysql_free_result)> freeResult{this, "mysql_free_result"};
    const Function<decltype(::mysql_get_socket)> getSocket{this, "mysql_get_socket"};
    const Function<decltype(::mysql_get_ssl_cipher)> getSslCipher{this, "mysql_get_ssl_cipher"};
    const Function<decltype(::mysql_get_timeout_value_ms)> getTimeoutValueMs{this, "mysql_get_timeout_value_ms"};
    const Function<decltype(::mysql_init)> init{this, "mysql_init"};
    const Function<decltype(::mysql_insert_id)> insertId{this, "mysql_insert_id"};
    const Function<decltype(::mysql_more_results)> moreResults{this, "mysql_more_results"};
    const Function<decltype(::mysql_next_result_cont)> nextResultCont{this, "mysql_next_result_cont"};
    const Function<decltype(::mysql_next_result_start)> nextResultStart{this, "mysql_next_result_start"};
    const Function<decltype(::mysql_num_fields)> numFields{this, "mysql_num_fields"};
    const Function<decltype(::mysql_options)> options{this, "mysql_options"};
    const Function<decltype(::mysql_options4)> options4{this, "mysql_options4"};
    const Function<decltype(::mysql_real_connect_cont)> realConnectCont{this, "mysql_real_connect_cont"};
    const Function<decltype(::mysql_real_connect_start)> realConnectStart{this, "mysql_real_connect_start"};
    const Function<decltype(::mysql_real_escape_string)> realEscapeString{this, "mysql_real_escape_string"};
    const Function<decltype(::mysql_real_query_cont)> realQueryCont{this, "mysql_real_query_cont"};
    const Function<decltype(::mysql_real_query_start)> realQueryStart{this, "mysql_real_query_start"};
    const Function<decltype(::mysql_sqlstate)> sqlstate{this, "mysql_sqlstate"};
    const Function<decltype(::mysql_ssl_set)> sslSet{this, "mysql_ssl_set"};
    const Function<decltype(::mysql_thread_id)> threadId{this, "mysql_thread_id"};
    const Function<decltype(::mysql_use_result)> useResult{this, "mysql_use_result"};
    const Function<decltype(::mysql_warning_count)> warningCount{this, "mysql_warning_count"};

private:
    friend const LibMariaDb &mariadb();
    LibMariaDb()
        : ClientLibrary(QStringLiteral("mariadb"), 3, QStringLiteral("libmariadb3"))
    {}
};

/// Loads the library when it is asked for the first time. Thread-safe.
inline const LibMariaDb &mariadb()
{
    static const LibMariaDb library;
    return library;
}

} // namespace tribikos
