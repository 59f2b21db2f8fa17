// How a `mongod` of this machine is started: as a replica set of one, which has transactions and change streams.
import { join } from 'node:path'
import { makeFolder } from '../../../core/files.ts'
import type { MongoProcess } from '../../desired/beside-kafka.ts'
import type { Command } from '../../native/prepare-java.ts'
import type { StartOptions } from '../../processes/start-options.ts'
import { replicaSet } from './server.ts'

/** Makes the folder of the data and answers the command that starts `program`. */
export async function prepareMongoServer(
  { ports, data }: MongoProcess,
  program: string,
  { layout }: Pick<StartOptions, 'layout'>,
): Promise<Command> {
  // absolute: it tells whose process it is, as the label of the JVMs does
  const path = join(layout.root, data)
  await makeFolder(path)
  const address = ['--port', String(ports[0]), '--bind_ip', '127.0.0.1', '--nounixsocket']
  return { command: program, args: ['--dbpath', path, '--replSet', replicaSet, ...address] }
}
