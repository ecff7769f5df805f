#!/usr/bin/env bash
# Runs the Rust unit tests that share memory with ThreadSanitizer, which reports data races. std is built with it as well.
#
#   ci/tsan.sh [PACKAGE [text ...]]    tests of a package whose name contains a text; default: all that share memory
#
# `node ci/gate.js tsan` also runs the mutants.
set -euo pipefail
cd "$(dirname "$0")/.."

missing() {
  echo "SKIP: $1"
  exit 77
}
[ "$(uname -sm)" = 'Linux x86_64' ] || missing 'the sanitizers are set up for Linux on x86-64 only'
sysroot=$(rustc +nightly --print sysroot 2>/dev/null) && [ -d "$sysroot/lib/rustlib/src/rust/library" ] ||
  missing 'no nightly Rust with its sources: rustup toolchain install nightly --component rust-src'

export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PWD/target/tsan}" RUSTFLAGS='-Zsanitizer=thread'
export TSAN_OPTIONS='halt_on_error=1 exitcode=66'

tsan() { # PACKAGE [text ...]
  cargo +nightly test --quiet -Zbuild-std --target x86_64-unknown-linux-gnu --lib -p "$1" -- "${@:2}"
}

if (($# > 0)); then
  tsan "$@"
  exit
fi
tsan allcores-memory
tsan allcores-exact tests::race
tsan allcores-extremes tests::positions
tsan allcores pool:: jobs::
