// Throughput of the embedded broker beside a real Kafka 3.9: `npm run bench -- embedded [RECORDS] [ROUNDS] [WORK]`. Needs Java, Maven, kcat.
// WORK is a part of a name: `'Java consumes'` runs that alone.
// The same clients move the same 1 kB records through both, in turn; what was read back is compared before a rate is printed.
import { createHash } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { runPerf } from './support/perf-tools.ts'
import { type Contender, median, runOnce, timeToVoid } from './support/side-by-side.ts'
import { type Side, cpuMs, withBothSides } from './support/sides.ts'
import { makeTopics, removeTopic } from './support/topics.ts'

const records = Number(process.argv[2] ?? 500_000)
const rounds = Number(process.argv[3] ?? 3)
const wanted = process.argv[4] ?? ''
const file = '.cache/bench-records.txt'

interface Work {
  readonly name: string
  /** moves all records once through a topic; resolves to the milliseconds that it took. Throws when it was not all of them */
  readonly move: (side: Side, topic: string) => Promise<number>
  /** on a topic of its own that is filled in each round, or on the one that "kcat produces" left */
  readonly fills: boolean
}

function writeRecords(): string {
  const text = 'The quick brown fox jumps over the lazy dog, 0123456789 times. '.repeat(20).slice(0, 987)
  const lines: string[] = []
  for (let i = 0; i < records; i++) lines.push(`${String(i).padStart(12, '0')}${text}\n`)
  mkdirSync('.cache', { recursive: true })
  writeFileSync(file, lines.join(''))
  const hash = createHash('sha1')
  for (const line of lines) hash.update(line)
  return hash.digest('hex')
}

const expected = writeRecords()

const kcatProduces: Work = {
  name: 'kcat produces',
  fills: true,
  move: async ({ bootstrap }, topic) => {
    const args = ['-P', '-b', bootstrap, '-t', topic, '-p', '0', '-X', 'acks=all', '-l', file]
    return (await runOnce({ name: 'kcat -P', command: 'kcat', args })).wallMs
  },
}

/** It ends with the last record: it need not wait for a sign that there are no more. */
const kcatReader = ({ bootstrap }: Side, topic: string): Contender => ({
  name: 'kcat -C',
  command: 'kcat',
  args: ['-C', '-b', bootstrap, '-t', topic, '-p', '0', '-o', 'beginning', '-c', String(records), '-q'],
})

const kcatConsumes: Work = {
  name: 'kcat consumes',
  fills: false,
  move: (side, topic) => timeToVoid(kcatReader(side, topic)),
}

const javaProduces: Work = {
  name: 'Java produces',
  fills: true,
  move: async ({ bootstrap }, topic) => {
    const sizes = ['--num-records', String(records), '--record-size', '1000', '--throughput', '-1']
    const props = ['--producer-props', `bootstrap.servers=${bootstrap}`, 'acks=all', 'batch.size=65536', 'linger.ms=5']
    const out = await runPerf('Producer', ['--topic', topic, ...sizes, ...props])
    const [, sent, rate] = /^(\d+) records sent, ([\d.]+) records\/sec.* 99\.9th/m.exec(out) ?? []
    if (Number(sent) !== records) throw new Error(`Java's producer says: ${out}`)
    return (records / Number(rate)) * 1000
  },
}

const javaConsumes: Work = {
  name: 'Java consumes',
  fills: false,
  move: async ({ bootstrap }, topic) => {
    const args = ['--bootstrap-server', bootstrap, '--topic', topic, '--messages', String(records)]
    const out = await runPerf('Consumer', [...args, '--timeout', '60000'])
    const fields = out.trim().split('\n').at(-1)!.split(', ')
    if (Number(fields[4]) !== records) throw new Error(`Java's consumer says: ${out}`)
    return Number(fields[7])
  },
}

interface Figures {
  readonly wall: number[]
  readonly cpu: number[]
}

async function measure(work: Work, side: Side, round: number, into: Figures): Promise<void> {
  const topic = work.fills ? `${work.name.replaceAll(' ', '-')}-${round}` : 'filled'
  if (work.fills) await makeTopics(side.bootstrap, [topic])
  const before = cpuMs(side.pid)
  const wall = await work.move(side, topic)
  // the first round warms the brokers up
  if (round > 0) {
    into.wall.push(wall)
    into.cpu.push(cpuMs(side.pid) - before)
  }
  if (work.fills) await removeTopic(side.bootstrap, topic)
}

function print(work: Work, [ours, theirs]: readonly Figures[]): void {
  const [wall, cpu] = [
    [median(ours!.wall), median(theirs!.wall)],
    [median(ours!.cpu), median(theirs!.cpu)],
  ]
  const rate = (ms: number): string => `${((records / ms) * 1000).toFixed(0).padStart(7)}/s`
  process.stdout.write(
    `${work.name.padEnd(16)} ${rate(wall[0]!)} beside ${rate(wall[1]!)}: ${(wall[1]! / wall[0]!).toFixed(2)}x   ` +
      `CPU of the broker ${cpu[0]} ms beside ${cpu[1]} ms: ${(cpu[0]! / cpu[1]!).toFixed(2)}x\n`,
  )
}

async function compareSides(sides: readonly Side[]): Promise<void> {
  for (const side of sides) {
    await makeTopics(side.bootstrap, ['filled'])
    await kcatProduces.move(side, 'filled')
    const { hash } = await runOnce(kcatReader(side, 'filled'))
    if (hash !== expected) throw new Error(`${side.name}: kcat read something else than was written`)
  }
  process.stdout.write(`${records} records of 1 kB, embedded beside Kafka 3.9, medians of ${rounds} rounds\n`)
  for (const work of [kcatProduces, kcatConsumes, javaProduces, javaConsumes]) {
    if (!work.name.includes(wanted)) continue
    const figures: Figures[] = sides.map(() => ({ wall: [], cpu: [] }))
    for (let round = 0; round <= rounds; round++)
      for (const [i, side] of sides.entries()) await measure(work, side, round, figures[i]!)
    print(work, figures)
  }
}

try {
  await withBothSides(compareSides)
} finally {
  rmSync(file, { force: true })
}
