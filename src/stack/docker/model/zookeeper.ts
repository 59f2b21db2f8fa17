// The container of ZooKeeper: https://docs.confluent.io/platform/7.9/installation/docker/config-reference.html
import { containerJavaOptions } from '../../desired/java-options.ts'
import { zooKeeperSettings } from '../../desired/zookeeper-properties.ts'
import type { DockerInputs } from './docker-inputs.ts'
import type { ContainerServer } from './docker-stack.ts'
import { serves } from './health.ts'
import { imageOf } from './images.ts'

const port = 2181

/** ZooKeeper, which brokers find at `zookeeper:2181`. */
export function zooKeeperServer({ settings, ports }: DockerInputs): ContainerServer {
  const hostPort = ports.zookeeper
  if (hostPort === undefined) throw new Error('ZooKeeper is to run and has no port')
  return {
    name: 'zookeeper',
    image: imageOf('zookeeper', settings),
    environment: {
      ZOOKEEPER_CLIENT_PORT: String(port),
      ZOOKEEPER_TICK_TIME: String(zooKeeperSettings.tickTime),
      ZOOKEEPER_MAX_CLIENT_CNXNS: String(zooKeeperSettings.maxClientCnxns),
      ZOOKEEPER_ADMIN_ENABLE_SERVER: String(zooKeeperSettings['admin.enableServer']),
      ZOOKEEPER_AUTOPURGE_SNAP_RETAIN_COUNT: String(zooKeeperSettings['autopurge.snapRetainCount']),
      ZOOKEEPER_AUTOPURGE_PURGE_INTERVAL: String(zooKeeperSettings['autopurge.purgeInterval']),
      // the one setting that the image has no variable for
      KAFKA_OPTS: `-Dzookeeper.4lw.commands.whitelist=${zooKeeperSettings['4lw.commands.whitelist']}`,
      KAFKA_HEAP_OPTS: containerJavaOptions('zookeeper'),
    },
    ports: [{ host: hostPort, container: port }],
    volumes: [
      { name: 'zookeeper-data', target: '/var/lib/zookeeper/data' },
      { name: 'zookeeper-log', target: '/var/lib/zookeeper/log' },
    ],
    secrets: [],
    healthCheck: serves(port),
    aliases: [],
    dependsOn: [],
    stopSeconds: 20,
    endpoint: `127.0.0.1:${hostPort}`,
    inside: `zookeeper:${port}`,
  }
}
