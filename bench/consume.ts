// consume beside kcat on one broker and one topic: `npm run bench -- consume [RECORDS] [ROUNDS]`. Needs Java, Maven and kcat.
// The outputs are compared before a time is printed: raw byte for byte, JSON by the number of records and the values in them.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { awaitTopics, createTopics } from '../src/kafka/admin/topics.ts'
import { Cluster } from '../src/kafka/cluster.ts'
import { Producer } from '../src/kafka/write/producer.ts'
import { compare, type Contender, printRatios, runOnce } from './support/side-by-side.ts'

const records = Number(process.argv[2] ?? 500_000)
const rounds = Number(process.argv[3] ?? 3)
const topic = 'bench'
const node = process.execPath
const folder = mkdtempSync(join(tmpdir(), 'evplat-bench-'))

function evplat(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(node, ['bin/evplat.js', ...args], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`evplat ${args.join(' ')}: ${stderr}`)
  return stdout
}

async function fill(bootstrap: string): Promise<void> {
  const cluster = await Cluster.connect({ bootstrap: [bootstrap] })
  // its records have times of their own, which must not make them too old
  const configs = [['retention.ms', '-1']] as const
  await createTopics(cluster, [{ name: topic, partitions: 1, replication: 1, configs }], false)
  await awaitTopics(cluster, [topic], 30_000)
  const producer = await Producer.open(cluster, topic)
  const text = 'The quick brown fox jumps over the lazy dog, 0123456789 times. '.repeat(20).slice(0, 988)
  for (let i = 0; i < records; i++) {
    const value = Buffer.from(`${String(i).padStart(12, '0')}${text}`)
    if (
      !producer.add({ key: Buffer.from(`key-${i % 1000}`), value, headers: [], timestamp: 1_767_225_600_000 + i }, 0, i)
    )
      await producer.ready()
  }
  await producer.flush()
  cluster.close()
}

async function check(contenders: readonly Contender[]): Promise<void> {
  const results = []
  for (const contender of contenders) results.push(await runOnce(contender))
  const [ours, theirs, ourJson, theirJson] = results
  if (ours!.hash !== theirs!.hash || ours!.lines !== records) throw new Error('raw: the outputs differ')
  if (ourJson!.lines !== records || theirJson!.lines !== records) throw new Error('json: records are missing')
}

try {
  evplat('init', folder, '--yes', '--bare', '--runtime', 'native', '--ports', 'auto', '--coordination', 'kraft')
  evplat('up', '-C', folder)
  const { servers } = JSON.parse(evplat('status', '-C', folder, '-o', 'json')) as {
    servers: { name: string; endpoint: string }[]
  }
  const bootstrap = servers.find((server) => server.name === 'kafka')!.endpoint
  await fill(bootstrap)
  const own = (form: string): Contender => ({
    name: `evplat consume -o ${form}`,
    command: node,
    args: ['bin/evplat.js', 'consume', topic, '--bootstrap', bootstrap, '--exit', '-o', form],
  })
  const kcat = (name: string, ...flags: string[]): Contender => ({
    name,
    command: 'kcat',
    args: ['-C', '-b', bootstrap, '-t', topic, '-e', '-q', '-o', 'beginning', ...flags],
  })
  const all = [own('raw'), kcat('kcat'), own('json'), kcat('kcat -J', '-J')]
  await check(all)
  printRatios(
    `raw, ${records} records of 1 kB to the void, medians of ${rounds} rounds`,
    await compare(all.slice(0, 2), rounds),
  )
  printRatios('JSON envelopes', await compare(all.slice(2), rounds))
} finally {
  spawnSync(node, ['bin/evplat.js', 'down', '--volumes', '--yes', '-C', folder])
  rmSync(folder, { recursive: true, force: true })
}
