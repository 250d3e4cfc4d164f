#!/bin/sh
# Sees to it that tests find a Chromium, LibreOffice Calc and Writer and poppler's tools: installs what is missing
# from the system's packages where that is allowed, else says what to install and ends with 1.
set -eu
cd "$(dirname "$0")/.."

has() { command -v "$1" >/dev/null 2>&1; }

has_chromium() {
    [ -n "${CHROMIUM:-}" ] && has "$CHROMIUM" && return
    has chromium || has chromium-browser || has google-chrome || has google-chrome-stable || has_fetched_chromium
}

has_fetched_chromium() {
    .venv/bin/python - <<'PYTHON'
import pathlib, sys
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    sys.exit(not pathlib.Path(playwright.chromium.executable_path).exists())
PYTHON
}

missing() {
    has_chromium || echo chromium
    { has soffice && has localc; } || echo libreoffice-calc
    { has soffice && has lowriter; } || echo libreoffice-writer
    { has pdftotext && has pdftoppm; } || echo poppler-utils
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

install_packages() {
    has apt-get || return 0
    [ "$(id -u)" = 0 ] || { has sudo && sudo -n true 2>/dev/null; } || return 0
    echo "Installing from the system's packages: $*"
    as_root apt-get update -qq || true
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        -o DPkg::Lock::Timeout=300 "$@" >build/apt.log 2>&1 || tail -n 20 build/apt.log >&2
}

packages=$(missing)
[ -n "$packages" ] || exit 0

mkdir -p build
# Unquoted on purpose: one word per package.
install_packages $packages </dev/null
if ! has_chromium; then
    echo "Fetching Chromium with Playwright"
    .venv/bin/python -m playwright install chromium >build/chromium.log 2>&1 </dev/null || tail -n 5 build/chromium.log >&2
fi

packages=$(missing)
if [ -n "$packages" ]; then
    echo "The tests need, and this machine lacks:" $packages >&2
    echo "Install with: apt-get install --no-install-recommends" $packages >&2
    echo "CHROMIUM=/path/to/chromium names a browser elsewhere; 'make test-fast' needs none of these." >&2
    exit 1
fi
