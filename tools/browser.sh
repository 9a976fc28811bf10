#!/usr/bin/env bash
# Installs Chromium, in which the page is tested, where it is missing.
set -euo pipefail
for name in chromium chromium-browser google-chrome; do command -v "$name" >/dev/null 2>&1 && exit 0; done
sudo=""
[ "$(id -u)" -eq 0 ] || sudo="sudo"
printf '  installing with %s apt-get: chromium\n' "$sudo"
if ! { command -v apt-get && $sudo apt-get update -q && $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -q chromium; } >/dev/null; then
    printf '\nCannot go on: the page is tested in Chromium, which was not found\n    install Chromium with your package manager, then run make again\n' >&2
    exit 1
fi
