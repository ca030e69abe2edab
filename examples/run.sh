#!/usr/bin/env bash
# Runs one of the examples with the client as the distribution of this checkout has it.
#
#   examples/run.sh TrucksGps [HOST:PORT [TRUCKS [POSITIONS]]]
#   examples/run.sh AtMostOnce|AtLeastOnce|EffectivelyOnce HOST:PORT TOPIC GROUP [IDLE_SECONDS]
#
# The class path is the one of kq's commands (lib/cli.classpath). All of lib/ would be too much: a node's logging is in
# it beside the silent one of clients, and SLF4J warns of two.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)

refuse() {
  printf 'error: %s\n  next: %s\n' "$1" "$2" >&2
  exit "${3:-1}"
}

examples=$(cd "$root/examples/src/main/java/io/kq/examples" && grep -l 'void main' [A-Z]*.java)
examples=${examples//.java/}
[[ $# -gt 0 ]] || refuse "no example was named" "one of: ${examples//$'\n'/ }" 2
grep -qxF -- "$1" <<<"$examples" || refuse "there is no example '$1'" "one of: ${examples//$'\n'/ }" 2

classes=$root/examples/target/classes
home=
for built in "$root"/deploy/target/kq-*/; do
  if [[ -f ${built}lib/cli.classpath ]]; then home=${built%/}; fi
done
[[ -n $home && -f $classes/io/kq/examples/$1.class ]] ||
  refuse "the examples are not built" "mvn -q -DskipTests -Dfast -pl examples,deploy -am package"

# shellcheck source=../deploy/src/main/dist/lib/find-java.sh
. "$home/lib/find-java.sh"
kq_find_java || refuse "the examples need Java $KQ_JAVA_MIN or newer; found ${kq_found:-none}" "set KQ_JAVA_HOME"
class_path=$(<"$home/lib/cli.classpath")
options=(-Dfile.encoding=UTF-8)
if ((kq_major >= 24)); then options+=("@$home/lib/jvm/java-24"); fi # the file of kq's own commands
exec "$kq_java_home/bin/java" "${options[@]}" -cp "$classes:$root/examples/target/lib/*:${class_path//@lib@/$home/lib}" "io.kq.examples.$1" "${@:2}"
