#!/usr/bin/env bash
# Runs the shuttle models: many threads that share the pool, under random schedules.
#
#   ci/shuttle.sh [test ...]    full names; default: all models
#   ci/shuttle.sh --list        prints the full names
#
# SHUTTLE_SCHEDULES is the number of schedules for each model: 3000 by default, 10000 with ALLCORES_LONG=1 and for models that are named.
# `node ci/gate.js shuttle` also runs the mutants.
set -euo pipefail
cd "$(dirname "$0")/.."

export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PWD/target/shuttle}"
export RUSTFLAGS="--cfg loom --cfg shuttle"
export CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16

filter=(shuttle_tests::)
if [ "${1:-}" = --list ]; then
  cargo test --quiet --lib --release -- "${filter[@]}" --list | sed -n 's/: test$//p'
  exit
fi
if (($# > 0)); then
  filter=(--exact "$@")
elif [ -z "${ALLCORES_LONG:-}" ]; then
  export SHUTTLE_SCHEDULES=${SHUTTLE_SCHEDULES:-3000}
fi
cargo test --quiet --lib --release --no-run
# A job that never ends hangs its model.
timeout 600 cargo test --quiet --lib --release -- "${filter[@]}"
