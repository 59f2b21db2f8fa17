// The embedded stack as its users meet it: through its life, among others, and where it can't be. Nothing but Node is needed.
import { execFile, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, describe, expect, test } from 'vitest'
import type { StackStatus } from '../../src/stack/status.ts'
import { skipNote } from '../support/native-runtime.ts'
import { type Platform, answers, leftovers, newPlatform, processesOf, removePlatforms } from '../support/platforms.ts'
import { readValues, writeValues } from '../support/records.ts'
import { serveTcp } from '../support/strangers.ts'
import { told } from '../support/told.ts'

afterEach(removePlatforms)

const newStack = (options: { ports?: string; env?: Readonly<Record<string, string>> } = {}): Promise<Platform> =>
  newPlatform({ runtime: 'embedded', kafka: '', ...options })

const names = ['kafka', 'schema-registry', 'faults']
const statesOf = ({ servers }: StackStatus): Record<string, string> =>
  Object.fromEntries(servers.map(({ name, state }) => [name, state]))
const all = (state: string): Record<string, string> => Object.fromEntries(names.map((name) => [name, state]))
const errorOf = ({ stderr }: { stderr: string }) =>
  (JSON.parse(stderr) as { error: { code: string; message: string; hint?: string } }).error

const declare = ({ folder }: Platform, stack: string): void =>
  writeFileSync(join(folder, 'platform.yaml'), `apiVersion: evplat/v1\nname: trial\nstack: ${stack}\n`)

test('up, up again, down, up with its data, killed, up again, away', async () => {
  const stack = await newStack({ env: { PATH: '/nonexistent', JAVA_HOME: '/nowhere' } })
  expect(statesOf(await stack.status())).toEqual(all('stopped'))

  const first = await stack.succeed('up', '-o', 'json')
  const status = await stack.status()
  expect(JSON.parse(first.stdout)).toEqual(status)
  expect([status.runtime, statesOf(status)]).toEqual(['embedded', all('ready')])
  expect(first.stderr.replaceAll(/:\d+ \(.*\)/g, ':PORT')).toBe(
    'kafka is ready at 127.0.0.1:PORT\nschema-registry is ready at http://127.0.0.1:PORT\n',
  )
  const kafka = await stack.endpoint('kafka')
  await writeValues(kafka, 'orders', ['one', 'two'])

  const record = readFileSync(join(stack.folder, '.evplat/stack.json'), 'utf8')
  expect((await stack.succeed('up')).stderr).toBe('')
  expect(readFileSync(join(stack.folder, '.evplat/stack.json'), 'utf8')).toBe(record)

  expect((await stack.succeed('down')).stdout).toBe('stopped kafka, schema-registry, faults\n')
  expect([await leftovers(stack), statesOf(await stack.status())]).toEqual([[], all('stopped')])

  await stack.succeed('up')
  expect([await stack.endpoint('kafka'), await readValues(kafka, 'orders')]).toEqual([kafka, ['one', 'two']])
  const { clusterId } = await stack.record()

  await writeValues(kafka, 'orders', ['three'])
  process.kill(await stack.pidOf('kafka'), 'SIGKILL')
  await expect.poll(async () => statesOf(await stack.status()), { timeout: 20_000 }).toEqual(all('failed'))
  await stack.succeed('up')
  expect(await readValues(kafka, 'orders')).toEqual(['one', 'two', 'three'])
  expect((await stack.record()).clusterId).toBe(clusterId)

  const end = await stack.succeed('down', '--volumes', '--yes', '-o', 'json')
  expect(JSON.parse(end.stdout)).toEqual({ stopped: names, deleted: ['embedded'] })
  expect([await leftovers(stack), existsSync(join(stack.folder, '.evplat/data'))]).toEqual([[], false])
  await expect(stack.record()).rejects.toMatchObject({ code: 'ENOENT' })
})

test('ten times up and down leave nothing and lose nothing', async () => {
  const stack = await newStack()
  const written: string[] = []
  for (let cycle = 0; cycle < 10; cycle++) {
    await stack.succeed('up')
    const kafka = await stack.endpoint('kafka')
    await writeValues(kafka, 'orders', [`cycle ${cycle}`])
    written.push(`cycle ${cycle}`)
    expect(await readValues(kafka, 'orders')).toEqual(written)
    await stack.succeed('down')
    expect(await leftovers(stack)).toEqual([])
  }
})

test('two platforms run side by side; the end of one is not felt by the other', async () => {
  const [one, two] = [await newStack(), await newStack()]
  await Promise.all([one.succeed('up'), two.succeed('up')])
  await writeValues(await one.endpoint('kafka'), 'orders', ['of one'])
  await writeValues(await two.endpoint('kafka'), 'orders', ['of two'])
  expect(await readValues(await one.endpoint('kafka'), 'orders')).toEqual(['of one'])
  await one.succeed('down', '--volumes', '--yes')
  expect(await leftovers(one)).toEqual([])
  expect(await readValues(await two.endpoint('kafka'), 'orders')).toEqual(['of two'])
})

test('of two `up` at once one works, and the other reports the same stack', async () => {
  const stack = await newStack()
  const runs = [stack.start('up', '-o', 'json'), stack.start('up', '-o', 'json')]
  const [a, b] = await Promise.all(runs.map(({ ended }) => ended))
  expect([a!.code, b!.code, a!.stdout === b!.stdout]).toEqual([0, 0, true])
  expect([a!, b!].filter(({ stderr }) => stderr.includes('kafka is ready'))).toHaveLength(1)
  const servers = processesOf(stack.folder).filter(({ command }) => !command.includes('evplat-keeper'))
  expect(servers.map(({ pid }) => pid)).toEqual([await stack.pidOf('kafka')])
})

test('`status --watch` tells each state that is new, until Ctrl-C', async () => {
  const stack = await newStack()
  const [objects, blocks] = [stack.start('status', '--watch', '-o', 'json'), stack.start('status', '--watch')]
  const told = () => objects.stdout().trimEnd().split('\n').filter(Boolean)
  const states = () => told().map((line) => statesOf(JSON.parse(line) as StackStatus))
  const isTold = (state: string, count: number) =>
    expect
      .poll(() => [states().at(-1), blocks.stdout().split(` ${state} `).length > count], { timeout: 20_000 })
      .toEqual([all(state), true])
  await isTold('stopped', 3)
  await stack.succeed('up')
  await isTold('ready', 3)
  await stack.succeed('down')
  await isTold('stopped', 6)
  // as long as nothing changes nothing is written
  expect(told().every((line, i) => line !== told()[i + 1])).toBe(true)
  for (const one of [objects, blocks]) {
    one.kill('SIGINT')
    expect((await one.ended).code).toBe(130)
  }
})

describe('where it can not be', () => {
  test('a port that is taken is told, and by whom', async () => {
    const port = await serveTcp(() => undefined)
    const stack = await newStack({ ports: `{ kafka: ${port}, registry: auto }` })
    const hide = { [port]: 'PORT', [`process ${process.pid}`]: 'process PID' }
    expect(told(await stack.run('up'), hide)).toBe(
      [
        'exit 1',
        'error[port-taken]: port PORT of kafka is taken by process PID (node)',
        '  try: stop that process, or set `stack.ports.kafka` in platform.yaml to another port or to `auto`',
      ].join('\n'),
    )
    expect(await leftovers(stack)).toEqual([])
  })

  test('data that another process has open is told, and stays whole', async () => {
    const stack = await newStack()
    await stack.succeed('up')
    const pid = await stack.pidOf('kafka')
    await writeValues(await stack.endpoint('kafka'), 'orders', ['one'])
    const state = join(stack.folder, '.evplat/stack.json')
    const record = readFileSync(state)
    rmSync(state)
    expect(told(await stack.run('up'), { [stack.folder]: 'FOLDER', [`process ${pid}`]: 'process PID' })).toBe(
      [
        'exit 1',
        'error[data-locked]: process PID has the data in "FOLDER/.evplat/data/embedded" open',
        '  try: stop it; if no such broker runs, remove "FOLDER/.evplat/data/embedded/lock"',
      ].join('\n'),
    )
    writeFileSync(state, record)
    expect(await readValues(await stack.endpoint('kafka'), 'orders')).toEqual(['one'])
  })

  test('an address that is not of this machine alone is none', async () => {
    const stack = await newStack({ ports: '{ kafka: "0.0.0.0:9092" }' })
    const end = await stack.run('up')
    expect([end.code, end.stderr]).toEqual([1, expect.stringContaining('error[platform-invalid]')])
  })
})

describe('the runtime', () => {
  test('that may be any is chosen once, told in one line, and kept', async () => {
    const stack = await newStack()
    const any = '{ ports: auto }'
    declare(stack, any)
    const note = 'runtime auto is embedded here, and stays so until `evplat down --volumes`'
    expect((await stack.succeed('up')).stderr).toMatch(new RegExp(`^${note}\nkafka is ready`))
    expect((await stack.succeed('up')).stderr).toBe('')
    await stack.succeed('down')
    expect((await stack.succeed('up')).stderr).toMatch(/^kafka is ready/)
    await stack.succeed('down', '--volumes', '--yes')
    expect((await stack.succeed('up')).stderr).toContain(note)
  })

  test('that has the data wins over `auto`, and is an error where it is away', async () => {
    const stack = await newStack({ env: { JAVA_HOME: '/nowhere' } })
    declare(stack, '{ ports: auto }')
    mkdirSync(join(stack.folder, '.evplat/data/kafka-1'), { recursive: true })
    expect((await stack.status()).runtime).toBe('native')
    expect(told(await stack.run('up'))).toBe(
      [
        'exit 1',
        'error[runtime-away]: this stack has run on the runtime "native" so far: Kafka 3.9 needs Java, and there is none in JAVA_HOME, "/nowhere"',
        '  try: install a Java of version 11 or newer, and let JAVA_HOME name its folder; or delete the data by `evplat down --volumes`, and the next `evplat up` starts an empty stack without Java',
      ].join('\n'),
    )
    expect(existsSync(join(stack.folder, '.evplat/data/embedded'))).toBe(false)
    await stack.succeed('down', '--volumes', '--yes')
    await stack.succeed('up')
    expect((await stack.status()).runtime).toBe('embedded')
  })

  test('of a stack that has data or runs is not changed behind its back', async () => {
    const stack = await newStack()
    mkdirSync(join(stack.folder, '.evplat/data/zookeeper'), { recursive: true })
    const refused = errorOf(await stack.run('up', '-o', 'json'))
    expect(refused).toMatchObject({
      code: 'stack-changed',
      message: 'the stack has data that was written with other settings: runtime native -> embedded',
      hint: expect.stringContaining('write `runtime: native` to go on with it'),
    })
    await stack.succeed('down', '--volumes', '--yes')
    await stack.succeed('up')
    declare(stack, '{ runtime: native, ports: auto }')
    expect(errorOf(await stack.run('up', '-o', 'json')).message).toBe(
      'the stack runs with other settings: runtime embedded -> native',
    )
    expect(statesOf(await stack.status())).toEqual(all('ready'))
  })

  test('says in one line what it does otherwise than platform.yaml says', async () => {
    const stack = await newStack()
    declare(stack, '{ runtime: embedded, kafka: { version: "3.9", coordination: zookeeper, brokers: 3 }, ports: auto }')
    const line = 'the embedded runtime runs Kafka without ZooKeeper, as one broker, not 3\n'
    expect((await stack.succeed('up')).stderr).toMatch(new RegExp(`^${line}kafka is ready`))
    const others = [['plan'], ['apply', '--yes'], ['verify'], ['status'], ['up']]
    const said = await Promise.all(others.map(async (args) => (await stack.succeed(...args)).stderr))
    expect(said).toEqual(others.map(() => line))
    expect((await stack.succeed('topics', 'list')).stderr).toBe('')
  })
})

test('the registry writes into the log of Kafka, and `logs` says so', async () => {
  const stack = await newStack()
  await stack.succeed('up')
  const { stdout, stderr } = await stack.succeed('logs', 'schema-registry')
  expect(stderr).toBe('schema-registry runs within kafka, and its lines are in the log of kafka\n')
  expect(stdout).toBe((await stack.succeed('logs', 'kafka')).stdout)
  expect(stdout).toMatch(/ INFO Kafka at 127\.0\.0\.1:\d+, Schema Registry at http/)
})

test('fault rules are set where `status` says', async () => {
  const stack = await newStack()
  await stack.succeed('up')
  const { endpoint } = (await stack.status()).servers.find(({ name }) => name === 'faults')!
  const set = (rule: unknown): Promise<Response> =>
    fetch(endpoint, { method: 'POST', body: JSON.stringify(rule), signal: AbortSignal.timeout(20_000) })
  const rule = {
    match: { api: 'Produce', topic: 'orders' },
    count: 1,
    do: 'error',
    value: 'TOPIC_AUTHORIZATION_FAILED',
  }
  const added = await set(rule)
  expect([added.status, await added.json()]).toEqual([201, { id: '1', ...rule, met: 0 }])
  const kafka = await stack.endpoint('kafka')
  await expect(writeValues(kafka, 'orders', ['one'])).rejects.toThrow()
  await writeValues(kafka, 'orders', ['one'])
  expect(await (await fetch(endpoint)).json()).toEqual([])
  await fetch(endpoint, { method: 'DELETE' })
  const wrong = await set({ do: 'explode' })
  expect([wrong.status, ((await wrong.json()) as { error: unknown }).error]).toEqual([
    400,
    {
      code: 'fault-invalid',
      message:
        'this is no fault rule: `do` is none of error, delay, drop, disconnect-before, disconnect-after, throttle, move-coordinator',
      hint: expect.stringContaining('"do": "error"'),
    },
  ])
  expect(await answers(Number(kafka.split(':')[1]))).toBe(true)
})

const faultLines = (): string[] => {
  const [, section] = readFileSync('docs/embedded.md', 'utf8').split('## Faults')
  return [...section!.matchAll(/^ {4}(curl .*?)(?: +#.*)?$/gm)].map(([, line]) => line!)
}
const hasCurl = spawnSync('curl', ['--version']).status === 0

test.skipIf(!hasCurl)(
  `the lines with curl in docs/embedded.md do what they say${skipNote(hasCurl ? undefined : 'there is no curl')}`,
  async () => {
    const stack = await newStack()
    await stack.succeed('up')
    const status = async () => (await stack.status()).servers.find(({ name }) => name === 'faults')!
    const { endpoint } = await status()
    const play = async (line: string): Promise<unknown> => {
      const { stdout } = await promisify(execFile)('sh', ['-c', line], { env: { ...process.env, FAULTS: endpoint } })
      return stdout === '' ? undefined : JSON.parse(stdout)
    }
    const lines = faultLines()
    const added = lines.filter((line) => line.includes(' POST '))
    expect([lines.length, added.length]).toEqual([9, 6])
    for (const [i, line] of added.entries()) {
      const rule = JSON.parse(/'(.*)'/.exec(line)![1]!) as object
      expect(await play(line)).toEqual({ ...rule, id: String(i + 1), met: 0 })
    }
    const [list, removeOne, removeAll] = lines.slice(added.length)
    expect((await status()).detail).toBe('6 fault rules are set')
    expect(await play(list!)).toHaveLength(6)
    await play(removeOne!)
    expect((await play(list!)) as { id: string }[]).toMatchObject(['2', '3', '4', '5', '6'].map((id) => ({ id })))
    await play(removeAll!)
    expect([await play(list!), (await status()).detail]).toEqual([[], undefined])
  },
)
