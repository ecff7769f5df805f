#!/usr/bin/env bash
# Replays every input that the fuzzers keep, then lets each fuzzer look for new ones.
#
#   ci/fuzz.sh            all; FUZZ_SECONDS for each fuzzer: 5 by default, 300 with ALLCORES_LONG=1. 0 replays only.
#   ci/fuzz.sh TARGET     one fuzzer, without the inputs that are kept: the same inputs at every run, for up to ten minutes
#
# An input that fails is left in fuzz/regressions/<target>/, where the replay finds it from then on. The fuzzers need
# nightly Rust on 64-bit Linux; the replay does not. A fuzzer begins with the inputs that are kept, so the replay by itself, a
# build of its own, is left to the long run where there are fuzzers. `node ci/gate.js fuzz` also runs the mutants.
set -euo pipefail
cd "$(dirname "$0")/.."

export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PWD/target/fuzz}" RUST_BACKTRACE=0
long=${ALLCORES_LONG:-}
seconds=${FUZZ_SECONDS:-${long:+300}}
seconds=${seconds:-5}
triple=x86_64-unknown-linux-gnu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

build() { # [cargo option ...]
  # What cargo-fuzz would set.
  local coverage="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4"
  coverage+=" -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table"
  coverage+=" -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1"
  RUSTFLAGS="--cfg fuzzing -Zsanitizer=address $coverage" cargo +nightly build --quiet --release --features libfuzzer \
    --target "$triple" --manifest-path fuzz/Cargo.toml "$@"
}

fuzz() { # TARGET SECONDS DIRECTORY ...: the first directory takes new inputs
  local target=$1 limit=$2 status=0
  # gate.js runs this in a copy of the checkout.
  local regressions="${ALLCORES_CHECKOUT:-$PWD}/fuzz/regressions/$target"
  local seed=0
  [ -z "${alone:-}" ] || { regressions=$work/regressions; seed=1; }
  shift 2
  mkdir -p "$regressions"
  touch "$work/began"
  timeout $((limit + 60)) "$CARGO_TARGET_DIR/$triple/release/$target" -max_total_time="$limit" -seed="$seed" -timeout=20 \
    -max_len=1024 -verbosity=0 -print_final_stats=1 -artifact_prefix="$regressions/" "$@" >"$work/log" 2>&1 || status=$?
  if [ "$status" = 0 ]; then
    echo "fuzz: $target: $(sed -n 's/^stat::number_of_executed_units: *//p' "$work/log") inputs passed"
    return
  fi
  cat "$work/log"
  find "$regressions" -type f -newer "$work/began" -exec echo "fuzz: $target: the input that fails is" {} +
  return 1
}

can_fuzz() { [ "$(uname -sm)" = 'Linux x86_64' ] && cargo +nightly --version >/dev/null 2>&1; }

if (($# > 0)); then
  can_fuzz || exit 77
  alone=1
  build --bin "$1"
  mkdir "$work/$1"
  fuzz "$1" 600 "$work/$1"
  exit
fi
if [ -n "$long" ] || [ "$seconds" = 0 ] || ! can_fuzz; then
  cargo test --quiet --manifest-path fuzz/Cargo.toml
fi
[ "$seconds" = 0 ] && exit 0
if ! can_fuzz; then
  echo 'fuzz: SKIP: the fuzzers need nightly Rust on x86-64 Linux; the inputs that are kept have been replayed'
  exit 77
fi
build
for target in arguments ir kernels moments partials planner text; do
  mkdir "$work/$target"
  kept=("fuzz/corpus/$target")
  [ ! -d "fuzz/regressions/$target" ] || kept+=("fuzz/regressions/$target")
  fuzz "$target" "$seconds" "$work/$target" "${kept[@]}"
done
