#!/bin/bash
# What confluentinc/cp-zookeeper does when it starts: it knows its variables by name, and passes others over.
set -euo pipefail
. /etc/confluent/docker/properties.sh

declare -A properties=(
  [CLIENT_PORT]=clientPort [TICK_TIME]=tickTime [INIT_LIMIT]=initLimit [SYNC_LIMIT]=syncLimit
  [MAX_CLIENT_CNXNS]=maxClientCnxns [MIN_SESSION_TIMEOUT]=minSessionTimeout [MAX_SESSION_TIMEOUT]=maxSessionTimeout
  [AUTOPURGE_SNAP_RETAIN_COUNT]=autopurge.snapRetainCount [AUTOPURGE_PURGE_INTERVAL]=autopurge.purgeInterval
  [SNAP_COUNT]=snapCount [PRE_ALLOC_SIZE]=preAllocSize [FORCE_SYNC]=forceSync [SYNC_ENABLED]=syncEnabled
  [ADMIN_ENABLE_SERVER]=admin.enableServer [ADMIN_SERVER_PORT]=admin.serverPort
)

echo "===> Configuring ..."
ensure ZOOKEEPER_CLIENT_PORT
ensure_writable /var/lib/zookeeper/data
ensure_writable /var/lib/zookeeper/log
{
  printf 'dataDir=/var/lib/zookeeper/data\ndataLogDir=/var/lib/zookeeper/log\n'
  for name in "${!properties[@]}"; do
    variable=ZOOKEEPER_$name
    if [[ -n ${!variable+set} ]]; then printf '%s=%s\n' "${properties[$name]}" "${!variable}"; fi
  done
} >/etc/kafka/zookeeper.properties

echo "===> Launching zookeeper ..."
export KAFKA_HEAP_OPTS=${KAFKA_HEAP_OPTS--Xmx512M -Xms512M}
exec kafka-java org.apache.zookeeper.server.quorum.QuorumPeerMain /etc/kafka/zookeeper.properties
