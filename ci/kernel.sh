#!/usr/bin/env bash
# Runs the tests of the compiler of loop bodies and of its interpreters.
#
#   ci/kernel.sh                          all
#   ci/kernel.sh [cargo test option ...]  some: `--test filetests`, `--lib passes`; of the jobs, `-p allcores --lib jobs::body`
#
# Not optimized: for the mutants, most of the time is the compiler's. `node ci/gate.js kernel` also runs the mutants.
set -euo pipefail
cd "$(dirname "$0")/.."

export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PWD/target/kernel}"
export CARGO_PROFILE_DEV_OPT_LEVEL=0 CARGO_PROFILE_DEV_DEBUG=0
cargo test --quiet -p allcores-kernel "$@"
