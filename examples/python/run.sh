#!/usr/bin/env bash
# Makes Python stubs from the .proto files with protoc alone and runs kq_first_steps.py, or with a group group_consumer.py.
# Usage: examples/python/run.sh HOST:PORT TOPIC [GROUP IDLE_SECONDS]
# Needs (Debian): protobuf-compiler protobuf-compiler-grpc python3-grpcio python3-protobuf
set -euo pipefail
if [[ $# -ne 2 && $# -ne 4 ]]; then
  printf 'error: an address and a topic are needed\n  next: examples/python/run.sh 127.0.0.1:9092 from_python\n' >&2
  exit 2
fi
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
protos="$here/../../protocol/src/main/proto"
stubs="$(mktemp -d)"
trap 'rm -rf "$stubs"' EXIT
for tool in protoc grpc_python_plugin; do
  command -v "$tool" > /dev/null || {
    echo "error: $tool is not installed. [MISSING_TOOL]" >&2
    echo "  next: apt-get install protobuf-compiler protobuf-compiler-grpc python3-grpcio python3-protobuf" >&2
    exit 1
  }
done
protoc -I "$protos" --python_out="$stubs" --grpc_out="$stubs" \
  --plugin=protoc-gen-grpc="$(command -v grpc_python_plugin)" "$protos"/kq/v1/*.proto
script=kq_first_steps.py
if [[ $# -eq 4 ]]; then script=group_consumer.py; fi
# The system's own Python is the one that Debian's grpc packages belong to.
PYTHONPATH="$stubs" PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 "$here/$script" "$@"
