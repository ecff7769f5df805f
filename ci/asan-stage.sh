# Read by ci/asan.sh and ci/lsan.sh: builds the addon with AddressSanitizer, and sets up a copy of the package in
# target/asan/stage in which every binary that a test can load is that build. So whatever a test does to choose its
# binary, and whatever child or worker it starts, runs instrumented code.

stage=$PWD/target/asan/stage
report=$stage/reports/report

need() { # what is missing and how to get it
  echo "SKIP: $1"
  exit 0
}

[ "$(uname -sm)" = 'Linux x86_64' ] || need 'the sanitizers are set up for Linux on x86-64 only'
cargo +nightly --version >/dev/null 2>&1 || need 'no nightly Rust: rustup toolchain install nightly'
libasan=$(gcc -print-file-name=libasan.so 2>/dev/null) || need 'no gcc, whose libasan is preloaded: apt install gcc'
[ -e "$libasan" ] || need 'gcc has no libasan: apt install libasan8 (the number goes with the version of gcc)'

# One build for both of the package's: optimised like the release build, with the assertions and faults of the debug build.
#
# Always from a copy of the sources in the same place, with new dates: the file that cargo leaves has the same name whatever
# folder it was built from, and an unchanged folder would get that of the last mutant.
build() { # [MUTANT]
  local sources=$stage/../sources
  rm -rf "$sources"
  mkdir -p "$sources"
  cp -r Cargo.toml Cargo.lock build.rs src "$sources"
  if [ $# -gt 0 ] && ! patch -s -d "$sources" -p1 <"$1"; then
    echo "$1 no longer applies: bring it up to date with the sources" >&2
    exit 1
  fi
  (
    cd "$sources"
    export CARGO_TARGET_DIR=$stage/../build RUSTFLAGS='-Zsanitizer=address -Zexternal-clangrt'
    export CARGO_PROFILE_RELEASE_LTO=false CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16
    export CARGO_PROFILE_RELEASE_STRIP=none CARGO_PROFILE_RELEASE_DEBUG=line-tables-only
    export CARGO_PROFILE_RELEASE_DEBUG_ASSERTIONS=true CARGO_PROFILE_RELEASE_OVERFLOW_CHECKS=true
    cargo +nightly build --quiet --release --lib --features faults --target x86_64-unknown-linux-gnu
  )
  local built=$stage/../build/x86_64-unknown-linux-gnu/release/liballcores.so
  if [ "$(nm -D "$built" | grep -c __asan_report_)" = 0 ]; then
    echo "$built is not instrumented" >&2
    exit 1
  fi
  # Not overwritten: a process may have the last one mapped.
  cp --remove-destination "$built" "$stage/allcores.linux-x64-gnu.node"
  cp --remove-destination "$built" "$stage/target/faults/allcores.node"
}

set_up() {
  node scripts/prepare.js
  rm -rf "$stage"
  mkdir -p "$stage/target/faults" "$stage/reports"
  cp -r index.js binding.js native.js lib package.json scripts __test__ soak "$stage"
}

# Runs a command in the stage. Every process that finds something leaves a report, whoever judges its exit code.
sanitized() { # ASAN_OPTIONS command [argument ...]
  local options=$1
  shift
  (cd "$stage" && env -u NAPI_RS_NATIVE_LIBRARY_PATH ALLCORES_TEST_ONE_BUILD=1 LD_PRELOAD="$libasan" \
    ASAN_OPTIONS="$options:exitcode=99:log_path=$report" "$@")
}

# Runs it on every mutant in a folder. The first line of a patch, "run: [NAME=value ...] command", says what has to find it;
# only a report of the sanitizer with our own code in it counts as found.
mutants() { # FOLDER ASAN_OPTIONS
  local mutant command caught=0 log=$stage/log
  for mutant in "$1"/*.patch; do
    build "$mutant"
    rm -f "$report".*
    read -ra command <<<"$(sed -n 's/^run: //p;q' "$mutant")"
    sanitized "$2" env "${command[@]}" >"$log" 2>&1 || true
    if ! grep -qs 'allcores' "$report".*; then
      cat "$log"
      echo "$mutant was NOT caught" >&2
      exit 1
    fi
    echo "caught $(basename "$mutant" .patch): $(grep -hE '^SUMMARY: ' "$report".* | head -1)"
    rm -f "$report".*
    caught=$((caught + 1))
  done
  [ "$caught" -gt 0 ]
}

no_reports() {
  if compgen -G "$report.*" >/dev/null; then
    cat "$report".*
    echo 'FAILED: the reports above are in target/asan/stage/reports' >&2
    exit 1
  fi
}
