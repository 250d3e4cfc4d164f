#!/bin/sh
# Makes .venv and installs what is pinned in requirements.txt, with "dev" what tests need as well.
# Does nothing when that is done already. PYTHON=/path/to/python chooses the interpreter.
set -eu
cd "$(dirname "$0")/.."

enough='import sys; sys.exit(sys.version_info < (3, 11))'

# Two at once (make run beside make test) would write over each other.
if [ "${1:-}" != locked ] && command -v flock >/dev/null; then
    mkdir -p build
    exec flock build/environment.lock sh tools/environment.sh locked "$@"
fi
[ "${1:-}" = locked ] && shift

choose_python() {
    for name in ${PYTHON:+"$PYTHON"} python3 python3.13 python3.12 python3.11; do
        if command -v "$name" >/dev/null && "$name" -c "$enough" 2>/dev/null; then
            echo "$name"
            return
        fi
        [ -z "${PYTHON:-}" ] || break
    done
    echo "Python 3.11 or newer is needed${PYTHON:+ ($PYTHON is not)}: install it, or say PYTHON=/path/to/python" >&2
    exit 1
}

if ! .venv/bin/python -c "$enough" 2>/dev/null || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    python=$(choose_python)
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        echo "$python cannot make environments: install its venv module (Debian: apt-get install python3-venv)" >&2
        exit 1
    fi
    echo "Making the environment .venv with $("$python" --version)"
    "$python" -m venv --clear .venv
fi

for list in requirements.txt ${1:+requirements-dev.txt}; do
    installed=.venv/installed-$list
    if ! cmp -s "$list" "$installed"; then
        echo "Installing $list (a minute or two the first time)"
        # -qq: errors only.
        .venv/bin/python -m pip install -qq --disable-pip-version-check --no-input --require-hashes -r "$list"
        cp "$list" "$installed"
    fi
done
