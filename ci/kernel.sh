#!/usr/bin/env bash
# Runs the tests of the compiler of loop bodies and of its interpreters.
#
#   ci/kernel.sh                          all
#   ci/kernel.sh [cargo test option ...]  some: `--test filetests`, `--lib passes`; of the jobs, `-p allcores --lib jobs::body`
#   ci/kernel.sh avx512 [...]             the same, where the processor has AVX-512
#
# Not optimized: for the mutants, most of the time is the compiler's. `node ci/gate.js kernel` also runs the mutants.
set -euo pipefail
cd "$(dirname "$0")/.."

if [[ "${1-}" == avx512 ]]; then
  shift
  if ! grep -qw avx512vl /proc/cpuinfo 2>/dev/null; then
    echo "SKIP kernel: this processor has no AVX-512"
    exit 77
  fi
fi

# Some are to see a mutant, at every run, and to end soon: the same random cases, and the first that fails as it is.
(($# == 0)) || export PROPTEST_RNG_SEED=1 PROPTEST_MAX_SHRINK_ITERS=0
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PWD/target/kernel}"
export CARGO_PROFILE_DEV_OPT_LEVEL=0 CARGO_PROFILE_DEV_DEBUG=0
cargo test --quiet -p allcores-kernel "$@"
