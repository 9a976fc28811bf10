#!/usr/bin/env bash
# Installs a package of Debian's that the tests need, where none of its programs is there.
# Usage: needs.sh PACKAGE WHY PROGRAM...
set -euo pipefail
package=$1 why=$2
shift 2
for name in "$@"; do command -v "$name" >/dev/null 2>&1 && exit 0; done
sudo=""
[ "$(id -u)" -eq 0 ] || sudo="sudo"
printf '  installing with %s apt-get: %s\n' "$sudo" "$package"
if ! { command -v apt-get && $sudo apt-get update -q && $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -q "$package"; } >/dev/null; then
    printf '\nCannot go on: %s, but %s was not found\n    install it with your package manager, then run make again\n' "$why" "$package" >&2
    exit 1
fi
