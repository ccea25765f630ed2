# Sourced by the commands in bin/: finds Python, installs what is missing, and nothing twice.
# What was installed is stamped with the hash of its lock, so a second start costs only the comparison.

set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export CALLED_FROM="$PWD" # a relative file named on the command line is relative to here
cd "$ROOT"
export VAR_DIR="${VAR_DIR:-$ROOT/var}"
VENV="$ROOT/.venv"

say() { printf '%s\n' "$*" >&2; }
stop() { say "$*"; exit 1; }
sum_of() { cat "$@" | sha256sum | cut -d' ' -f1; }
has_library() { ldconfig -p 2>/dev/null | grep -q "$1" || ls /usr/lib/*/"$1"* >/dev/null 2>&1; }

# --- What Debian has to give --------------------------------------------------------------------------------------

# install_debian PACKAGE...: as root or through sudo; otherwise say what to type and go on.
install_debian() {
    [ $# -gt 0 ] || return 0
    local as=()
    if [ "$(id -u)" != 0 ]; then
        if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
            as=(sudo -n)
        else
            say "Some system packages are missing. Going on without them; to install them: sudo apt-get install $*"
            return 0
        fi
    fi
    command -v apt-get >/dev/null || { say "Some system packages are missing and there is no apt-get: $*"; return 0; }
    say "Installing system packages: $*"
    local quiet=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0)
    "${as[@]}" "${quiet[@]}" update >/dev/null || say "apt-get update failed; trying with the lists there are."
    "${as[@]}" "${quiet[@]}" install -y --no-install-recommends "$@" >/dev/null || say "Could not install: $*. Going on."
}

find_python() {
    local name
    for name in "${PYTHON:-}" python3.11 python3.12 python3.13 python3 python3.14; do
        [ -n "$name" ] || continue
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            PYTHON=$(command -v "$name")
            return 0
        fi
    done
    return 1
}

# system_packages runtime|tests
system_packages() {
    local missing=()
    find_python || { install_debian python3 python3-venv; find_python || stop "Python 3.11 or newer is needed."; }
    "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3-venv)
    has_library libpango-1.0.so.0 || missing+=(libpango-1.0-0)
    has_library libpangoft2-1.0.so.0 || missing+=(libpangoft2-1.0-0)
    has_library libharfbuzz-subset.so.0 || missing+=(libharfbuzz-subset0)
    [ -d /usr/share/fonts/truetype/liberation ] || [ -d /usr/share/fonts/truetype/liberation2 ] || missing+=(fonts-liberation)
    if [ "$1" = tests ]; then
        [ -n "${CHROMIUM:-}" ] || command -v chromium >/dev/null || missing+=(chromium)
        has_library libatomic.so.1 || missing+=(libatomic1)
    fi
    install_debian ${missing[@]+"${missing[@]}"}
}

# --- Python packages ----------------------------------------------------------------------------------------------

# python_packages LOCK: into .venv, every wheel checked against the hashes in the lock.
python_packages() {
    local lock=$1 stamp="$VENV/.installed-$1" want
    # The path is part of the stamp: a virtual environment does not survive being moved.
    want="$(sum_of "$lock") $VENV"
    [ "$(cat "$stamp" 2>/dev/null)" = "$want" ] && return 0
    if ! "$VENV/bin/python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        "$PYTHON" -m venv --clear "$VENV" || stop "Could not make .venv. Is python3-venv installed?"
    fi
    say "Installing Python packages from $lock"
    if uv --version >/dev/null 2>&1; then
        uv pip install --quiet --python "$VENV/bin/python" --require-hashes -r "$lock"
    else
        "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
    fi
    printf '%s' "$want" >"$stamp"
}

# --- Front end ----------------------------------------------------------------------------------------------------

# front_end: node_modules by npm's lock, then our own copy of the two files the pages need.
front_end() {
    local stamp="$ROOT/static/vendor/.installed" want
    want=$(sum_of package-lock.json scripts/vendor.py)
    [ "$(cat "$stamp" 2>/dev/null)" = "$want" ] && return 0
    say "Fetching the front-end packages"
    if npm --version >/dev/null 2>&1; then
        npm ci --silent --no-audit --no-fund --ignore-scripts >&2
    else
        # No Node on this machine: its wheel brings npm along, in an environment of its own.
        local node="$VAR_DIR/node"
        [ -x "$node/bin/npm" ] || {
            "$PYTHON" -m venv --clear "$node"
            "$node/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-node.txt
        }
        PATH="$node/bin:$PATH" npm ci --silent --no-audit --no-fund --ignore-scripts >&2
    fi
    "$PYTHON" scripts/vendor.py
    printf '%s' "$want" >"$stamp"
}

# --- Secrets ------------------------------------------------------------------------------------------------------

# secret NAME: a random key for this machine in var/NAME, readable by its owner only.
secret() {
    (umask 077 && mkdir -p "$VAR_DIR")
    [ -s "$VAR_DIR/$1" ] && return 0
    (umask 077 && "$PYTHON" -c 'import secrets; print(secrets.token_urlsafe(64))' >"$VAR_DIR/$1")
}

# as_run: the environment bin/run gives, for the commands beside it. Production sets DEMO=0 and its own values.
as_run() {
    find_python || stop "Python 3.11 or newer is needed."
    python_packages requirements.txt
    secret secret_key
    secret audit_signing_key
    export DEMO="${DEMO:-1}"
    export MOVABLE_CLOCK="${MOVABLE_CLOCK:-$DEMO}"
}
