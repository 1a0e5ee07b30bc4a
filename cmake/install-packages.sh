#!/usr/bin/env bash
# install-packages.sh KIND... : installs what debian-packages.txt lists for each kind and is not there yet.
# Asks nothing, and does nothing at all when nothing is missing or the machine has no apt.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
command -v dpkg-query >/dev/null && command -v apt-get >/dev/null || exit 0

missing=()
for kind in "$@"; do
    for package in $(sed -n "s/^$kind://p" "$here/debian-packages.txt"); do
        status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
        [ "$status" = installed ] || missing+=("$package")
    done
done
[ ${#missing[@]} -gt 0 ] || exit 0

if [ "$(id -u)" -eq 0 ]; then
    root=()
elif command -v sudo >/dev/null; then
    root=(sudo)
else
    echo "These packages are missing, and there is no sudo to install them: ${missing[*]}" >&2
    exit 1
fi
echo "Installing ${missing[*]}" >&2
export DEBIAN_FRONTEND=noninteractive
"${root[@]}" apt-get update -q </dev/null >&2
"${root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -q --no-install-recommends "${missing[@]}" </dev/null >&2
