#!/usr/bin/env bash
# Runs the Rust unit tests that share memory with ThreadSanitizer, which reports data races. std is built with it as well.
#
#   ci/tsan.sh [text ...]    tests whose name contains a text; default: all that share memory
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

(($# > 0)) || set -- pool:: jobs:: memory:: exact::tests::race
cargo +nightly test --quiet -Zbuild-std --target x86_64-unknown-linux-gnu --lib -- "$@"
