#!/bin/sh
# Writes docs/openapi.json and static/app/contract.ts; with --check, only says whether they are stale.
set -eu
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH" PYTHONPATH="$PWD"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python setup/contract.py "$work/openapi.json"
node setup/contract.mjs "$work/openapi.json" "$work/contract.ts"

if [ "${1:-}" = --check ]; then
  {
    diff -u docs/openapi.json "$work/openapi.json" && diff -u static/app/contract.ts "$work/contract.ts"
  } > "$work/difference" || {
    head -n 40 "$work/difference" >&2
    echo "What is generated from the API's declarations is stale: make contract" >&2
    exit 1
  }
else
  mkdir -p docs
  cp "$work/openapi.json" docs/openapi.json
  cp "$work/contract.ts" static/app/contract.ts
fi
