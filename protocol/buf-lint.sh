#!/bin/sh
# Lints the wire contract by the rules of src/main/proto/buf.yaml. Needs npm and, once, the network.
# Exit code: buf's own (100 = findings).
set -eu
cd "$(dirname "$0")"

version=1.75.0
home=target/buf-$version
buf=$home/node_modules/.bin/buf
if [ ! -x "$buf" ]; then
  mkdir -p "$home"
  npm install --silent --no-audit --no-fund --prefix "$home" "@bufbuild/buf@$version" >&2
fi
exec "$buf" lint src/main/proto "$@"
