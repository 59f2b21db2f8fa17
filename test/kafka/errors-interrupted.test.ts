// What is told, and what holds, when somebody or something comes between: signals, readers that go, two at once.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { waitFor } from '../../src/core/deadline.ts'
import { startCuttingProxy } from '../support/cutting-proxy.ts'
import { plainEnv, script } from '../support/evplat.ts'
import { type Cut, type KafkaProxy, type SeenRequest, startKafkaProxy } from '../support/kafka-proxy.ts'
import { missingForNative, skipNote } from '../support/native-runtime.ts'
import { told } from '../support/told.ts'
import { type Trial, startTrial } from '../support/trial.ts'

const missing = missingForNative()
const isMissing = missing !== undefined
const because = skipNote(missing)

let trial: Trial
beforeAll(async () => {
  if (missing === undefined) trial = await startTrial()
})
afterAll(() => trial?.close())

const signals = ['SIGINT', 'SIGTERM'] as const

/** A topic with the declared name that holds these lines. */
async function fill(topic: string, lines: readonly string[]): Promise<void> {
  trial.declare(`topics: { ${topic}: { value: string } }`)
  expect(await trial.tell('topics apply --yes')).toContain('Applied: 1 done.')
  const input = lines.map((line) => `${line}\n`).join('')
  expect(await trial.tell(`produce ${topic}`, { input })).toContain(`${lines.length} records written`)
}

/** An environment `place` whose broker is behind a proxy that keeps some requests for itself. */
async function hangOn(wanted: (request: SeenRequest) => boolean): Promise<KafkaProxy> {
  return startKafkaProxy(trial.bootstrap, (request): Cut => (wanted(request) ? 'hang' : undefined))
}

async function seen(proxy: KafkaProxy, api: string, times: number): Promise<void> {
  const look = (): Promise<true | undefined> => Promise.resolve((proxy.counts()[api] ?? 0) >= times || undefined)
  if (!(await waitFor(look, { timeoutMs: 30_000, everyMs: 20 }))) throw new Error(`no ${api} came`)
}

/** A line of a shell in which $evplat is the program. */
function startShell(line: string): ChildProcess {
  const env = { ...plainEnv(), evplat: `${process.execPath} ${script}` }
  const child = spawn('bash', ['-c', line], { cwd: trial.folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** Its exit code, what it printed, what it said. */
async function shell(line: string): Promise<string> {
  const child = startShell(line)
  const [stdout, stderr] = [text(child.stdout!), text(child.stderr!)]
  const [code] = (await once(child, 'close', { signal: AbortSignal.timeout(60_000) })) as [number | null]
  return told({ code, stdout: await stdout, stderr: await stderr })
}

// a program that is started without an input gets this one
const missingNull = statSync('/dev/null').isCharacterDevice() ? undefined : '/dev/null is a file on this machine'

describe.skipIf(isMissing)(`Ctrl-C and SIGTERM${because}`, () => {
  test('end consume', async () => {
    await fill('stop.read', ['one', 'two'])
    const ends: string[] = []
    for (const signal of signals) {
      for (const command of ['consume stop.read -o raw', `consume stop.read -o raw --group ${signal}`]) {
        const reader = trial.start(command)
        await reader.lines(2)
        reader.kill(signal)
        ends.push(told(await reader.ended))
      }
    }
    expect(ends[0]).toMatchInlineSnapshot(`
      "exit 130
      | one
      | two"
    `)
    expect(ends).toEqual([ends[0], ends[0], ends[0], ends[0]])
    expect(await trial.tell('groups describe SIGTERM')).toMatchInlineSnapshot(`
      "exit 0
      | SIGTERM  Empty, 0 members, lag 0
      |
      | TOPIC      PARTITION  COMMITTED  END  LAG  MEMBER
      | stop.read  0          2          2    0    -"
    `)
  })
  test('end produce: what was read is written', async () => {
    trial.declare('topics: { stop.write: { value: string } }')
    expect(await trial.tell('topics apply --yes')).toContain('Applied: 1 done.')
    const ends: string[] = []
    for (const [i, signal] of signals.entries()) {
      const writer = trial.start('produce stop.write')
      writer.stdin.write('one\n')
      expect(await trial.tell(`consume stop.write -o raw -n ${i + 1}`)).toMatch(/\| one$/)
      writer.kill(signal)
      ends.push(told(await writer.ended))
    }
    expect(ends).toEqual([ends[0], ends[0]])
    expect(ends[0]).toMatchInlineSnapshot(`
      "exit 130
      stopped; 1 record written to stop.write"
    `)
  })
  test('end produce before it has begun', async () => {
    const kafka = await hangOn(({ api }) => api === 'InitProducerId')
    const absent = { status: 404, body: '{"error_code":40401,"message":"Subject not found."}', afterMs: 2000 }
    const registry = await startCuttingProxy(trial.registryUrl, () => absent)
    try {
      const connecting = trial.start(`produce stop.write --bootstrap ${kafka.bootstrap}`)
      await seen(kafka, 'InitProducerId', 1)
      connecting.kill('SIGINT')
      expect(told(await connecting.ended)).toMatchInlineSnapshot(`
        "exit 130
        error[interrupted]: stopped before the end"
      `)
      const asking = trial.start(`produce stop.write --bootstrap ${trial.bootstrap} --registry ${registry.url}`)
      await waitFor(() => Promise.resolve(registry.seen.length > 0 || undefined), { timeoutMs: 30_000, everyMs: 20 })
      asking.kill('SIGINT')
      expect(told(await asking.ended)).toMatchInlineSnapshot(`
        "exit 130
        stopped; 0 records written to stop.write"
      `)
    } finally {
      await Promise.all([kafka.close(), registry.close()])
    }
  })
  test('end plan', async () => {
    const proxy = await hangOn(({ api }) => api === 'DescribeConfigs')
    try {
      trial.declare(
        `environments: { place: { kafka: { bootstrap: ["${proxy.bootstrap}"] } } }`,
        'topics: { stop.read: {} }',
      )
      const planning = trial.start('plan --env place')
      await seen(proxy, 'DescribeConfigs', 1)
      planning.kill('SIGINT')
      expect(told(await planning.ended)).toMatchInlineSnapshot(`
        "exit 130
        error[interrupted]: stopped before the end"
      `)
    } finally {
      await proxy.close()
    }
  })
  test('end apply: what was done and what was not is said', async () => {
    // the first request is the proof
    const proxy = await hangOn(({ api, count }) => api === 'CreatePartitions' && count === 1)
    try {
      trial.declare('topics: { stop.grow: {} }')
      expect(await trial.tell('apply --yes')).toContain('Applied: 1 done.')
      const place = `environments: { place: { kafka: { bootstrap: ["${proxy.bootstrap}"] } } }`
      trial.declare(
        place,
        'topics:',
        '  stop.new: {}',
        '  stop.grow: { partitions: 2 }',
        '  stop.read: { config: { retention.ms: 3d } }',
      )
      const applying = trial.start('apply --env place --yes')
      await seen(proxy, 'CreatePartitions', 2)
      applying.kill('SIGTERM')
      expect(told(await applying.ended, trial.hide)).toMatchInlineSnapshot(`
        "exit 130
        | shop in place (cluster CLUSTER)
        |
        |   + topic stop.new
        |       partitions   1
        |       replication  1
        |
        |   ~ topic stop.grow
        |       partitions  1 -> 2
        |
        |   ~ topic stop.read
        |       config.retention.ms  604800000 (7d) -> 259200000 (3d)
        |       danger: records may be deleted
        |
        | Plan: 1 to create, 2 to update, 0 unchanged.
        |   failed topic stop.grow: stopped before it was answered, so it may be done
        | Applied: 2 done, 1 failed."
      `)
      expect(await trial.tell('apply --yes')).toMatchInlineSnapshot(`
        "exit 0
        | shop in local (cluster CLUSTER)
        |
        |   ~ topic stop.grow
        |       partitions  1 -> 2
        |
        | Plan: 1 to update, 2 unchanged.
        | Applied: 1 done."
      `)
    } finally {
      await proxy.close()
    }
  })
})

describe.skipIf(isMissing)(`a reader that goes${because}`, () => {
  test('ends consume in silence', async () => {
    await fill(
      'head.orders',
      Array.from({ length: 5000 }, (_, i) => `line ${i} ${'x'.repeat(100)}`),
    )
    const firsts: string[] = []
    for (const options of ['--exit', '', '--group head'])
      firsts.push(
        await shell(
          `$evplat consume head.orders -o raw ${options} | head -1 | cut -d' ' -f1,2; exit \${PIPESTATUS[0]}`,
        ),
      )
    expect(firsts).toMatchInlineSnapshot(`
      [
        "exit 0
      | line 0",
        "exit 0
      | line 0",
        "exit 0
      | line 0",
      ]
    `)
  })
  test('ends consume in silence with the next record, where no more came', async () => {
    await fill('head.few', ['one', 'two'])
    const line = '$evplat consume head.few -o raw | head -1; exit ${PIPESTATUS[0]}'
    const going = startShell(line)
    // it may be over before the next record is written: where the first came alone, the second was the next
    const closed = once(going, 'close', { signal: AbortSignal.timeout(60_000) }) as Promise<[number]>
    await once(going.stdout!, 'data')
    expect(await trial.tell('produce head.few', { input: 'three\n' })).toContain('1 record written')
    expect((await closed)[0]).toBe(0)
  })
  test('was never there', async () => {
    expect(await shell('$evplat consume head.few -o raw --exit >&-')).toMatchInlineSnapshot(`"exit 0"`)
    expect(await shell('$evplat topics list >&- 2>&-')).toMatchInlineSnapshot(`"exit 0"`)
  })
})

describe.skipIf(isMissing)(`an input that is closed${because}`, () => {
  test('at once, or within a line', async () => {
    trial.declare('topics: { empty.orders: { value: string } }')
    expect(await trial.tell('topics apply --yes')).toContain('Applied: 1 done.')
    expect(await shell('printf "" | $evplat produce empty.orders')).toMatchInlineSnapshot(`
      "exit 0
      | 0 records written to empty.orders"
    `)
    expect(await shell('printf "one\\ntwo" | $evplat produce empty.orders')).toMatchInlineSnapshot(`
      "exit 0
      | 2 records written to empty.orders"
    `)
    expect(await trial.tell('consume empty.orders -o raw --exit')).toMatchInlineSnapshot(`
      "exit 0
      | one
      | two"
    `)
  })
  test.skipIf(missingNull !== undefined)(`was never open${skipNote(missingNull)}`, async () => {
    trial.declare('topics: { empty.orders: { value: string } }')
    expect(await trial.tell('topics apply --yes')).toMatch(/^exit 0/)
    expect(await shell('$evplat produce empty.orders <&-')).toBe('exit 0\n| 0 records written to empty.orders')
  })
})

describe.skipIf(isMissing)(`two apply at once${because}`, () => {
  test('both end clearly, and all is as declared', async () => {
    const names = Array.from({ length: 40 }, (_, i) => `race.topic${i}`)
    trial.write({
      'race.avsc': JSON.stringify({ type: 'record', name: 'Race', fields: [{ name: 'id', type: 'long' }] }),
    })
    trial.declare('topics:', ...names.map((name) => `  ${name}: { partitions: 2, value: { schema: race.avsc } }`))
    const ends = await Promise.all([trial.start('apply --yes'), trial.start('apply --yes')].map(({ ended }) => ended))
    for (const { code, stdout, stderr } of ends) {
      expect(stderr).toBe('')
      const lines = stdout.split('\n')
      // one that planned while the other was at work is refused by the broker before it begins: nothing of it is done
      const failed = lines.filter((line) => line.startsWith(code === 3 ? '      broker-refused' : '  failed'))
      for (const line of failed)
        expect(line).toMatch(/^ +(failed topic \S+|broker-refused): Topic '\S+' already exists\.$/)
      if (code === 3) expect([failed.length > 0, lines.at(-2)]).toEqual([true, 'Nothing was applied.'])
      else expect(code).toBe(failed.length === 0 ? 0 : 4)
    }
    expect(await trial.tell('plan --detailed-exitcode')).toMatchInlineSnapshot(`
      "exit 0
      | shop in local (cluster CLUSTER)
      |
      | No changes: 80 unchanged."
    `)
  })
})
