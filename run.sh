#!/usr/bin/env bash
# Builds Tribikos and does the main job on the sample project, with SQLite: history, comparison, SQL, upgrade,
# one step back. With a display: in the window, on a copy of the sample. Without: the same steps by the command
# line, and screenshots of the window. Arguments are passed on to the window.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

cmake/install-packages.sh build run
mkdir -p build
cmake --preset release >build/configure.log 2>&1 || { cat build/configure.log >&2; exit 1; }
cmake --build --preset release --target tribikos tribikos-cli

work=${TRIBIKOS_SAMPLE:-$PWD/build/sample}
if [ ! -e "$work/alembic.ini" ]; then
    mkdir -p "$work"
    cp -r migrations/. "$work/"
fi
cli=$PWD/build/release/app/cli/tribikos-cli
window=$PWD/build/release/app/gui/tribikos

if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    if [ $# -eq 0 ]; then set -- "$work"; fi
    exec "$window" "$@"
fi

echo "No display: doing the main job headless, on $work"
cd "$work"
step() { printf '\n$ tribikos-cli %s\n' "$*"; "$cli" "$@"; }
step history
step current
step diff || [ $? -eq 1 ]
step upgrade head --sql | sed -n 1,40p
step upgrade head
step current
step downgrade -1
step current
step upgrade head
# The offscreen platform complains of each window that it has no window manager.
QT_QPA_PLATFORM=offscreen "$window" --screenshot "$work/screenshots" "$work" \
    2> >(grep -v -e propagateSizeHints -e XDG_RUNTIME_DIR >&2 || true)
printf '\nThe window, as pictures: %s\n' "$work/screenshots"
