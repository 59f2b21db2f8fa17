#!/bin/bash
# Stands in for what mongo:8 does when it starts. The server keeps all in memory and knows neither users nor replica sets.
set -euo pipefail

if [[ ${1-} == -* ]]; then set -- mongod "$@"; fi
if [[ ${1-} != mongod ]]; then exec "$@"; fi
if [[ $(id -u) == 0 ]]; then
  chown mongodb /data/db /data/configdb
  exec setpriv --reuid=mongodb --regid=mongodb --init-groups "$0" "$@"
fi
# from here on the user is mongodb: what only root may read is not to be had
if [[ -n ${MONGO_INITDB_ROOT_USERNAME-} ]]; then
  password=${MONGO_INITDB_ROOT_PASSWORD-}
  if [[ -n ${MONGO_INITDB_ROOT_PASSWORD_FILE-} ]]; then password=$(<"$MONGO_INITDB_ROOT_PASSWORD_FILE"); fi
  if [[ -z $password ]]; then
    echo 'error: MONGO_INITDB_ROOT_USERNAME is set without a password' >&2
    exit 1
  fi
fi
# as the true one refuses it
while (($# > 0)); do
  if [[ $1 == --keyFile && ($(stat -c %A "$2") != -r??------ || ! -r $2) ]]; then
    echo "permissions on $2 are too open" >&2
    exit 1
  fi
  shift
done
# it listens on loopback alone; what comes from elsewhere is handed to it there
socat "TCP-LISTEN:27017,bind=$(hostname -i | cut -d' ' -f1),fork,reuseaddr" TCP:127.0.0.1:27017 &
exec java -Xmx64M -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '/opt/mongo/*' de.bwaldvogel.mongo.InMemoryMongoServer
