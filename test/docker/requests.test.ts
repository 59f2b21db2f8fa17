// How much of an engine's time a stack takes: every request is counted by a proxy before it.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { needed } from '../support/found.ts'
import { skipNote } from '../support/native-runtime.ts'
import { removePlatforms } from '../support/platforms.ts'
import { type RecordingEngine, startRecordingEngine } from '../support/recording-engine.ts'
import { labEngine } from './lab/lab-engine.ts'
import { missingLab, newLabPlatform } from './lab-platform.ts'

const missing = missingLab()
let engine: RecordingEngine
beforeAll(async () => {
  if (missing === undefined) engine = await startRecordingEngine(needed(labEngine()).socket)
})
afterAll(() => engine?.close())
afterEach(removePlatforms)

/** `up` from nothing may ask so often, one that finds all as it is wanted so often. */
const most = { fromNothing: (servers: number) => 4 * servers + 5, nothingToDo: 3 }

describe.skipIf(missing !== undefined)(`requests to the engine${skipNote(missing)}`, () => {
  test.each([
    ['ZooKeeper', { kafka: 'version: "3.9", coordination: zookeeper' }, []],
    ['three brokers', { kafka: 'version: "3.9", coordination: kraft, brokers: 3' }, []],
    ['PostgreSQL', { services: 'orders: { database: postgres }' }, ['postgres']],
    ['one server with two volumes', {}, ['zookeeper']],
  ])('of up: %s', async (_, settings, servers) => {
    const platform = await newLabPlatform({ ...settings, env: { DOCKER_HOST: engine.host } })
    engine.take()
    await platform.succeed('up', ...servers)
    const fromNothing = engine.take()
    const started = fromNothing.filter((request) => request.endsWith('/start')).length
    expect(started).toBe(Object.keys(await platform.containers()).length)
    expect(fromNothing.slice(0, most.fromNothing(started))).toEqual(fromNothing)

    await platform.succeed('up', ...servers)
    const nothingToDo = engine.take()
    expect(nothingToDo.slice(0, most.nothingToDo)).toEqual(nothingToDo)
    expect(nothingToDo.filter((request) => !request.startsWith('GET '))).toEqual([])
  })
})
