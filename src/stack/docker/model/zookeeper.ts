import type { ModelInputs } from './describe-docker.ts'
import type { ContainerServer } from './docker-stack.ts'
import { byScript } from './health.ts'
import { imageOf } from './images.ts'

const port = 2181

/** ZooKeeper as a single server. `host` is its port on this machine. */
export function zooKeeperServer({ settings }: ModelInputs, host: number): ContainerServer {
  return {
    name: 'zookeeper',
    image: imageOf('zookeeper', settings),
    environment: {
      ZOOKEEPER_CLIENT_PORT: String(port),
      ZOOKEEPER_TICK_TIME: '2000',
      ZOOKEEPER_ADMIN_ENABLE_SERVER: 'false',
      // snapshots and logs grow for ever otherwise
      ZOOKEEPER_AUTOPURGE_SNAP_RETAIN_COUNT: '3',
      ZOOKEEPER_AUTOPURGE_PURGE_INTERVAL: '24',
      KAFKA_HEAP_OPTS: '-Xms32m -Xmx256m',
      // `srvr` tells that it serves, `dump` which brokers it still believes alive
      KAFKA_OPTS: '-Dzookeeper.4lw.commands.whitelist=srvr,dump',
    },
    ports: [{ host, container: port }],
    volumes: [
      { name: 'zookeeper-data', target: '/var/lib/zookeeper/data' },
      { name: 'zookeeper-log', target: '/var/lib/zookeeper/log' },
    ],
    secrets: [],
    // `srvr` names a mode only when the server serves
    healthCheck: byScript(`exec 3<>/dev/tcp/127.0.0.1/${port} && echo srvr >&3 && grep -q ^Mode: <&3`),
    aliases: [],
    dependsOn: [],
    stopSeconds: 20,
    endpoint: `127.0.0.1:${host}`,
    inside: `zookeeper:${port}`,
  }
}
