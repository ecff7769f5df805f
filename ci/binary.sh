#!/usr/bin/env bash
# Looks at the release binary: nothing of ours runs when it is loaded into a process or when the process exits, it stays
# mapped when the last worker that loaded it is gone, and it is stripped and below 3 MB.
#
#   ci/binary.sh [FILE]    of a file that a mutant made, for one
set -euo pipefail
cd "$(dirname "$0")/.."

if [ "$(uname -sm)" != 'Linux x86_64' ]; then
  echo 'SKIP: what the toolchain itself puts into a binary is known here for Linux on x86-64 with glibc only'
  exit 0
fi
command -v readelf >/dev/null || { echo 'SKIP: no readelf: apt install binutils'; exit 0; }

failed=0
fail() {
  echo "binary: $1" >&2
  failed=1
}

if [ $# = 0 ]; then node scripts/prepare.js release; fi
file=$(realpath "${1:-allcores.linux-x64-gnu.node}")
dynamic=$(readelf -dW "$file")
entries() { awk -v tag="($1)" '$2 == tag { print $3 / 8 }' <<<"$dynamic"; }

grep -q 'FLAGS_1.* NODELETE' <<<"$dynamic" || fail 'not marked NODELETE: dlclose would unmap it under the threads of the pool'

# napi registers each export in a constructor of its own; the C runtime and std's std::env::args have one each.
exports=$(node -p 'Object.keys(require(process.argv[1])).length' "$file")
[ "$(entries INIT_ARRAYSZ)" = $((exports + 2)) ] ||
  fail "$(entries INIT_ARRAYSZ) constructors, $exports exports: something else runs at load"
# The C runtime's.
[ "$(entries FINI_ARRAYSZ)" = 1 ] || fail "$(entries FINI_ARRAYSZ) destructors: something runs at exit, $((bytes / 1000)) kB"
# The destructors of thread-locals come by __cxa_thread_atexit_impl.
handlers=$(nm -D --undefined-only "$file" | grep -owE 'atexit|__cxa_atexit|on_exit|at_quick_exit|__cxa_at_quick_exit' || true)
[ -z "$handlers" ] || fail "imports $handlers: something registers itself for the exit"
# No dependency but those that register the exports may bring constructors along.
users=$(cargo tree --locked --edges normal --prefix none --depth 1 --invert ctor | sed 1d | cut -d' ' -f1 | sort -u)
[ "$users" = $'napi\nnapi-derive' ] || fail "the crate ctor is used by $users"
# Nor the sources, on systems whose binaries this script cannot judge.
if grep -rnE '\bctor\b|\bdtor\b|atexit|link_section|init_array|fini_array|__mod_init_func|\.CRT\$' src crates build.rs; then
  fail 'the lines above are of something that runs at load or at exit'
fi

readelf -SW "$file" | grep -qF '.symtab' && fail 'not stripped'
bytes=$(wc -c <"$file")
((bytes < 3000000)) || fail "$bytes bytes"

[ "$failed" = 0 ] || exit 1
echo "binary: NODELETE, no constructor but those of $exports exports, nothing at exit"
