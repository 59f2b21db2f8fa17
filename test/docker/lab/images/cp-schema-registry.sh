#!/bin/bash
# Stands in for confluentinc/cp-schema-registry: our own server behind the variables of the true one.
set -euo pipefail
. /etc/confluent/docker/properties.sh

ensure SCHEMA_REGISTRY_HOST_NAME SCHEMA_REGISTRY_KAFKASTORE_BOOTSTRAP_SERVERS
listener=${SCHEMA_REGISTRY_LISTENERS-http://0.0.0.0:8081}
port=${listener##*:}
# each address may name its protocol: PLAINTEXT://kafka:29092
bootstrap=$(sed 's#[A-Z_]*://##g' <<<"$SCHEMA_REGISTRY_KAFKASTORE_BOOTSTRAP_SERVERS")

# it listens on loopback alone; what comes from elsewhere is handed to it there
socat "TCP-LISTEN:$port,bind=$(hostname -i | cut -d' ' -f1),fork,reuseaddr" "TCP:127.0.0.1:$port" &
exec node /usr/share/evplat/dist/stack/native/registry-process.js --port "$port" --bootstrap "$bootstrap"
