#!/bin/sh
# Holds the wire contract to the rules of src/main/proto/buf.yaml: its form (lint), and that what clients may already
# rely on, kq-v1.binpb, is only added to (breaking). Needs npm and, once, the network.
#
#   protocol/buf-lint.sh                  lint and breaking; exit code: buf's own (100 = findings)
#   protocol/buf-lint.sh --new-baseline   writes kq-v1.binpb anew, after a release that added to it
set -eu
cd "$(dirname "$0")"

version=1.75.0
home=target/buf-$version
buf=$home/node_modules/.bin/buf
baseline=kq-v1.binpb

refuse() {
  printf 'error: %s\n  next: %s\n' "$1" "$2" >&2
  exit 1
}

if [ ! -x "$buf" ]; then
  command -v npm >/dev/null || refuse "npm is not installed; buf comes from it" "apt-get install npm"
  mkdir -p "$home"
  npm install --silent --no-audit --no-fund --prefix "$home" "@bufbuild/buf@$version" >"$home/npm.log" 2>&1 ||
    refuse "buf $version could not be installed; the contract was not checked" "read $PWD/$home/npm.log; is the npm registry within reach?"
fi

case ${1-} in
  '') ;;
  --new-baseline)
    "$buf" build src/main/proto --path src/main/proto/kq/v1 --exclude-source-info -o "$baseline"
    exit
    ;;
  *) refuse "unknown argument '$1'" "protocol/buf-lint.sh, or protocol/buf-lint.sh --new-baseline" ;;
esac

"$buf" lint src/main/proto
"$buf" breaking src/main/proto --against "$baseline"
