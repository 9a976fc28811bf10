#!/usr/bin/env bash
# Prepares this checkout: checks versions, makes .venv, installs the locked dependencies, builds the core.
# Does nothing twice: a stamp in .venv remembers what was built from which files.
set -euo pipefail
cd "$(dirname "$0")/.."
# Where rustup puts cargo; a shell that was open before does not know it yet.
export PATH="$PATH:${HOME:-}/.cargo/bin"

PYTHON_MIN="3.11"
RUST_MIN="1.90"
NODE_MIN="20.19"
UV_VERSION="0.13.9"
STAMP=.venv/.prepared
PAGE_STAMP=.venv/.prepared-page

say() { printf '  %s\n' "$*"; }
fail() { printf '\nCannot go on: %s\n' "$1" >&2; shift; for line in "$@"; do printf '    %s\n' "$line" >&2; done; exit 1; }
at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }

fingerprint() {
    { cat tools/setup.sh pyproject.toml uv.lock Cargo.toml Cargo.lock clippy.toml
      find crates -type f \( -name '*.rs' -o -name '*.toml' \) -not -path '*/tests/*' -not -path '*/benches/*' -print0 \
          | sort -z | xargs -0 cat
      pwd; } | sha256sum | cut -d ' ' -f 1
}

page_fingerprint() { { cat tools/setup.sh; find web -path web/node_modules -prune -o -type f -print0 | sort -z | xargs -0 cat; } | sha256sum | cut -d ' ' -f 1; }

find_python() {
    found=""
    for name in python3 python3.13 python3.12 python3.11 python3.14; do
        command -v "$name" >/dev/null 2>&1 || continue
        version=$("$name" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
        if at_least "$PYTHON_MIN" "$version"; then PYTHON=$name; return 0; fi
        found="${found:-$version}"
    done
    return 1
}

install_packages() {
    command -v apt-get >/dev/null 2>&1 || fail "these packages are missing: $*" "install them with your package manager, then run make again"
    sudo=""
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null 2>&1 || fail "these packages are missing: $*" "as root: apt-get install -y $*"
        sudo="sudo"
    fi
    say "installing with $sudo apt-get: $*"
    { $sudo apt-get update -q && $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -q "$@"; } >/dev/null ||
        fail "apt-get could not install: $*" "${sudo:+$sudo }apt-get update && ${sudo:+$sudo }apt-get install -y $*"
}

check_system() {
    wanted=""
    command -v cc >/dev/null 2>&1 || wanted="$wanted build-essential"
    command -v curl >/dev/null 2>&1 || wanted="$wanted curl"
    if find_python; then
        "$PYTHON" -c 'import ensurepip, venv' >/dev/null 2>&1 || wanted="$wanted $PYTHON-venv"
    elif [ -z "$found" ]; then
        wanted="$wanted python3 python3-venv"
    fi
    # shellcheck disable=SC2086 # a list of words
    [ -z "$wanted" ] || install_packages $wanted
    find_python || fail "Python ${found:-of no version} was found, $PYTHON_MIN or newer is needed" \
        "apt-get install -y python3.11 python3.11-venv" \
        "or, where there is no such package: https://www.python.org/downloads/"

    rust_line="curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y"
    { command -v cargo && command -v rustc; } >/dev/null 2>&1 || fail "Rust $RUST_MIN or newer was not found" "$rust_line"
    version=$(rustc --version 2>/dev/null | cut -d ' ' -f 2) || true
    if ! at_least "$RUST_MIN" "${version:-0}"; then
        ! command -v rustup >/dev/null 2>&1 || rust_line="rustup update stable && rustup default stable"
        fail "Rust ${version:-without a toolchain} was found, $RUST_MIN or newer is needed" "$rust_line"
    fi
}

is_built() { [ -f "$STAMP" ] && [ -x .venv/bin/tickyard ] && [ "$(cat "$STAMP")" = "$(fingerprint)" ]; }
is_page_built() { [ -f "$PAGE_STAMP" ] && [ -f src/tickyard/site/page/index.html ] && [ "$(cat "$PAGE_STAMP")" = "$(page_fingerprint)" ]; }

check_node() {
    node_lines="https://nodejs.org/en/download, or: curl -fsSL https://deb.nodesource.com/setup_22.x | bash - && apt-get install -y nodejs"
    { command -v node && command -v npm; } >/dev/null 2>&1 || fail "Node $NODE_MIN or newer was not found" "$node_lines"
    version=$(node --version | tr -d v)
    at_least "$NODE_MIN" "$version" || fail "Node $version was found, $NODE_MIN or newer is needed" "$node_lines"
}

build_page() {
    check_node
    say "building the page (node $(node --version))"
    npm --prefix web ci --ignore-scripts --no-audit --no-fund --silent
    npm --prefix web run --silent build >/dev/null
    page_fingerprint >"$PAGE_STAMP"
}

if is_built && is_page_built; then exit 0; fi

printf 'Preparing Tickyard (once; later starts take seconds)\n'
if is_built; then build_page; say "done"; exit 0; fi
check_system
check_node
say "python: $("$PYTHON" --version 2>&1)   rust: $(rustc --version)"
# Commands in a virtual environment name its place: one that was moved is made again.
if [ -d .venv ] && ! grep -qsF "$PWD/.venv" .venv/bin/activate; then
    say "the checkout was moved: making .venv again"
    rm -rf .venv
fi
if [ ! -x .venv/bin/python ]; then
    say "making .venv"
    "$PYTHON" -m venv .venv
fi
if [ "$(.venv/bin/uv --version 2>/dev/null | cut -d ' ' -f 2)" != "$UV_VERSION" ]; then
    say "installing uv $UV_VERSION into .venv"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check "uv==$UV_VERSION"
fi
say "installing the locked dependencies"
.venv/bin/uv sync --quiet --frozen --no-install-project --inexact
say "building the core (a minute or two the first time)"
.venv/bin/maturin develop --release --locked --uv --quiet
fingerprint >"$STAMP"
is_page_built || build_page
say "done"
