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

models() { # DIR [TEST]
  (cd "$1" && timeout 600 cargo test --quiet --lib --release -- "loom_tests::${2:-}")
}

echo "loom: models"
models .
[ "${1:-}" = models ] && exit 0

. ci/mutants.sh
mutants loom ci/mutants models
