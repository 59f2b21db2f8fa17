// Where an engine of the laboratory is and what it takes of the machine. Each that runs at once has a number; the numbers are few.
import { homedir } from 'node:os'
import { join } from 'node:path'
import { EvplatError } from '../../../src/core/errors.ts'
import { withLock } from '../../../src/stack/processes/lock.ts'

export interface Place {
  /** sockets, the file of its pid, its log: short, because the path of a socket may have 107 bytes */
  readonly folder: string
  readonly socket: string
  readonly pidFile: string
  readonly log: string
  /** images and volumes: kept from one run to the next */
  readonly dataRoot: string
  /** of the containers that name no network, and its address */
  readonly bridge: string
  readonly bridgeAddress: string
  /** networks are taken out of it */
  readonly pool: string
  /** all the addresses that containers can have */
  readonly subnet: string
}

const count = 8

/** What is made once and kept: XDG_CACHE_HOME or ~/.cache. */
export const labCache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'evplat-lab')

function place(number: number): Place {
  const folder = `/run/evplat-lab-${number}`
  const network = `10.${201 + number}`
  return {
    folder,
    socket: join(folder, 'd.sock'),
    pidFile: join(folder, 'd.pid'),
    log: join(folder, 'd.log'),
    dataRoot: join(labCache, `engine-${number}`),
    bridge: `evplat-lab${number}`,
    bridgeAddress: `${network}.128.1/24`,
    pool: `${network}.0.0/17`,
    subnet: `${network}.0.0/16`,
  }
}

export interface HeldPlace {
  readonly place: Place
  readonly release: () => Promise<void>
}

/** The first place that no other process holds. */
export async function holdPlace(): Promise<HeldPlace> {
  for (let number = 0; number < count; number++) {
    const held = place(number)
    const release = await hold(`${held.folder}.lock`)
    if (release) return { place: held, release }
  }
  throw new Error(`${count} engines run in laboratories at once`)
}

/** Takes a lock until what it answers is called; undefined where another process has it. */
function hold(path: string): Promise<(() => Promise<void>) | undefined> {
  return new Promise((resolve, reject) => {
    let free: () => void
    const freed = new Promise<void>((done) => (free = done))
    const options = { title: 'a laboratory', timeoutMs: 0, onWait: () => undefined }
    const held = withLock(path, options, () => {
      resolve(() => (free(), held))
      return freed
    })
    held.catch((thrown: unknown) =>
      thrown instanceof EvplatError && thrown.code === 'stack-busy' ? resolve(undefined) : reject(thrown),
    )
  })
}
