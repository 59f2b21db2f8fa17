// What the commands of the stack say where nothing can be started: no server runs in these tests.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { evplat, startEvplat, temporaryFolder } from '../support/evplat.ts'
import { writeProgram } from '../support/fake-program.ts'

function platformWith(stack: string): string {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'platform.yaml'), `apiVersion: evplat/v1\nname: trial\nstack: ${stack}\n`)
  return folder
}

test('the status of a stack that was never started shows what is declared', async () => {
  const cwd = platformWith(
    '{ runtime: native, kafka: { brokers: 3, coordination: kraft }, services: { postgres: {} } }',
  )
  const text = await evplat(['status'], { cwd })
  expect(text).toEqual({
    code: 0,
    stdout: [
      'SERVER           STATE    ENDPOINT                                      PID  DETAIL',
      'kafka            stopped  127.0.0.1:9092,127.0.0.1:9093,127.0.0.1:9094',
      'kafka-1          stopped  127.0.0.1:9092',
      'kafka-2          stopped  127.0.0.1:9093',
      'kafka-3          stopped  127.0.0.1:9094',
      'schema-registry  stopped  http://127.0.0.1:8081',
      'postgres         stopped  127.0.0.1:5432',
      '',
      'start it with `evplat up`',
      '',
    ].join('\n'),
    stderr: '',
  })
  const json = await evplat(['status', '-o', 'json'], { cwd })
  expect(JSON.parse(json.stdout)).toMatchObject({
    runtime: 'native',
    servers: expect.arrayContaining([{ name: 'kafka-2', endpoint: '127.0.0.1:9093', state: 'stopped' }]),
    services: [],
  })
  expect(existsSync(join(cwd, '.evplat'))).toBe(false)
})

test('the status is watched: told again when it is another one, until Ctrl-C', async () => {
  const cwd = platformWith('{ runtime: native, kafka: { coordination: kraft } }')
  const [lines, text] = [['-o', 'json'], []].map((more) => startEvplat(['status', '--watch', ...more], { cwd }))
  await expect.poll(() => lines!.stdout(), { timeout: 20_000 }).toMatch(/^\{.*\}\n$/)
  await expect.poll(() => text!.stdout(), { timeout: 20_000 }).toMatch(/^SERVER [^]*start it with .*\n\n$/)
  writeFileSync(
    join(cwd, 'platform.yaml'),
    'apiVersion: evplat/v1\nname: trial\nstack: { runtime: native, kafka: { coordination: kraft }, ports: { kafka: 9192 } }\n',
  )
  await expect.poll(() => lines!.stdout(), { timeout: 20_000 }).toMatch(/^\{.*\}\n\{.*\}\n$/)
  await expect.poll(() => text!.stdout(), { timeout: 20_000 }).toMatch(/9092[^]*\n\nSERVER [^]*9192/)
  const endpoints = lines!
    .stdout()
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { servers: { endpoint: string }[] }).servers[0]!.endpoint)
  expect(endpoints).toEqual(['127.0.0.1:9092', '127.0.0.1:9192'])
  for (const watching of [lines!, text!]) {
    watching.kill('SIGINT')
    expect((await watching.ended).code).toBe(130)
  }
  const yaml = await evplat(['status', '--watch', '-o', 'yaml'], { cwd })
  expect([yaml.code, yaml.stderr]).toEqual([64, expect.stringContaining('--watch has no -o yaml')])
})

test.each([
  ['containers without an engine', '{ runtime: docker }', 'engine-missing', 69],
  ['a Kafka that is not known', '{ runtime: native, kafka: { version: "3.7" } }', 'not-in-this-version', 64],
  ['ZooKeeper with Kafka 4', '{ kafka: { version: "4.3", coordination: zookeeper } }', 'platform-invalid', 1],
])('`up` refuses %s', async (_, stack, code, exit) => {
  const end = await evplat(['up', '-o', 'json'], { cwd: platformWith(stack) })
  expect([end.code, (JSON.parse(end.stderr) as { error: { code: string } }).error.code]).toEqual([exit, code])
})

test('without Java `up` says what to install, and leaves no lock', async () => {
  const cwd = platformWith('{ runtime: native, ports: auto }')
  const end = await evplat(['up'], { cwd, env: { JAVA_HOME: '/nowhere' } })
  expect(end).toEqual({
    code: 1,
    stdout: '',
    stderr:
      'error[java-missing]: Kafka 3.9 needs Java, and there is none in JAVA_HOME, "/nowhere"\n' +
      '  try: install a Java of version 11 or newer, and let JAVA_HOME name its folder\n',
  })
  expect(readdirSync(join(cwd, '.evplat')).filter((name) => name.startsWith('lock'))).toEqual([])
})

test('without Maven `up` says how to do without', async () => {
  const cwd = platformWith('{ runtime: native, ports: auto }')
  const java = temporaryFolder()
  await writeProgram(join(java, 'bin', 'java'), `echo 'openjdk version "17.0.1"' >&2`)
  const env = { JAVA_HOME: java, MAVEN_HOME: '/nowhere', XDG_CACHE_HOME: temporaryFolder(), KAFKA_HOME: '' }
  const end = await evplat(['up'], { cwd, env })
  expect(end.code).toBe(1)
  expect(end.stderr).toMatch(
    /^error\[maven-missing\]: Kafka 3\.9\.2 has to be fetched once, and there is no Maven\n {2}try: install Maven/m,
  )
})

test('`down` and `logs` of a stack that is not there', async () => {
  const cwd = platformWith('{ runtime: native, ports: auto }')
  expect(await evplat(['down', '--volumes'], { cwd })).toEqual({ code: 0, stdout: 'nothing was running\n', stderr: '' })
  const logs = await evplat(['logs'], { cwd })
  expect(logs.code).toBe(1)
  expect(logs.stderr).toContain('error[stack-missing]: the stack has not been started, so there are no logs')
  expect(existsSync(join(cwd, '.evplat'))).toBe(false)
})

test.each(['down', 'status', 'logs'])('`%s` where there is no platform at all', async (command) => {
  const end = await evplat([command], { cwd: temporaryFolder() })
  expect([end.code, end.stderr]).toEqual([
    1,
    'error[platform-missing]: there is no "platform.yaml" here\n  try: start one with `evplat init`, or name another file with `-f`\n',
  ])
})

test('data is not deleted before somebody has said yes', async () => {
  const cwd = platformWith('{ runtime: native, ports: auto }')
  const data = join(cwd, '.evplat', 'data', 'kafka-1')
  mkdirSync(data, { recursive: true })
  writeFileSync(join(data, 'meta.properties'), 'x'.repeat(5000))
  const asked = await evplat(['down', '--volumes'], { cwd })
  expect(asked.code).toBe(64)
  expect(asked.stderr).toContain(
    'this deletes all topics, records, schemas and databases of the stack: kafka-1 (8KiB) in ',
  )
  expect(existsSync(data)).toBe(true)
  const told = await evplat(['down', '--volumes', '--yes', '-o', 'json'], { cwd })
  expect(JSON.parse(told.stdout)).toEqual({ stopped: [], deleted: ['kafka-1'] })
  expect(existsSync(data)).toBe(false)
})

test('data of a runtime that is not declared any more is looked at and deleted as what it is, also without a record', async () => {
  const cwd = platformWith('{ runtime: docker }')
  const data = join(cwd, '.evplat', 'data', 'embedded')
  mkdirSync(data, { recursive: true })
  const env = { DOCKER_HOST: 'unix:///nowhere/docker.sock' }
  const status = await evplat(['status', '-o', 'json'], { cwd, env })
  expect(JSON.parse(status.stdout)).toMatchObject({ runtime: 'embedded' })
  const asked = await evplat(['down', '--volumes'], { cwd, env })
  expect([asked.code, asked.stderr]).toEqual([64, expect.stringContaining(' of the stack: embedded (')])
  expect(existsSync(data)).toBe(true)
})

test('a stack file that evplat did not write is told, and nothing is signalled', async () => {
  const cwd = platformWith('{ runtime: native, ports: auto }')
  mkdirSync(join(cwd, '.evplat'))
  writeFileSync(join(cwd, '.evplat', 'stack.json'), '{"servers":[{"pid":1}]}')
  for (const command of ['up', 'down', 'status']) {
    const end = await evplat([command], { cwd })
    expect([command, end.code]).toEqual([command, 1])
    expect(end.stderr).toContain('error[stack-unreadable]')
  }
})

test('logs of several servers come with their names, and one object a line for programs', async () => {
  const cwd = platformWith('{ runtime: native, ports: auto }')
  const logs = join(cwd, '.evplat', 'logs')
  mkdirSync(logs, { recursive: true })
  writeFileSync(join(logs, 'kafka.log'), '2026-11-23T10:00:01.000Z INFO one\n2026-11-23T10:00:03.000Z INFO three\n')
  writeFileSync(join(logs, 'zookeeper.log'), '2026-11-23T10:00:02.000Z INFO two\n')
  expect((await evplat(['logs'], { cwd })).stdout).toBe(
    'kafka     | 2026-11-23T10:00:01.000Z INFO one\n' +
      'zookeeper | 2026-11-23T10:00:02.000Z INFO two\n' +
      'kafka     | 2026-11-23T10:00:03.000Z INFO three\n',
  )
  expect((await evplat(['logs', 'kafka', '-n', '1', '-o', 'json'], { cwd })).stdout).toBe(
    '{"server":"kafka","line":"2026-11-23T10:00:03.000Z INFO three"}\n',
  )
  const wrong = await evplat(['logs', 'kafak'], { cwd })
  expect([wrong.code, wrong.stderr]).toEqual([
    64,
    'error[usage]: there is no server "kafak"\n  try: did you mean "kafka"?\n',
  ])
})
