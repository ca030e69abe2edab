# Completion of kq for bash, and for zsh through bashcompinit. Made by: kq completion bash

_kq_options() { # _kq_options COMMAND: its options
  case $1 in
@options@
  esac
}

_kq_topics() { # the cluster's own topics; asked with the address that is on the line
  local i address=()
  for ((i = 1; i < ${#COMP_WORDS[@]} - 1; i++)); do
    case ${COMP_WORDS[i]} in
      -b | --bootstrap-server | -bootstrap-server) address=(-b "${COMP_WORDS[i + 1]}") ;;
    esac
  done
  kq topics --list -o name -q --request-timeout 2s "${address[@]}" 2>/dev/null
}

_kq() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
  local command='' second='' i word
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    case $word in
      -b | --bootstrap-server | --command-config | -o | --output | --request-timeout)
        if [[ -z $command ]]; then ((i++)); fi
        ;;
      -*) ;;
      *)
        if [[ -z $command ]]; then
          command=$word
        elif [[ -z $second && " @groups@ " == *" $command "* ]]; then
          second=$word
        fi
        ;;
    esac
  done
  COMPREPLY=()
  case $previous in
    -t | --topic | -topic)
      COMPREPLY=($(compgen -W "$(_kq_topics)" -- "$current"))
      return
      ;;
    -o | --output)
      COMPREPLY=($(compgen -W 'table wide json jsonl name' -- "$current"))
      return
      ;;
    --command-config | --config | --data | --add-config-file | --path-to-json-file | --offset-json-file | --reassignment-json-file | --topics-to-move-json-file)
      COMPREPLY=($(compgen -f -- "$current"))
      return
      ;;
    --entity-type)
      COMPREPLY=($(compgen -W 'topics brokers' -- "$current"))
      return
      ;;
    --entity-name)
      COMPREPLY=($(compgen -W "$(_kq_topics)" -- "$current"))
      return
      ;;
    --election-type)
      COMPREPLY=($(compgen -W 'preferred unclean' -- "$current"))
      return
      ;;
    --compression-codec)
      COMPREPLY=($(compgen -W 'none gzip snappy lz4 zstd' -- "$current"))
      return
      ;;
    --input-format)
      COMPREPLY=($(compgen -W 'lines jsonl' -- "$current"))
      return
      ;;
  esac
  if [[ -z $command ]]; then
    COMPREPLY=($(compgen -W '@commands@ --help --version' -- "$current"))
  elif [[ $command == completion ]]; then
    COMPREPLY=($(compgen -W 'bash zsh' -- "$current"))
  elif [[ -z $second && " @groups@ " == *" $command "* ]]; then
    case $command in
@seconds@
    esac
  elif [[ $command == inspect && $current != -* ]]; then
    COMPREPLY=($(compgen -f -- "$current"))
  else
    COMPREPLY=($(compgen -W "$(_kq_options "$command${second:+ $second}")" -- "$current"))
  fi
}

complete -F _kq kq
