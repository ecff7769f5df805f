#!/usr/bin/env bash
# Runs the loom models: every interleaving of a few threads that share the pool, a job or a port.
#
#   ci/loom.sh [test ...]    full names; default: all models
#   ci/loom.sh --list        prints the full names
#
# LOOM_MAX_PREEMPTIONS (2 by default) bounds the search. `node ci/gate.js loom` also runs the mutants.
set -euo pipefail
cd "$(dirname "$0")/.."

export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PWD/target/loom}"
export RUSTFLAGS="--cfg loom"
# Optimized, but without link-time optimization, which takes longer than the models do.
export CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16

filter=(loom_tests::)
if [ "${1:-}" = --list ]; then
  cargo test --quiet --lib --release -- "${filter[@]}" --list | sed -n 's/: test$//p'
  exit
fi
(($# == 0)) || filter=(--exact "$@")
cargo test --quiet --lib --release -- "${filter[@]}"
