// The scenarios of groups, played on the whole embedded broker over sockets, are answered as Apache Kafka 3.9 answered them: field
// by field, but for the differences that are written down here.
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { accepted } from '../../../test/groups/accepted.ts'
import { arrived } from '../../../test/groups/in-process.ts'
import { goldenOf, makeTopics, playedConfigs, scenarios } from '../../../test/groups/scenarios.ts'
import { type Ground, play } from '../../../test/groups/stage.ts'
import { VirtualClock } from '../../../test/support/virtual-clock.ts'
import { type RunningBroker, startBroker } from '../start.ts'
import { memoryFiles } from '../storage/memory-files.ts'

let broker: RunningBroker
let ground: Ground
const bugs: unknown[] = []

beforeAll(async () => {
  const clock = new VirtualClock()
  const onBug = (thrown: unknown): unknown => bugs.push(thrown)
  const files = memoryFiles()
  const start = (port: number): Promise<RunningBroker> =>
    startBroker({ files, durability: 'process', port, configs: playedConfigs, clock, onBug })
  broker = await start(0)
  const { port } = broker
  const pass = (ms: number): Promise<void> => Promise.resolve(clock.advance(ms))
  const restart = async (): Promise<void> => {
    await broker.close()
    broker = await start(port)
  }
  ground = { port, arrive: () => arrived(port), pass, restart }
  await play(makeTopics, ground)
})
afterAll(() => broker.close())

test.each(scenarios)('$name', async (scenario) => {
  const seen = (await play(scenario, ground)).map((line): unknown => JSON.parse(line))
  const golden = JSON.parse(readFileSync(goldenOf(scenario), 'utf8')) as unknown[]
  for (const { step, kafka, ours } of accepted[scenario.name] ?? []) {
    expect(golden[step]).toMatchObject(kafka)
    expect(seen[step]).toMatchObject(ours)
    golden[step] = seen[step]
  }
  expect(seen).toEqual(golden)
  expect(bugs).toEqual([])
})
