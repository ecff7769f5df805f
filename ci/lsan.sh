#!/usr/bin/env bash
# Runs ci/every-call.js, a program that makes every kind of call in main and in workers, with LeakSanitizer in Node: when it
# has come to its natural end, nothing may be left that nobody points to. Then mutants that leak: each must be reported.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=ci/asan-stage.sh
. ci/asan-stage.sh

set_up
cp ci/every-call.js "$stage"
options='detect_leaks=1'

build
status=0
sanitized "$options" node every-call.js || status=$?
no_reports
[ "$status" = 0 ] || exit "$status"
echo 'lsan: no leak'
mutants ci/mutants-lsan "$options"
echo 'lsan: every mutant was caught'
