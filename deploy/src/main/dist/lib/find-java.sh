# Finds a Java that can run kq. Sourced by bin/kq and by ./kq of a source checkout; works in the bash 3.2
# of macOS. Starts no process when the Java installation has a `release` file, which all since 9 have.

KQ_JAVA_MIN=17

# kq_java_version HOME: sets kq_version and kq_major (0 if it cannot be told).
kq_java_version() {
  local line
  kq_version=
  if [[ -r $1/release ]]; then
    while IFS= read -r line || [[ -n $line ]]; do
      case $line in JAVA_VERSION=*) kq_version=${line#*=} ;; esac
    done <"$1/release"
    kq_version=${kq_version//[$'"\r']/}
  fi
  if [[ -z $kq_version ]]; then
    line=$("$1/bin/java" -version 2>&1)
    line=${line#*version \"}
    kq_version=${line%%\"*}
  fi
  kq_major=${kq_version#1.} # 1.8.0_402 is Java 8
  kq_major=${kq_major%%[!0-9]*}
  kq_major=${kq_major:-0}
}

# kq_try_java HOME WHERE [TOOL]: sets kq_java_home, kq_major and answers 0 if HOME is new enough and has
# bin/TOOL (java unless said); else remembers what was found.
kq_try_java() {
  [[ -x $1/bin/java ]] || return 1
  kq_java_version "$1"
  if ((kq_major < KQ_JAVA_MIN)); then
    kq_found="${kq_found:+$kq_found, }$kq_version ($2)"
    return 1
  fi
  if [[ ! -x $1/bin/${3:-java} ]]; then
    kq_found="${kq_found:+$kq_found, }$kq_version without $3 ($2)"
    return 1
  fi
  kq_java_home=$1
}

# kq_find_java [TOOL]: sets kq_java_home and kq_major, or answers 1 with what was found in kq_found.
kq_find_java() {
  local home on_path
  kq_found=
  if [[ -n ${KQ_JAVA_HOME-} ]]; then # asked for by name: another one would be a surprise
    kq_try_java "$KQ_JAVA_HOME" "KQ_JAVA_HOME=$KQ_JAVA_HOME" "$@" && return 0
    kq_found=${kq_found:-"no bin/java in KQ_JAVA_HOME=$KQ_JAVA_HOME"}
    return 1
  fi
  if [[ -n ${JAVA_HOME-} ]]; then
    kq_try_java "$JAVA_HOME" "JAVA_HOME=$JAVA_HOME" "$@" && return 0
  fi
  if on_path=$(type -P java); then
    [[ -L $on_path ]] && on_path=$(readlink -f "$on_path" 2>/dev/null || echo "$on_path")
    kq_try_java "${on_path%/bin/java}" "$on_path" "$@" && return 0
  fi
  for home in /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* /opt/homebrew/opt/openjdk* \
    /usr/local/opt/openjdk* /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "${HOME-}"/.sdkman/candidates/java/current "${HOME-}"/.jdks/*; do
    kq_try_java "$home" "$home" "$@" && return 0
  done
  return 1
}
