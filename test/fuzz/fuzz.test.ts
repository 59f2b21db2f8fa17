// Damaged requests over real sockets against a whole broker in memory: it never fails, never hangs, keeps its memory, and answers
// everybody else meanwhile. A fixed number of runs here; `EVPLAT_FUZZ_SECONDS=60` goes on for so long in all, `EVPLAT_FUZZ_SEED=N` repeats.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { handlers } from '../../src/broker/handlers.ts'
import { type RunningBroker, startBroker } from '../../src/broker/start.ts'
import { memoryFiles } from '../../src/broker/storage/memory-files.ts'
import { bombs } from '../support/broken-batches.ts'
import { bodyOf } from './body.ts'
import { attack, framed, isClosedAfter, openWitness } from './enemy.ts'
import { makeTopics } from './topics.ts'
import { markedRequest } from './marked.ts'
import { mutate } from './mutate.ts'
import { type Random, randomOf } from './random.ts'
import { damagedBatch, sendBatch } from './records.ts'

const seconds = Number(process.env['EVPLAT_FUZZ_SECONDS'] ?? 0)
const firstSeed = Number(process.env['EVPLAT_FUZZ_SEED'] ?? Date.now() % 2 ** 31)
const mostGrownBytes = 384 * 1024 * 1024
const timeout = seconds * 1000 + 60_000
/** so many connections at once */
const abreast = 16

const bugs: { readonly seed: number; readonly thrown: unknown }[] = []
let seed = firstSeed
let running: RunningBroker

beforeAll(async () => {
  process.stdout.write(`fuzz: EVPLAT_FUZZ_SEED=${firstSeed}\n`)
  running = await startBroker({
    files: memoryFiles(),
    durability: 'memory',
    port: 0,
    onBug: (thrown) => bugs.push({ seed, thrown }),
  })
  await makeTopics(running.port)
})
afterAll(() => running.close())

interface Rounds {
  readonly least: number
  /** of the seconds that the environment asks for; all shares together are 1 */
  readonly share: number
}

/** Calls `round` with a seed of its own each time. */
async function rounds({ least, share }: Rounds, round: (random: Random) => Promise<void>): Promise<void> {
  const end = performance.now() + seconds * share * 1000
  const before = process.memoryUsage().rss
  for (let n = 0; n < least || performance.now() < end; n++, seed++) {
    await round(randomOf(seed))
    if (bugs.length > 0) break
  }
  expect(bugs).toEqual([])
  expect(process.memoryUsage().rss - before).toBeLessThan(mostGrownBytes)
}

/** everything that is served; each is taken in its turn */
const served = Array.from(handlers.values()).flatMap(({ api, versions: [min, max] }) =>
  Array.from({ length: max - min + 1 }, (_, i) => ({ api, version: min + i })),
)

function damagedRequest(turn: number, random: Random): Buffer {
  const { api, version } = served[turn % served.length]!
  return mutate(markedRequest(api, version, bodyOf(api.request, version, random)), random)
}

test(
  'damaged requests of every API and version',
  async () => {
    const witness = await openWitness(running.port)
    await rounds({ least: 150, share: 0.5 }, async (random) => {
      const attacks = Array.from({ length: abreast }, (_, at) => {
        const frames = Array.from({ length: 2 }, (_, n) =>
          framed(damagedRequest((seed * abreast + at) * 2 + n, random)),
        )
        return attack(running.port, Buffer.concat(frames))
      })
      const hangUps = await Promise.all(attacks)
      expect(await witness.isAnswered(), `seed ${seed}`).toBe(true)
      for (const hangUp of hangUps) hangUp()
    })
    witness.close()
  },
  timeout,
)

/** frames that are no requests: of no API, of an unserved version, too short, too long */
function garbage(random: Random): Buffer {
  const header = Buffer.alloc(8)
  header.writeInt16BE(random.pick([500, -1, 32_767, 4]), 0)
  const unserved = Buffer.alloc(8)
  unserved.writeInt16BE(random.pick([0, 1, 3, 11, 19]), 0)
  unserved.writeInt16BE(random.pick([-1, 90, 32_767]), 2)
  const size = Buffer.alloc(4)
  size.writeInt32BE(random.pick([-1, 0, 3, -(2 ** 31), 2 ** 31 - 1, 104_857_601]))
  return random.pick([
    framed(Buffer.concat([header, random.bytes(random.below(50))])),
    framed(unserved),
    framed(random.bytes(4 + random.below(4))),
    Buffer.concat([size, random.bytes(random.below(50))]),
    Buffer.from('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'),
  ])
}

test(
  'what is no request closes the connection',
  async () => {
    const witness = await openWitness(running.port)
    await rounds({ least: 20, share: 0.1 }, async (random) => {
      const sent = Array.from({ length: abreast }, () => garbage(random))
      const closed = await Promise.all(sent.map((bytes) => isClosedAfter(running.port, bytes)))
      const open = sent.filter((_, i) => closed[i] !== true).map((bytes) => bytes.toString('hex'))
      expect(open, `seed ${seed}`).toEqual([])
      expect(await witness.isAnswered()).toBe(true)
    })
    witness.close()
  },
  timeout,
)

test(
  'damaged batches',
  async () => {
    const witness = await openWitness(running.port)
    await rounds({ least: 40, share: 0.4 }, async (random) => {
      const batches = Array.from({ length: abreast }, () => damagedBatch(random))
      await Promise.all(batches.map((batch) => sendBatch(running.port, batch, random)))
      expect(await witness.isAnswered(), `seed ${seed}`).toBe(true)
    })
    witness.close()
  },
  timeout,
)

test.each(bombs)(
  'a batch that unfolds to far more than it is: %s',
  async (_, bomb) => {
    const witness = await openWitness(running.port)
    const before = process.memoryUsage().rss
    const batch = bomb()
    for (let n = 0; n < 3; n++) await sendBatch(running.port, batch, randomOf(n))
    expect(await witness.isAnswered()).toBe(true)
    expect(bugs).toEqual([])
    expect(process.memoryUsage().rss - before).toBeLessThan(mostGrownBytes)
    witness.close()
  },
  timeout,
)
