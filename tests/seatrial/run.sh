#!/bin/sh
# What becomes of a project's revisions offline: one line of docs/SEATRIAL.md for each folder.
#   run.sh CLI DIALECT FOLDER...
# FOLDER holds the revision scripts; REASONS=1 lists why the others could not be rendered.
set -u
if [ $# -lt 3 ]; then
    echo "usage: $0 path/to/tribikos-cli DIALECT VERSIONS-FOLDER..." >&2
    exit 2
fi
cli=$1
dialect=$2
shift 2
count() { grep -o "\"status\":\"$1\"" "$2" | wc -l | tr -d ' '; }
json=$(mktemp) || exit 1
trap 'rm -f "$json" "$json.down"' EXIT
printf '| versions | dialect | revisions | ok up | ok down | needs connection | unsupported | error |\n'
printf '|---|---|---|---|---|---|---|---|\n'
for folder in "$@"; do
    "$cli" --versions "$folder" --dialect "$dialect" upgrade base:heads --sql --json >"$json" 2>/dev/null
    "$cli" --versions "$folder" --dialect "$dialect" downgrade heads:base --sql --json >"$json.down" 2>/dev/null
    both() { echo "$(count "$1" "$json") / $(count "$1" "$json.down")"; }
    revisions=$(grep -o '"revision":' "$json" | wc -l | tr -d ' ')
    printf '| %s | %s | %s | %s | %s | %s | %s | %s |\n' "$folder" "$dialect" "$revisions" \
        "$(count ok "$json")" "$(count ok "$json.down")" \
        "$(both needs-connection)" "$(both unsupported)" "$(both error)"
    if [ "${REASONS:-0}" != 0 ]; then
        cat "$json" "$json.down" | grep -o '"reason":"[^"]\{1,140\}' |
            sed 's/^"reason":"//; s/^[^ ]*:[0-9]* //' | sort | uniq -c | sort -rn | head -20
    fi
done
