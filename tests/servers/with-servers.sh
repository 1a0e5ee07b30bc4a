#!/usr/bin/env bash
# with-servers.sh FOLDER COMMAND...: runs COMMAND beside the private servers in FOLDER, which are started when they
# don't run yet. It finds their databases in TRIBIKOS_TEST_POSTGRESQL and TRIBIKOS_TEST_MARIADB.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=$1
shift
urls=$("$here/servers.sh" start "$folder")
TRIBIKOS_TEST_POSTGRESQL=$(sed -n 's/^PG_URL=//p' <<<"$urls")
TRIBIKOS_TEST_MARIADB=$(sed -n 's/^MYSQL_URL=//p' <<<"$urls")
export TRIBIKOS_TEST_POSTGRESQL TRIBIKOS_TEST_MARIADB
exec "$@"
