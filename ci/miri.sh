#!/usr/bin/env bash
# Runs Rust unit tests in Miri, which reports undefined behavior: accesses out of bounds, data races, broken aliasing rules,
# casts between integers and pointers. Tests with threads run under several schedules.
#
#   ci/miri.sh [PACKAGE [text ...]]    tests of a package whose name contains a text; default: what has unsafe code or
#                                     shares memory
#
# MIRI_SEEDS (2 by default, 16 with ALLCORES_LONG=1) is the number of schedules. ALLCORES_LONG=1 adds the tests of pool/,
# jobs/ and exact/, which have little or no unsafe code, and take many minutes. Assembly does not run in Miri: sums take the
# portable kernels. `node ci/gate.js miri` also runs the mutants.
set -euo pipefail
cd "$(dirname "$0")/.."

sysroot=$(rustc +nightly --print sysroot 2>/dev/null) || sysroot=
if ! cargo +nightly miri --version >/dev/null 2>&1 || ! [ -d "$sysroot/lib/rustlib/src/rust/library" ]; then
  echo 'SKIP: no Miri: rustup toolchain install nightly --component miri,rust-src'
  exit 77
fi

export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PWD/target/miri}" PROPTEST_CASES=4
long=${ALLCORES_LONG:-}
seeds=${MIRI_SEEDS:-${long:+16}}
# Isolation keeps proptest from the file with its regressions.
flags='-Zmiri-disable-isolation -Zmiri-tree-borrows -Zmiri-strict-provenance'
# Reports accesses that are aligned by chance. The tests whose bytes are a Vec<u8> make such accesses.
symbolic='-Zmiri-symbolic-alignment-check'

miri() { # FLAGS PACKAGE [text ...]
  MIRIFLAGS="$flags $1" cargo +nightly miri test --quiet --lib -p "$2" -- "${@:3}"
}

if (($# > 0)); then
  miri '' "$@"
  exit
fi
miri "$symbolic" allcores-memory
miri "$symbolic" allcores-exact tests::race tests::kernels::nothing
miri "$symbolic -Zmiri-many-seeds=0..${seeds:-2}" allcores-exact race
if [ -n "$long" ]; then
  miri '' allcores-extremes
  miri '' allcores-exact --skip every_half --skip every_alignment
  miri '' allcores jobs:: pool::tests
fi
