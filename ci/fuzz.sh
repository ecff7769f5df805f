#!/usr/bin/env bash
# Replays every input that the fuzzers keep, then lets each fuzzer look for new ones, then breaks the code: in copies of the
# sources with one fault each, the fuzzer of that target must find it, from nothing.
#
#   ci/fuzz.sh [SECONDS]    for each fuzzer; 10 by default. 0 replays only.
#
# An input that fails is left in fuzz/regressions/<target>/, where the replay finds it from then on. The fuzzers need
# nightly Rust on 64-bit Linux; the replay does not.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:-10}
export CARGO_TARGET_DIR="$PWD/target/fuzz"
export RUST_BACKTRACE=0

echo "fuzz: replay"
cargo test --quiet --manifest-path fuzz/Cargo.toml
[ "$seconds" = 0 ] && exit 0

triple=x86_64-unknown-linux-gnu
if [ "$(uname -sm)" != 'Linux x86_64' ] || ! cargo +nightly --version >/dev/null 2>&1; then
  echo "fuzz: SKIP: the fuzzers need nightly Rust on x86-64 Linux; the inputs that are kept have been replayed"
  exit 0
fi

# What cargo-fuzz would set.
coverage="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4"
coverage+=" -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table"
coverage+=" -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1"
export RUSTFLAGS="--cfg fuzzing -Zsanitizer=address $coverage"
bin="$CARGO_TARGET_DIR/$triple/release"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

build() { # DIRECTORY [cargo option ...]
  local directory=$1
  shift
  cargo +nightly build --quiet --release --features libfuzzer --target "$triple" \
    --manifest-path "$directory/fuzz/Cargo.toml" "$@"
}

fuzz() { # TARGET SECONDS DIRECTORY ...: the first directory takes new inputs
  local target=$1 limit=$2
  shift 2
  timeout $((limit + 60)) "$bin/$target" -max_total_time="$limit" -timeout=20 -max_len=1024 -verbosity=0 \
    -print_final_stats=1 -artifact_prefix="$artifacts" "$@" >"$work/log" 2>&1
}

build .
for target in arguments kernels planner; do
  mkdir -p "$work/$target" "fuzz/regressions/$target"
  artifacts="fuzz/regressions/$target/"
  if ! fuzz "$target" "$seconds" "$work/$target" "fuzz/corpus/$target"; then
    cat "$work/log"
    echo "fuzz: $target failed; the input is in fuzz/regressions/$target" >&2
    exit 1
  fi
  echo "fuzz: $target: $(sed -n 's/^stat::number_of_executed_units: *//p' "$work/log") inputs, all right"
done

# Mutants are built in a place of their own: to cargo, a mutant and the original differ in nothing but their age.
caught=0
CARGO_TARGET_DIR="$CARGO_TARGET_DIR/mutants"
bin="$CARGO_TARGET_DIR/$triple/release"
for mutant in ci/mutants/fuzz/*.patch; do
  name=$(basename "$mutant" .patch)
  target=${name%%-*}
  copy="$work/copy"
  rm -rf "$copy" && mkdir -p "$copy" "$work/$name"
  cp -r Cargo.toml Cargo.lock build.rs src tests fuzz "$copy"
  if ! patch -s -d "$copy" -p1 <"$mutant"; then
    echo "fuzz: $mutant no longer applies: bring it up to date with the sources" >&2
    exit 1
  fi
  build "$copy" --bin "$target"
  artifacts="$work/$name/"
  if fuzz "$target" 120 "$work/$name"; then
    echo "fuzz: $mutant was NOT found in two minutes" >&2
    exit 1
  fi
  if ! compgen -G "$work/$name/*-*" >/dev/null; then
    cat "$work/log"
    echo "fuzz: $mutant: the fuzzer ended without an input that fails" >&2
    exit 1
  fi
  echo "fuzz: found $name"
  caught=$((caught + 1))
done
echo "fuzz: all targets pass, all $caught mutants were found"
