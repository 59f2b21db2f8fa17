// What must be in place before a JVM of the stack starts: its properties, its folder, and that its predecessor is forgotten.
import { join } from 'node:path'
import { formatDuration } from '../../core/duration.ts'
import { makeFolder, writeAtomic } from '../../core/files.ts'
import { killedBrokerMs } from '../desired/broker-properties.ts'
import type { BrokerServer, JavaServer } from '../desired/servers.ts'
import { exitFile } from '../layout.ts'
import { formatOnce } from './format.ts'
import { readExitCode } from '../processes/keeper.ts'
import type { StartOptions } from '../processes/start-options.ts'
import { awaitOldSession } from './old-session.ts'

export interface Command {
  readonly command: string
  readonly args: readonly string[]
  /** whom it runs as, and a folder that it gets open: see the keeper */
  readonly user?: { readonly uid: number; readonly gid: number }
  readonly handed?: string
}

/** 128 + SIGKILL */
const exitAfterKill = 137

/** Prepares the start of a JVM and answers the command that starts it. */
export async function prepareJava(server: JavaServer, options: StartOptions): Promise<Command> {
  const { layout, file, kafka, env, signal } = options
  if (!kafka) throw new Error(`${server.name} is to be started without Java`)
  const clusterId = file.record().clusterId
  await writeAtomic(join(layout.root, server.properties.path), server.properties.content)
  if (server.kind === 'broker' && server.zookeeperPort === undefined && clusterId !== undefined)
    await formatOnce(server, { root: layout.root, clusterId, ...kafka, env, signal })
  else await makeFolder(join(layout.root, server.data))
  if (server.kind === 'broker') await afterKill(server, options)
  const { javaOptions, mainClass, properties } = server
  return { command: kafka.java, args: [...javaOptions, '-cp', join(kafka.jars, '*'), mainClass, properties.path] }
}

/** A broker that was killed stays registered for a while. With KRaft its successor waits by itself; with ZooKeeper it would give up. */
async function afterKill(broker: BrokerServer, options: StartOptions): Promise<void> {
  if (broker.zookeeperPort !== undefined) return awaitOldSession(broker, broker.zookeeperPort, options)
  if ((await readExitCode(join(options.layout.root, exitFile(broker.name)))) === exitAfterKill)
    options.say(
      `${broker.name} was killed; it is let in again when it counts as gone, after ${formatDuration(killedBrokerMs)}`,
    )
}
