#!/bin/sh
# Writes requirements.txt and requirements-dev.txt from the .in files: every package pinned,
# resolved in fresh environments so that nothing left over in .venv gets in.
set -eu
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python=${PYTHON:-python3}
header="# Made by 'make lock' from"

"$python" -m venv "$work/run"
"$work/run/bin/pip" install --quiet --requirement requirements.in
{ echo "$header requirements.in"; "$work/run/bin/pip" freeze | tr 'A-Z_' 'a-z-'; } > requirements.txt

"$python" -m venv "$work/dev"
"$work/dev/bin/pip" install --quiet --requirement requirements-dev.in --constraint requirements.txt
{
  echo "$header requirements-dev.in"
  "$work/dev/bin/pip" freeze | tr 'A-Z_' 'a-z-' | grep -vxFf requirements.txt
} > requirements-dev.txt
