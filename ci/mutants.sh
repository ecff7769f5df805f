# To be sourced by what runs tests on mutants: copies of the sources with one ordering weakened or one line dropped. A
# test that passes on a mutant guards nothing, so every mutant must be caught.

# mutants NAME FOLDER COMMAND: for each patch in the folder, runs the command with the copy's directory and the test that
# guards what the mutant breaks, as the patch's first line says; the command must fail.
mutants() {
  local name=$1 folder=$2 command=$3 caught=0 mutant guard copy
  copy=$(mktemp -d)
  # Of their own: to cargo, a mutant and the original differ in nothing but their age.
  export CARGO_TARGET_DIR="$CARGO_TARGET_DIR/mutants"
  # shellcheck disable=SC2064
  trap "rm -rf '$copy'" EXIT
  for mutant in "$folder"/*.patch; do
    rm -rf "${copy:?}"/*
    guard=$(sed -n 's/^Guarded by: //p' "$mutant")
    cp -r Cargo.toml Cargo.lock build.rs src "$copy"
    if ! patch -s -d "$copy" -p1 <"$mutant"; then
      echo "$name: $mutant no longer applies: bring it up to date with the sources" >&2
      exit 1
    fi
    if ! (cd "$copy" && cargo test --quiet --lib --release --no-run >"$copy/log" 2>&1); then
      cat "$copy/log"
      echo "$name: $mutant does not compile" >&2
      exit 1
    fi
    if "$command" "$copy" "$guard" >"$copy/log" 2>&1 || ! grep -q '^test result: FAILED\|panicked\|SIGABRT\|SIGSEGV' "$copy/log"; then
      cat "$copy/log"
      echo "$name: $mutant was NOT caught by $guard" >&2
      exit 1
    fi
    echo "$name: $guard caught $(basename "$mutant" .patch)"
    caught=$((caught + 1))
  done
  echo "$name: all models pass, all $caught mutants were caught"
}
