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
log=build/ctest-$preset.log
if ! ctest --preset "$preset" -j 2 </dev/null | tee "$log"; then
    # A failed test's output is long: what failed is told again at the end, before the count.
    printf '\nWhat failed:\n'
    grep -E -A 4 '^(FAIL!|XPASS|QFATAL|.*(AddressSanitizer|runtime error|\*\*\*(Failed|Timeout|Exception)))' "$log" || true
    grep -E 'tests passed, .* failed out of' "$log"
    exit 1
fi
