// A broker that was killed is known to ZooKeeper until its session ends, and a successor that comes before gives up (NodeExists).
import { waitFor } from '../../core/deadline.ts'
import { elapsed } from '../../core/duration.ts'
import { EvplatError } from '../../core/errors.ts'
import { askZooKeeper, liveBrokers } from './zookeeper-words.ts'

/** how long ZooKeeper may take to forget a broker: its session time-out, and some */
const oldSessionPatienceMs = 60_000

interface Broker {
  readonly name: string
  readonly id: number
}

interface Waiting {
  readonly signal: AbortSignal
  readonly say: (message: string) => void
  readonly progress: (message: string) => void
}

/** Waits until ZooKeeper on `port` has forgotten the predecessor of a broker. Throws `server-not-ready` when it takes too long. */
export async function awaitOldSession({ name, id }: Broker, port: number, options: Waiting): Promise<void> {
  const isForgotten = async (): Promise<true | undefined> => {
    // where ZooKeeper is lost the broker says it better
    const known = liveBrokers(await askZooKeeper(port, 'dump', 2000).catch(() => ''))
    if (!known.includes(id)) return true
    options.progress(`${name}: ZooKeeper still believes its predecessor alive, waiting for the session to end`)
    return undefined
  }
  if (await isForgotten()) return
  options.say(`${name} was killed; waiting until ZooKeeper has noticed`)
  const limits = { timeoutMs: oldSessionPatienceMs, everyMs: 200, signal: options.signal }
  if (await waitFor(isForgotten, limits)) return
  throw new EvplatError(
    'server-not-ready',
    `ZooKeeper still believes another ${name} alive after ${elapsed(oldSessionPatienceMs)}`,
    { hint: 'stop the broker that uses this ZooKeeper, or start anew with `evplat down` and `evplat up`' },
  )
}
