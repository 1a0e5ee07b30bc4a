#!/usr/bin/env bash
# Builds everything and runs the tests. Its last lines are ctest's own count.
#   ./test.sh            release build
#   ./test.sh asan       with the address and undefined behaviour sanitizers; asan-core: the readers of foreign text
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
preset=${1:-release}

cmake/install-packages.sh build run test
cmake --preset "$preset" </dev/null
cmake --build --preset "$preset" </dev/null
export QT_QPA_PLATFORM=offscreen
export XDG_STATE_HOME=$PWD/build/test-state XDG_CONFIG_HOME=$PWD/build/test-config \
    XDG_CACHE_HOME=$PWD/build/test-cache
ctest --preset "$preset" -j 2 </dev/null
