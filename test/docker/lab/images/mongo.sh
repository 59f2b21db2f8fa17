#!/bin/bash
# What mongo:8 does when it starts, in front of a server that stands in for mongod.
set -euo pipefail

if [[ ${1-} == -* ]]; then set -- mongod "$@"; fi
if [[ ${1-} != mongod ]]; then exec "$@"; fi
if [[ $(id -u) == 0 ]]; then
  chown mongodb /data/db /data/configdb
  exec setpriv --reuid=mongodb --regid=mongodb --init-groups "$0" "$@"
fi
# from here on the user is mongodb: what only root may read is not to be had
if [[ -n ${MONGO_INITDB_ROOT_PASSWORD_FILE-} ]]; then
  MONGO_INITDB_ROOT_PASSWORD=$(<"$MONGO_INITDB_ROOT_PASSWORD_FILE")
  export MONGO_INITDB_ROOT_PASSWORD
fi
if [[ -n ${MONGO_INITDB_ROOT_USERNAME-} && -z ${MONGO_INITDB_ROOT_PASSWORD-} ]] ||
  [[ -z ${MONGO_INITDB_ROOT_USERNAME-} && -n ${MONGO_INITDB_ROOT_PASSWORD-} ]]; then
  echo "error: missing 'MONGO_INITDB_ROOT_USERNAME' or 'MONGO_INITDB_ROOT_PASSWORD'" >&2
  exit 1
fi
shift
arguments=("$@")
while (($# > 0)); do
  # mongod refuses a key file that others may read
  if [[ $1 == --keyFile && $(stat -c %A "$2") != -r??------ ]]; then
    echo "permissions on $2 are too open" >&2
    exit 1
  fi
  shift
done
exec node /opt/mongo/mongod.mjs "${arguments[@]}"
