#!/usr/bin/env bash
# Runs JavaScript tests of allcores/cluster, with the binary and the packages of the checkout.
#
#   ci/cluster.sh                    those that need no engine, __test__/cluster; the others are `npm run test:cluster`
#   ci/cluster.sh <file> [pattern [milliseconds]]
#                                    one file: tests whose name matches, a dot stands for a space; and how long one may take
#
# `node ci/gate.js cluster` also runs the mutants.
set -euo pipefail
cd "$(dirname "$0")/.."

missing() {
  echo "SKIP: $1"
  exit 77
}
checkout=${ALLCORES_CHECKOUT:-$PWD}
binaries=("$checkout"/allcores.*.node)
[ -e "${binaries[0]}" ] || missing 'there is no binary: npm run build'
[ -d "$checkout/node_modules/@rollup" ] || missing 'packages are not installed: npm ci --ignore-scripts'

if [ "$checkout" != "$PWD" ]; then
  ln -sfn "$checkout/node_modules" node_modules
  ln -sf "${binaries[@]}" .
fi

files=(__test__/cluster/*.test.js)
(($# == 0)) || files=("$1")

if [[ "${files[0]}" == cluster-tests/* ]]; then
  command -v redis-server >/dev/null || missing 'there is no redis-server; on Debian: apt-get install redis-server'
  packages=$checkout/cluster-tests/node_modules
  [ -d "$packages/bullmq" ] || missing 'there is no queue: npm run test:cluster installs it'
  # All of it but the package itself, which is the one of these sources.
  if [ "$checkout" != "$PWD" ]; then
    mkdir -p cluster-tests/node_modules
    for package in "$packages"/*; do
      [[ "${package##*/}" == allcores* ]] || ln -sfn "$package" cluster-tests/node_modules/
    done
  fi
  node -e "require('./release/installed.js').install('$PWD/cluster-tests/node_modules')"
  # A mutant that waits for ever fails in time.
  export ALLCORES_TEST_LIMIT=${3:-120000}
fi

pattern=()
(($# < 2)) || pattern=(--test-name-pattern="$2")
# What a mutant leaves open would keep it for ever.
exec timeout --kill-after=5 300 node --test --test-concurrency=1 --test-reporter=spec "${pattern[@]}" "${files[@]}"
