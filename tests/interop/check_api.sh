#!/usr/bin/env bash
# The REST interface against made-up requests of schemathesis, on a server of its own with a token and leave to add.
# Usage: check_api.sh LAGEBILD STORE SCHEMATHESIS [EXAMPLES]      the store is changed: give a copy
set -euo pipefail
program=$(realpath "$1") store=$(realpath "$2") schemathesis=$(realpath -s "$3") examples=${4:-20}
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
echo 0123456789abcdef0123456789abcdef >"$work/token"
"$program" serve --addr 127.0.0.1:0 --store "$store" --token-file "$work/token" --add 2>"$work/log" &
server=$!
for _ in $(seq 100); do
    url=$(grep -o 'http://[0-9.:]*' "$work/log" || true)
    [ -n "$url" ] && break
    sleep 0.1
done
cd "$work"
SCHEMATHESIS_HOOKS="$here/api_hooks.py" "$schemathesis" --config-file "$here/schemathesis.toml" run "$url/api/v1/openapi.json" \
    --header "Authorization: Bearer $(cat token)" --phases examples,coverage,fuzzing --max-examples "$examples" \
    --continue-on-failure --seed 1 --request-timeout 30 --workers 1 --no-color
# It still answers, and nothing in it broke.
curl -fsS -H "Authorization: Bearer $(cat token)" "$url/api/v1" >/dev/null
if grep -v -e 'Lagebild is at' "$work/log"; then
    echo "check_api: the server reported errors" >&2
    exit 1
fi
