#!/bin/sh
# Finds a Chromium for the browser tests and screenshots, or gets one, and prints where it is:
# one that is there, else Debian's package (as root), else Playwright's own.
set -eu
cd "$(dirname "$0")/.."

installed() {
  for name in chromium chromium-browser google-chrome google-chrome-stable; do
    path=$(command -v "$name" 2>/dev/null) || continue
    # Some systems ship a chromium command that only tells how to install it.
    if "$path" --version >/dev/null 2>&1; then
      echo "$path"
      return 0
    fi
  done
  return 1
}

debian() {
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 || return 1
  {
    apt-get update
    # Without a Chinese font every test of a screen would look at empty boxes.
    DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
      chromium fonts-wqy-microhei
  } >&2
}

playwright() {
  if [ "$(id -u)" = 0 ]; then deps=--with-deps; else deps=; fi
  .venv/bin/playwright install $deps chromium >&2
  .venv/bin/python -c '
from playwright.sync_api import sync_playwright
with sync_playwright() as p:
    print(p.chromium.executable_path)'
}

if [ -n "${CHROMIUM:-}" ]; then
  echo "$CHROMIUM"
elif installed; then
  :
elif debian && installed; then
  :
else
  playwright
fi
