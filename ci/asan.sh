#!/usr/bin/env bash
# Runs JavaScript tests with AddressSanitizer in Node: workers and processes that end with calls in flight, hostile
# programs, sums of every kind. Then a program that makes every kind of call, with LeakSanitizer.
#
#   ci/asan.sh [leaks] [[NAME=value ...] command]    one command; default: all of these
#
#   leaks    report memory that is not freed at the end, too
#
# Every binary that a test can load is the sanitized build, in this checkout: afterwards `npm run build` is due. So run it
# as `node ci/gate.js asan`, in a copy, with the mutants; `node ci/gate.js asan --tests` leaves those out.
#
# ALLCORES_TEST_SCALE multiplies the iterations: 0.25 by default, 1 for a command, as mutants are tried by, and with ALLCORES_LONG=1,
# which also adds the programs that break the globals, and sums of vectors that are random or change meanwhile. AddressSanitizer does
# not see the loads of the AVX kernels, which are assembly: the sums run on the portable kernels as well, most of them in child
# processes of their own, one for each instruction set.
set -euo pipefail
cd "$(dirname "$0")/.."

missing() {
  echo "SKIP: $1"
  exit 77
}
[ "$(uname -sm)" = 'Linux x86_64' ] || missing 'the sanitizers are set up for Linux on x86-64 only'
cargo +nightly --version >/dev/null 2>&1 || missing 'no nightly Rust: rustup toolchain install nightly'
libasan=$(gcc -print-file-name=libasan.so 2>/dev/null) || missing 'no gcc, whose libasan is preloaded: apt install gcc'
[ -e "$libasan" ] || missing 'gcc has no libasan: apt install libasan8 (the number is that of the version of gcc)'

# One build in the place of both: optimized like the release build, with the assertions and faults of the debug build.
build() {
  local target=${CARGO_TARGET_DIR:-$PWD/target/asan} built
  (
    export CARGO_TARGET_DIR=$target RUSTFLAGS='-Zsanitizer=address -Zexternal-clangrt'
    export CARGO_PROFILE_RELEASE_LTO=false CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16
    export CARGO_PROFILE_RELEASE_STRIP=none CARGO_PROFILE_RELEASE_DEBUG=line-tables-only
    export CARGO_PROFILE_RELEASE_DEBUG_ASSERTIONS=true CARGO_PROFILE_RELEASE_OVERFLOW_CHECKS=true
    cargo +nightly build --quiet --release --lib --features faults --target x86_64-unknown-linux-gnu
  )
  built=$target/x86_64-unknown-linux-gnu/release/liballcores.so
  if [ "$(nm -D "$built" | grep -c __asan_report_)" = 0 ]; then
    echo "$built is not instrumented" >&2
    exit 1
  fi
  mkdir -p target/faults
  # Not overwritten: a process may have the last one mapped.
  cp --remove-destination "$built" allcores.linux-x64-gnu.node
  cp --remove-destination "$built" target/faults/allcores.node
}

reports=$PWD/target/reports
# Runs a command. Every process with an error in our code leaves a report, even if its exit code is lost.
sanitized() { # [NAME=value ...] command
  local status=0
  rm -rf "$reports"
  mkdir -p "$reports"
  env -u NAPI_RS_NATIVE_LIBRARY_PATH -u CARGO_TARGET_DIR ALLCORES_TEST_ONE_BUILD=1 \
    ALLCORES_TEST_LIMIT=180000 LD_PRELOAD="$libasan" \
    ASAN_OPTIONS="detect_leaks=${leaks:-0}:exitcode=99:log_path=$reports/report" "$@" || status=$?
  if grep -qs allcores "$reports"/*; then
    cat "$reports"/*
    return 99
  fi
  return "$status"
}

memory=(teardown/main teardown/worker teardown/others teardown/unload faults abort busy watching memory-kinds bodies/programs bodies/long)
hostile=(hostile/environment hostile/foreign hostile/objects hostile/options hostile/reentrancy hostile/settling hostile/signals hostile/wrong)
sums=(sum/types sum/lengths)
if [ -n "${ALLCORES_LONG:-}" ]; then
  hostile=(hostile)
  sums+=(sum/property sum/racing)
elif (($# == 0)); then
  export ALLCORES_TEST_SCALE=${ALLCORES_TEST_SCALE:-0.25}
fi

build
if (($# > 0)); then
  [ "$1" != leaks ] || { shift; leaks=1; }
  sanitized "$@"
  exit
fi
sanitized node scripts/test.js "${memory[@]}" "${hostile[@]}" "${sums[@]}"
sanitized ALLCORES_ISA=portable node scripts/test.js sum/types
leaks=1 sanitized node ci/asan/every-call.js
