#!/usr/bin/env bash
# Runs the pool's models of many threads under random schedules, then the same models on mutants of the pool, each of
# which must be caught.
#
#   ci/shuttle.sh           models and mutants
#   ci/shuttle.sh models    models only
#
# SHUTTLE_SCHEDULES (10000 by default) is how many schedules each model gets.
set -euo pipefail
cd "$(dirname "$0")/.."

export CARGO_TARGET_DIR="$PWD/target/shuttle"
export RUSTFLAGS="--cfg loom --cfg shuttle"
export RUST_BACKTRACE=0
export CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16

models() { # DIR [TEST]
  (cd "$1" && timeout 600 cargo test --quiet --lib --release -- "shuttle_tests::${2:-}")
}

echo "shuttle: models"
models .
[ "${1:-}" = models ] && exit 0

. ci/mutants.sh
mutants shuttle ci/mutants/shuttle models
