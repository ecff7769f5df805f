#!/usr/bin/env bash
# Asks cargo-deny about the dependencies: known vulnerabilities, licenses, what is banned, where they come from (deny.toml).
#
# The vulnerabilities are in a git repository. Where it cannot be fetched, and there is no copy of it, the rest is checked.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! cargo deny --version >/dev/null 2>&1; then
  echo 'SKIP: no cargo-deny: cargo install cargo-deny --locked'
  exit 0
fi

deny() { cargo deny --locked --log-level error check --hide-inclusion-graph "$@"; }

deny bans licenses sources
if timeout 120 cargo deny --locked --log-level error fetch db >/dev/null 2>&1; then
  deny advisories
else
  echo 'SKIP: advisories: their database cannot be fetched from here (cargo deny fetch db says why)'
fi
