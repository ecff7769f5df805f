#!/usr/bin/env bash
# Checks that Linux binaries of the addon run where their names promise: the processor, no glibc newer than 2.28 or none at
# all, no library that a system may lack, pinned in memory, stripped, below 3 MB. Where qemu is installed, an x64 binary also
# has to sum on a processor without AVX.
#
#   ci/portable.sh [binary ...]
#
# Without arguments it builds the binary for linux-x64-gnu first. What that takes (ci/zig.txt) it puts into target/zig, if
# it is not on PATH; where it cannot, it says SKIP.
set -euo pipefail
cd "$(dirname "$0")/.."

MAX_GLIBC=2.28
MAX_BYTES=3000000

fail() {
  echo "portable: $1: $2" >&2
  exit 1
}

check() { # BINARY
  local binary=$1 name machine needed glibc allowed bytes
  name=$(basename "$binary")
  case $name in
    allcores.linux-x64-*) machine='X86-64' ;;
    allcores.linux-arm64-*) machine='AArch64' ;;
    *) fail "$name" 'not the name of a Linux binary' ;;
  esac
  readelf -hW "$binary" | grep -q "Machine:.*$machine" || fail "$name" "not for $machine"

  needed=$(readelf -dW "$binary" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
  glibc=$(readelf -VW "$binary" | grep -o 'GLIBC_[0-9.]*' | sort -Vu | tail -1 | cut -d_ -f2) || true
  case $name in
    *-gnu.node)
      [ -n "$glibc" ] || fail "$name" 'not linked with glibc'
      [ "$(printf '%s\n' "$glibc" "$MAX_GLIBC" | sort -V | tail -1)" = "$MAX_GLIBC" ] ||
        fail "$name" "needs glibc $glibc"
      # Parts of glibc, all of them.
      allowed='^(lib(c|dl|m|pthread|rt)\.so\.[0-9]+|ld-linux.*)$'
      readelf -dW "$binary" | grep -q NODELETE || fail "$name" 'can be unloaded under its threads (no -z nodelete)'
      ;;
    *-musl.node)
      [ -z "$glibc" ] || fail "$name" "linked with glibc $glibc"
      allowed='^libc\.so$'
      ;;
  esac
  ! grep -vE "$allowed" <<<"$needed" || fail "$name" 'needs the libraries above'

  readelf -SW "$binary" | grep -qF '.symtab' && fail "$name" 'not stripped'
  bytes=$(wc -c <"$binary")
  ((bytes < MAX_BYTES)) || fail "$name" "$bytes bytes"
  echo "portable: $name: ${glibc:+glibc $glibc, }$((bytes / 1000)) kB"
}

# The kernels are chosen at run time; everything else must do without AVX.
without_avx() { # BINARY
  local qemu program
  qemu=$(command -v qemu-x86_64-static || command -v qemu-x86_64) || {
    echo "portable: $(basename "$1"): SKIP: no qemu-x86_64 to run it on a processor without AVX"
    return 0
  }
  # shellcheck disable=SC2016
  program='
    process.env.ALLCORES_ISA = "avx2";
    require("node:assert").throws(() => require("."), /avx2/, "this processor has AVX");
    delete process.env.ALLCORES_ISA;
    for (const key of Object.keys(require.cache)) delete require.cache[key];
    const { sum, sumRange } = require(".");
    const view = new Float64Array(new SharedArrayBuffer(8e6)).fill(0.1);
    Promise.all([sum(view), sumRange(10_000)]).then(([tenths, range]) => {
      if (tenths !== 100000 || range !== 49995000) throw new Error(`${tenths} ${range}`);
    });'
  NAPI_RS_NATIVE_LIBRARY_PATH=$(realpath "$1") timeout 300 "$qemu" -cpu Nehalem "$(command -v node)" -e "$program" ||
    fail "$(basename "$1")" 'does not run without AVX'
  echo "portable: $(basename "$1"): runs without AVX"
}

if (($# == 0)); then
  PATH="$PWD/target/zig/bin:$PATH"
  if ! command -v cargo-zigbuild >/dev/null; then
    if ! python3 -m venv target/zig || ! target/zig/bin/pip install --quiet --disable-pip-version-check -r ci/zig.txt; then
      echo 'portable: SKIP: no cargo-zigbuild to build with, and Python cannot install it (pip install -r ci/zig.txt)'
      exit 0
    fi
  fi
  node release/portable.js x86_64-unknown-linux-gnu
  set -- target/portable/out/allcores.linux-x64-gnu.node
fi
for binary; do
  check "$binary"
  case $binary in
    *linux-x64-gnu.node) [ "$(uname -sm)" != 'Linux x86_64' ] || without_avx "$binary" ;;
  esac
done
