#!/usr/bin/env bash
# Runs Rust unit tests in Miri, which sees undefined behaviour: accesses out of bounds, data races, broken aliasing rules, casts
# between integers and pointers. Tests with threads run under several schedules. Then mutants: each must be reported.
#
# MIRI_SEEDS (2 by default) is the number of schedules. MIRI_ALL=1 adds the tests of pool/, jobs/ and exact/, which have
# little or nothing that is unsafe, and take many minutes. Assembly does not run in Miri: sums take the portable kernels.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! cargo +nightly miri --version >/dev/null 2>&1; then
  echo 'SKIP: no Miri: rustup toolchain install nightly --component miri,rust-src'
  exit 0
fi

export CARGO_TARGET_DIR="$PWD/target/miri" RUST_BACKTRACE=0 PROPTEST_CASES=4
# Isolation keeps proptest from the file with its regressions.
flags='-Zmiri-disable-isolation -Zmiri-tree-borrows -Zmiri-strict-provenance'
# What is aligned by chance does not count. Tests whose bytes are a Vec<u8> have no other kind.
symbolic='-Zmiri-symbolic-alignment-check'

miri() { # DIR FLAGS [text ...]
  (cd "$1" && MIRIFLAGS="$flags $2" cargo +nightly miri test --quiet --lib -- "${@:3}")
}

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
# With new dates: to cargo, a mutant and the original differ in nothing but their age.
fresh_copy() {
  rm -rf "${copy:?}"/*
  cp -r Cargo.toml Cargo.lock build.rs src __test__ "$copy"
}

fresh_copy
miri "$copy" "$symbolic" memory:: exact::tests::race exact::tests::kernels::nothing
miri "$copy" "$symbolic -Zmiri-many-seeds=0..${MIRI_SEEDS:-2}" race
if [ -n "${MIRI_ALL:-}" ]; then
  miri "$copy" '' exact:: jobs:: pool::tests --skip every_half --skip every_alignment
fi
echo 'miri: no undefined behaviour'

for mutant in ci/mutants-race/*.patch; do
  fresh_copy
  patch -s -d "$copy" -p1 <"$mutant"
  if miri "$copy" '' race::bigints >"$copy/log" 2>&1 || ! grep -q 'Undefined Behavior: Data race' "$copy/log"; then
    cat "$copy/log"
    echo "miri: $mutant was NOT caught" >&2
    exit 1
  fi
  echo "miri: caught $(basename "$mutant" .patch)"
done
