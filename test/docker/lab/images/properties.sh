# Functions of the start scripts: variables of the environment to properties, as Confluent's images turn them.

# properties_of PREFIX EXCLUDED: a line `name=value` for each variable with the prefix whose name does not match EXCLUDED.
# ___ becomes -, __ becomes _, _ becomes .
properties_of() {
  local prefix=$1 excluded=$2 variable name
  for variable in $(compgen -e "$prefix" | sort); do
    if [[ $variable =~ $excluded ]]; then continue; fi
    name=$(tr '[:upper:]' '[:lower:]' <<<"${variable#"$prefix"}")
    name=$(sed -e 's/___/-/g' -e 's/__/\x01/g' -e 's/_/./g' -e 's/\x01/_/g' <<<"$name")
    printf '%s=%s\n' "$name" "${!variable}"
  done
}

# ensure VARIABLE...: ends the script where one is not set
ensure() {
  local variable
  for variable in "$@"; do
    if [[ -z ${!variable-} ]]; then
      echo "environment variable \"$variable\" is not set" >&2
      exit 1
    fi
  done
}

# ensure_writable FOLDER: ends the script where the user may not write
ensure_writable() {
  echo "===> Check if $1 is writable ..."
  if [[ ! -w $1 ]]; then
    echo "\"$1\" is not writable by $(id -un) ($(id -u))" >&2
    exit 1
  fi
}

# await_zookeeper HOST:PORT[,HOST:PORT...][/CHROOT] SECONDS: ends the script where none serves in time
await_zookeeper() {
  local first=${1%%[,/]*} end=$((SECONDS + $2))
  echo "===> Check if Zookeeper is healthy ..."
  # one that accepts while it starts may never answer
  until timeout 2 bash -c 'exec 3<>"/dev/tcp/$0/$1" && echo srvr >&3 && grep -q ^Mode: <&3' "${first%:*}" "${first##*:}"; do
    if ((SECONDS >= end)); then
      echo "Zookeeper at $1 did not answer within $2 s" >&2
      exit 1
    fi
    sleep 0.2
  done 2>/dev/null
}
