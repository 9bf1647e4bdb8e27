#!/bin/sh
# Writes a migration: the difference between the last revision and the models. Usage: migration.sh "why"
set -eu
cd "$(dirname "$0")/.."
[ -n "${1:-}" ] || { echo "Say what it is for: make migration m='remember who retired a door'" >&2; exit 2; }

# An empty database of its own: the difference must not depend on what somebody's instance holds.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export DATABASE_URL="sqlite:///$work/models.sqlite" QIAOMEN_INSTANCE="$work"
export PATH="$PWD/.venv/bin:$PATH"
alembic upgrade head
alembic revision --autogenerate --message "$1"
