// A service written with the library beside the same one without it: `npm run bench -- service [ORDERS] [REQUESTS] [ROUNDS] [kafka]
// [WORK]`. On the embedded broker, or on a Kafka 3.9 that is started for it (needs Java, Maven). WORK is one of startup, load, noop,
// produce, produce-each. Times are CPU of the service; rounds are interleaved, and every id is accounted for before a figure is printed.
import { median } from './support/side-by-side.ts'
import { startEmbeddedSide, startKafkaSide } from './support/sides.ts'
import { makeTopics, removeTopic } from './support/topics.ts'
import { placed, settled } from './service/orders.ts'
import { bundle, fileOf } from './service/programs.ts'
import { seed } from './service/seed.ts'
import { type Bench, type Figures, listen, load, startup } from './service/works.ts'

const [records = 300_000, requests = 60_000, rounds = 3] = process.argv.slice(2, 5).map(Number)
const words = process.argv.slice(5)
const wanted = words.find((word) => word !== 'kafka')

type Work = (bench: Bench, command: readonly string[]) => Promise<Figures>
const works: Readonly<Record<string, Work>> = {
  startup,
  load,
  noop: (bench, command) => listen(bench, command, 'noop'),
  produce: (bench, command) => listen(bench, command, 'produce'),
  'produce-each': (bench, command) => listen(bench, command, 'produce-each'),
}

/** EVPLAT_BENCH_NODE: options of Node, such as `--cpu-prof --cpu-prof-dir=DIR` */
const node = [process.execPath, ...(process.env['EVPLAT_BENCH_NODE'] ?? '').split(' ').filter(Boolean)]
const programs: Readonly<Record<string, readonly string[]>> = {
  service: [...node, fileOf('main')],
  floor: [...node, fileOf('floor')],
}

function print(work: string, name: string, all: readonly Figures[]): void {
  const medians = Object.keys(all[0]!).map((key) => [key, median(all.map((figures) => figures[key]!))] as const)
  const shown = medians.map(([key, value]) => `${key} ${value < 100 ? value.toFixed(1) : value.toFixed(0)}`)
  process.stdout.write(`${work.padEnd(8)} ${name.padEnd(8)} ${shown.join(', ')}\n`)
}

async function compare(bench: Bench): Promise<void> {
  await makeTopics(bench.bootstrap, [placed, settled], 3)
  let isSeeded = false
  for (const [name, work] of Object.entries(works)) {
    if (wanted !== undefined && name !== wanted) continue
    if (!isSeeded && name !== 'startup' && name !== 'load') {
      await removeTopic(bench.bootstrap, placed)
      await makeTopics(bench.bootstrap, [placed], 3)
      await seed(bench.bootstrap, bench.registryUrl, bench.records)
      isSeeded = true
    }
    const figures = new Map<string, Figures[]>(Object.keys(programs).map((program) => [program, []]))
    for (let round = 0; round < rounds; round++)
      for (const [program, command] of Object.entries(programs)) figures.get(program)!.push(await work(bench, command))
    for (const [program, all] of figures) print(name, program, all)
  }
}

await bundle(['main', 'floor', 'load'])
const embedded = await startEmbeddedSide()
const kafka = words.includes('kafka') ? await startKafkaSide() : undefined
try {
  const { bootstrap, name } = kafka ?? embedded
  process.stdout.write(`${records} orders of 200 B, ${requests} requests, medians of ${rounds} rounds, on ${name}\n`)
  await compare({ bootstrap, registryUrl: embedded.registryUrl, records, requests })
} finally {
  await kafka?.stop()
  await embedded.stop()
}
