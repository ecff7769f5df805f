# To be sourced by what runs tests on mutants: copies of the sources with one ordering weakened or one line dropped. A
# test that passes on a mutant guards nothing, so every mutant must be caught.

# mutants NAME FOLDER FILTER COMMAND: for each patch in the folder, runs the command with the copy's directory, which must
# fail. What it prints is searched for FILTER to say what has caught the mutant.
mutants() {
  local name=$1 folder=$2 filter=$3 command=$4 caught=0 mutant copy
  copy=$(mktemp -d)
  # shellcheck disable=SC2064
  trap "rm -rf '$copy'" EXIT
  for mutant in "$folder"/*.patch; do
    rm -rf "${copy:?}"/*
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
    if "$command" "$copy" >"$copy/log" 2>&1; then
      echo "$name: $mutant was NOT caught: no model guards what it breaks" >&2
      exit 1
    fi
    echo "$name: caught $(basename "$mutant" .patch) ($(grep -oE "$filter" "$copy/log" | sort -u | sed 's/.*:://' | paste -sd' '))"
    caught=$((caught + 1))
  done
  echo "$name: all models pass, all $caught mutants were caught"
}
