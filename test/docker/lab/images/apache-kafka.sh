#!/bin/bash
# What apache/kafka does when it starts: Kafka's own wrapper turns KAFKA_* into properties and formats the folder.
set -euo pipefail

: "${CLUSTER_ID:=5L6g3nShT-eMCtK--X86sw}"
export CLUSTER_ID
echo "===> Using provided cluster id $CLUSTER_ID ..."
setup=(setup --default-configs-dir /etc/kafka/docker --mounted-configs-dir /mnt/shared/config --final-configs-dir /opt/kafka/config)
if ! said=$(KAFKA_HEAP_OPTS=-Xmx256M KAFKA_OPTS='' KAFKA_JMX_OPTS='' kafka-java kafka.docker.KafkaDockerWrapper "${setup[@]}" 2>&1); then
  # the folder is that of an earlier start
  if ! grep -qi 'already formatted' <<<"$said"; then
    echo "$said" >&2
    exit 1
  fi
fi

export KAFKA_HEAP_OPTS=${KAFKA_HEAP_OPTS--Xmx1G -Xms1G}
exec kafka-java kafka.Kafka /opt/kafka/config/server.properties
