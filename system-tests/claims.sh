# shellcheck shell=bash
# What scripts that make claims about kq share; sourced by them. Needs `root` to be set.
KQ="${KQ:-$root/kq}"
passed=0
failed=0

say() { printf '%s\n' "$*" >&2; }
ok() { passed=$((passed + 1)); say "ok    $*"; }
bad() { failed=$((failed + 1)); say "FAIL  $*"; }
check() { local what=$1; shift; if "$@"; then ok "$what"; else bad "$what"; fi; }

free_base() { # free_base N: a port base P so that P..P+N-1 are free
  local base port
  for base in $(shuf -i 15000-31000 -n 200); do
    for port in $(seq "$base" $((base + $1 - 1))); do
      (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null && continue 2
    done
    echo "$base"
    return
  done
  return 1
}

run_claims() { # run_claims CLAIM...: each is a function claim_CLAIM of the script; none: those of `all`
  local claim claims=("$@")
  [[ ${#claims[@]} -gt 0 ]] || claims=("${all[@]}")
  for claim in "${claims[@]}"; do
    if [[ " ${all[*]} " != *" $claim "* ]]; then
      say "error: there is no claim '$claim'"
      say "  next: one of ${all[*]}, or none for all of them"
      exit 2
    fi
  done
  for claim in "${claims[@]}"; do
    say "== $claim"
    extra_pids=()
    "claim_$claim"
  done
}

finish() {
  say "$(basename "$0"): $passed passed, $failed failed"
  [[ $failed -eq 0 ]]
}
