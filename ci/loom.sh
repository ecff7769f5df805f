#!/usr/bin/env bash
# Runs the loom models of the pool, then the same models on mutants of it: copies of the sources with one ordering
# weakened or one line dropped. A model that passes on a mutant guards nothing, so every mutant must be caught.
#
#   ci/loom.sh           models and mutants
#   ci/loom.sh models    models only
#
# LOOM_MAX_PREEMPTIONS (2 by default) bounds the search.
set -euo pipefail
cd "$(dirname "$0")/.."

export CARGO_TARGET_DIR="$PWD/target/loom"
export RUSTFLAGS="--cfg loom"
export RUST_BACKTRACE=0
# Optimised, but linked without the whole-program pass, which takes longer than the models do.
export CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16

models() { # DIR
  (cd "$1" && timeout 600 cargo test --quiet --lib --release -- loom_tests)
}

echo "loom: models"
models .
[ "${1:-}" = models ] && exit 0

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
caught=0
for mutant in ci/mutants/*.patch; do
  rm -rf "${copy:?}"/*
  cp -r Cargo.toml Cargo.lock build.rs src "$copy"
  if ! patch -s -d "$copy" -p1 <"$mutant"; then
    echo "loom: $mutant no longer applies: bring it up to date with the sources" >&2
    exit 1
  fi
  if ! (cd "$copy" && cargo test --quiet --lib --release --no-run >"$copy/log" 2>&1); then
    cat "$copy/log"
    echo "loom: $mutant does not compile" >&2
    exit 1
  fi
  if models "$copy" >"$copy/log" 2>&1; then
    echo "loom: $mutant was NOT caught: no model guards what it breaks" >&2
    exit 1
  fi
  echo "loom: caught $(basename "$mutant" .patch) ($(grep -oE 'loom_tests::\w+' "$copy/log" | sort -u | sed 's/.*:://' | paste -sd' '))"
  caught=$((caught + 1))
done
echo "loom: all models pass, all $caught mutants were caught"
