// Starts a container, when nothing of its predecessor is in its way.
import { EvplatError } from '../../core/errors.ts'
import { brokerIdOf } from '../desired/servers.ts'
import { awaitOldSession } from '../native/old-session.ts'
import type { Engine } from './engine/engine.ts'
import { withPortOwner } from './port-owners.ts'

export interface StartContainer {
  readonly id: string
  /** the server that it is */
  readonly name: string
  /** of this machine, where the stack has a ZooKeeper */
  readonly zookeeperPort: number | undefined
  readonly signal: AbortSignal
  readonly say: (message: string) => void
  readonly progress: (message: string) => void
}

/** Throws what the engine refuses. A container that could not be started is in the way of the next attempt, so it goes. */
export async function startContainer(engine: Engine, container: StartContainer): Promise<void> {
  const { id, name, zookeeperPort } = container
  const broker = brokerIdOf(name)
  // a broker that was killed is in the way of its successor for a while
  if (zookeeperPort !== undefined && broker !== undefined)
    await awaitOldSession({ name, id: broker }, zookeeperPort, container)
  try {
    await engine.start(id)
  } catch (thrown) {
    if (!(thrown instanceof EvplatError) || thrown.code === 'engine-away') throw thrown
    await engine.remove(id).catch(() => undefined)
    throw await withPortOwner(engine, name, thrown)
  }
}
