#!/usr/bin/env bash
# Runs the Rust unit tests that share memory, with ThreadSanitizer, std built with it: no data race. Then mutants: each must
# be reported.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ "$(uname -sm)" != 'Linux x86_64' ]; then
  echo 'SKIP: the sanitizers are set up for Linux on x86-64 only'
  exit 0
fi
if ! sysroot=$(rustc +nightly --print sysroot 2>/dev/null) || [ ! -d "$sysroot/lib/rustlib/src/rust/library" ]; then
  echo 'SKIP: no nightly Rust with its sources: rustup toolchain install nightly --component rust-src'
  exit 0
fi

export CARGO_TARGET_DIR="$PWD/target/tsan" RUSTFLAGS='-Zsanitizer=thread'
export TSAN_OPTIONS='halt_on_error=1 exitcode=66'

tsan() { # DIR [text ...]
  (cd "$1" && cargo +nightly test --quiet -Zbuild-std --target x86_64-unknown-linux-gnu --lib -- "${@:2}")
}

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
# With new dates: to cargo, a mutant and the original differ in nothing but their age.
fresh_copy() {
  rm -rf "${copy:?}"/*
  cp -r Cargo.toml Cargo.lock build.rs src __test__ "$copy"
}

fresh_copy
tsan "$copy" pool:: jobs:: memory:: exact::tests::race
echo 'tsan: no report'

for mutant in ci/mutants-race/*.patch; do
  fresh_copy
  patch -s -d "$copy" -p1 <"$mutant"
  if tsan "$copy" exact::tests::race >"$copy/log" 2>&1 || ! grep -q 'ThreadSanitizer: data race' "$copy/log"; then
    cat "$copy/log"
    echo "tsan: $mutant was NOT caught" >&2
    exit 1
  fi
  echo "tsan: caught $(basename "$mutant" .patch)"
done
