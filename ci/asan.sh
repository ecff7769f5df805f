#!/usr/bin/env bash
# Runs JavaScript tests with AddressSanitizer in Node: workers and processes that end with calls in flight, hostile
# programs, sums of every kind. Then mutants of the sources: each must be reported, or the gate guards nothing.
#
#   ci/asan.sh                     tests and mutants
#   ci/asan.sh tests [text ...]    tests only, those whose path contains a text
#   ci/asan.sh mutants             mutants only
#
# ALLCORES_TEST_SCALE multiplies the iterations. AddressSanitizer does not see the loads of the AVX kernels, which are
# assembly, so the sums run on the portable kernels as well.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=ci/asan-stage.sh
. ci/asan-stage.sh

memory=(teardown/main teardown/worker teardown/others teardown/unload hostile faults abort busy watching memory-kinds)
sums=(sum/types sum/lengths sum/property sum/racing)
# Leaks are for ci/lsan.sh.
options='detect_leaks=0'

tests() { # [NAME=value ...] command
  local status=0
  sanitized "$options" env "$@" || status=$?
  no_reports
  return "$status"
}

set_up
if [ "${1:-}" != mutants ]; then
  build
  texts=("${@:2}")
  if [ ${#texts[@]} -gt 0 ]; then
    tests node scripts/test.js "${texts[@]}"
  else
    tests node scripts/test.js "${memory[@]}" sum/in-flight "${sums[@]}"
    tests ALLCORES_ISA=portable node scripts/test.js "${sums[@]}"
  fi
  echo 'asan: no report'
fi
[ "${1:-}" = tests ] && exit 0
mutants ci/mutants-asan "$options"
echo 'asan: every mutant was caught'
