#!/bin/sh
# Sees to it that `node` and `npm` of a version that fits are on the PATH: the machine's own,
# or the copy that PyPI offers, put into the virtual environment.
set -eu
cd "$(dirname "$0")/.."

fits() {
  command -v npm >/dev/null 2>&1 && node -e '
    const [major, minor] = process.versions.node.split(".").map(Number);
    process.exit((major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22 ? 0 : 1);
  ' 2>/dev/null
}

if ! fits; then
  echo "No Node.js that fits (20.19 or newer) on this machine: taking it from PyPI."
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --requirement setup/node.txt
  PATH="$PWD/.venv/bin:$PATH"
  fits
fi
echo "Node.js $(node --version)"
