#!/usr/bin/env bash
# Packs what is published, installs it from a registry on this machine into empty folders, and uses it there in every way
# that there is.
#
#   ci/install.sh [--managers] [folder with binaries]      default: the binary at the root
#
#   --managers   by pnpm and yarn too, which npm brings
set -euo pipefail
cd "$(dirname "$0")/.."

if [ "${1:-}" = --managers ]; then
  shift
  export ALLCORES_MANAGERS="$PWD/target/managers"
  npm install --prefix "$ALLCORES_MANAGERS" --no-save --ignore-scripts --no-audit --no-fund --loglevel=error \
    pnpm@10.33.0 @yarnpkg/cli-dist@4.18.1
fi
if [ -n "${1:-}" ]; then
  ALLCORES_BINARIES=$(realpath "$1")
  export ALLCORES_BINARIES
fi
node --test --test-reporter=spec ci/install/install.test.js
