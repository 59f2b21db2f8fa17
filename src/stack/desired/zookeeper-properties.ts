// zookeeper.properties of a single server: https://zookeeper.apache.org/doc/r3.8.4/zookeeperAdmin.html
import type { Properties } from './properties-text.ts'

/** What ZooKeeper is told wherever it runs. */
export const zooKeeperSettings = {
  tickTime: 2000,
  maxClientCnxns: 0,
  // its web server would take port 8080
  'admin.enableServer': false,
  // `srvr` tells that it serves, `dump` which brokers it still believes alive
  '4lw.commands.whitelist': 'srvr,dump',
  // snapshots and logs grow for ever otherwise
  'autopurge.snapRetainCount': 3,
  'autopurge.purgeInterval': 24,
} as const satisfies Properties

/** All that a ZooKeeper of this machine is told. `data` is relative to the folder that it works in. */
export function zooKeeperProperties(port: number, data: string): Properties {
  return {
    // it warns of a relative folder that does not say so
    dataDir: `./${data}`,
    clientPort: port,
    clientPortAddress: '127.0.0.1',
    ...zooKeeperSettings,
  }
}
