#!/bin/bash
# What confluentinc/cp-kafka does when it starts.
set -euo pipefail
. /etc/confluent/docker/properties.sh
excluded='^KAFKA_(VERSION|HOME|HEAP_OPTS|LOG4J|OPTS$|JMX|JVM_PERFORMANCE_OPTS|GC_LOG_OPTS|TOOLS_LOG4J)'

echo "===> Configuring ..."
if [[ -n ${KAFKA_PROCESS_ROLES-} ]]; then
  ensure CLUSTER_ID
else
  ensure KAFKA_ZOOKEEPER_CONNECT
fi
# a node that is only a controller has nothing to advertise
if [[ ${KAFKA_PROCESS_ROLES-} != controller ]]; then ensure KAFKA_ADVERTISED_LISTENERS; fi
if [[ -z ${KAFKA_LISTENERS-} ]]; then
  KAFKA_LISTENERS=$(sed -E 's#://[^:,]*:#://0.0.0.0:#g' <<<"${KAFKA_ADVERTISED_LISTENERS-}")
  export KAFKA_LISTENERS
fi
: "${KAFKA_LOG_DIRS:=/var/lib/kafka/data}"
export KAFKA_LOG_DIRS
ensure_writable "${KAFKA_LOG_DIRS%%,*}"
properties_of KAFKA_ "$excluded" >/etc/kafka/kafka.properties

if [[ -n ${KAFKA_PROCESS_ROLES-} ]]; then
  echo "===> Using provided cluster id $CLUSTER_ID ..."
  kafka-storage format --ignore-formatted --cluster-id "$CLUSTER_ID" --config /etc/kafka/kafka.properties
else
  await_zookeeper "$KAFKA_ZOOKEEPER_CONNECT" 40
fi

echo "===> Launching kafka ..."
export KAFKA_HEAP_OPTS=${KAFKA_HEAP_OPTS--Xmx1G -Xms1G}
exec kafka-java kafka.Kafka /etc/kafka/kafka.properties
