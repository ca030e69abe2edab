#!/usr/bin/env bash
# Makes the distribution: deploy/target/kq-<version>.tar.gz and .zip with their .sha256. The same commit gives the
# same bytes on any machine, at any path and time; the umask is fixed because jars carry file modes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
umask 022
mvn -B -ntp -DskipTests "$@" -pl deploy -am clean package
cat deploy/target/kq-*.sha256
