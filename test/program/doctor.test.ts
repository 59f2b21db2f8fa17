// evplat doctor on machines that have everything, little, and the wrong things; its output compared whole.
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { evplat, noEngine, plainEnv } from '../support/evplat.ts'
import { fakeEngine, refusing } from '../support/fake-engine.ts'
import { writeProgram } from '../support/fake-program.ts'
import { freePort } from '../support/free-port.ts'
import { serveTcp } from '../support/strangers.ts'
import { folderWith, platform, told } from '../support/told.ts'

interface Diagnosis {
  readonly runtime: string
  readonly ready: boolean
  readonly checks: readonly {
    readonly name: string
    readonly state: string
    readonly fact: string
    readonly remedy?: string
  }[]
}

/** An environment without an engine, Java, Maven and docker compose, but for what `programs` are. */
async function machine(programs: Readonly<Record<string, string>> = {}): Promise<Record<string, string>> {
  const folder = folderWith({})
  for (const [name, script] of Object.entries(programs)) await writeProgram(join(folder, name), script)
  const cleared = Object.fromEntries(
    ['JAVA_HOME', 'KAFKA_HOME', 'M2_HOME', 'MAVEN_HOME', 'DOCKER_CONTEXT', 'DOCKER_TLS_VERIFY'].map((name) => [
      name,
      '',
    ]),
  )
  return {
    ...cleared,
    PATH: folder,
    ...noEngine,
    DOCKER_CONFIG: folder,
    XDG_CACHE_HOME: folder,
  }
}

/** Its text, with what differs from machine to machine put out of it. */
async function diagnosisOf(
  cwd: string,
  env: Readonly<Record<string, string>>,
  hide: Readonly<Record<string, string>>,
): Promise<string> {
  const ran = await evplat(['doctor'], { cwd, env })
  return told(ran, { ...hide, [cwd]: 'FOLDER', [process.version.slice(1)]: 'VERSION' })
    .replaceAll(/\d+[GMK]iB free/g, 'ROOM free')
    .replaceAll(/(\d+ may be open; \d+|there is no limit)/g, 'LIMIT')
}

async function diagnosis(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<Diagnosis> {
  const { stdout, stderr, code } = await evplat(['doctor', '-o', 'json', ...args], { cwd, env })
  expect(stderr).toBe('')
  const found = JSON.parse(stdout) as Diagnosis
  expect(code).toBe(found.ready ? 0 : 1)
  return found
}

const checkIn = ({ checks }: Diagnosis, name: string): Diagnosis['checks'][number] | undefined =>
  checks.find((check) => check.name === name)

describe('evplat doctor', () => {
  test('on a machine with nothing but Node: auto is embedded, and that can start', async () => {
    const [kafka, registry] = [await freePort(), await freePort()]
    const cwd = folderWith({
      'platform.yaml': platform(
        `stack: { ports: { kafka: ${kafka}, registry: ${registry} } }`,
        'topics: { orders.placed: { partitions: 6, value: json } }',
      ),
    })
    const hide = { [`port ${kafka}`]: 'port KAFKA', [`port ${registry}`]: 'port REGISTRY' }
    const text = await diagnosisOf(cwd, await machine(), hide)
    expect(text.replaceAll(/ {2,}/g, '  ')).toMatchInlineSnapshot(`
      "exit 0
      | ok  platform  platform.yaml, "shop"
      | ok  runtime  embedded: auto takes it where no engine of this machine answers
      | ok  node  VERSION
      | warning  engine  no container engine answers; only the runtime docker needs one
      |  try: start Docker or Podman, or name its socket in DOCKER_HOST
      | ok  compose  none, and evplat needs none
      | warning  java  none on the PATH; only the runtime native needs it
      |  try: install a Java, and let JAVA_HOME name its folder
      | warning  maven  none; only the runtime native needs it
      |  try: install Maven (\`mvn\`), or let KAFKA_HOME name an unpacked Kafka
      | ok  port KAFKA  free, for kafka
      | ok  port REGISTRY  free, for schema-registry
      | ok  open files  LIMIT for 6 declared partitions at most
      | ok  disk  ROOM free for FOLDER/.evplat
      |
      | the stack can start on the runtime embedded: \`evplat up\`"
    `)
  })

  test('without a platform.yaml it looks at the defaults', async () => {
    const found = await diagnosis([], folderWith({}), await machine())
    expect(checkIn(found, 'platform')).toEqual({
      name: 'platform',
      state: 'warning',
      fact: 'there is no "platform.yaml" here',
      remedy: 'write one with `evplat init`; so far the defaults are looked at',
    })
    expect([checkIn(found, 'port 9092'), checkIn(found, 'port 8081')]).not.toContain(undefined)
  })

  test('a platform.yaml that is broken, or was named and is not there, is in the way', async () => {
    const broken = await diagnosis([], folderWith({ 'platform.yaml': 'name: 3\n' }), await machine())
    expect(checkIn(broken, 'platform')).toMatchObject({ state: 'missing', remedy: 'see `evplat verify --offline`' })
    const absent = await diagnosis(['-f', 'other.yaml'], folderWith({}), await machine())
    expect(checkIn(absent, 'platform')).toMatchObject({ state: 'missing' })
  })

  test('docker is declared, and no engine answers', async () => {
    const cwd = folderWith({ 'platform.yaml': platform('stack: { runtime: docker, ports: auto }') })
    const found = await diagnosis([], cwd, await machine())
    expect([found.runtime, found.ready]).toEqual(['docker', false])
    expect(checkIn(found, 'engine')).toEqual({
      name: 'engine',
      state: 'missing',
      fact: 'no container engine answers',
      remedy: 'start Docker or Podman, or name its socket in DOCKER_HOST',
    })
    expect(checkIn(found, 'ports')).toEqual({ name: 'ports', state: 'ok', fact: 'any that are free' })
  })

  test('auto takes docker where an engine answers; its version, and those of docker compose, are told', async () => {
    const fake = await fakeEngine((_, response) => void response.end('[]'), {
      api: '1.44',
      server: 'Docker/25.0.1 (linux)',
    })
    const compose = { docker: '[ "$*" = "compose version --short" ] && echo 2.30.3', 'docker-compose': 'echo 1.29.2' }
    const env = { ...(await machine(compose)), DOCKER_HOST: fake.host }
    const found = await diagnosis([], folderWith({ 'platform.yaml': platform('stack: { ports: auto }') }), env)
    expect([found.runtime, found.ready]).toEqual(['docker', true])
    expect(checkIn(found, 'runtime')?.fact).toBe('docker: auto takes it where an engine of this machine answers')
    expect(checkIn(found, 'engine')?.fact).toBe(`Docker 25.0.1, API 1.44, at ${fake.host}`)
    expect(checkIn(found, 'compose')?.fact).toBe('docker compose 2.30.3, docker-compose 1.29.2')
  })

  test('auto stays on the runtime that has the data', async () => {
    const fake = await fakeEngine((_, response) => void response.end('[]'))
    const cwd = folderWith({ 'platform.yaml': platform('stack: { ports: auto }'), '.evplat/data/embedded/x': '' })
    const found = await diagnosis([], cwd, { ...(await machine()), DOCKER_HOST: fake.host })
    expect(checkIn(found, 'runtime')?.fact).toBe('embedded: the stack has run on it before, and has its data there')
  })

  test('a port that a container of this platform has is no trouble; that of any other is', async () => {
    const taken = await serveTcp(() => undefined)
    const container = (host: number): string =>
      JSON.stringify([
        {
          Id: 'abc',
          Names: ['/shop-kafka-1'],
          Image: 'x',
          ImageID: 'sha256:abc',
          Labels: { 'evplat.config': 'some' },
          State: 'running',
          Status: 'Up',
          Ports: [{ PrivatePort: 9092, PublicPort: host, Type: 'tcp' }],
        },
      ])
    const cwd = folderWith({ 'platform.yaml': platform(`stack: { runtime: docker, ports: { kafka: ${taken} } }`) })
    const lookAt = async (published: number): Promise<unknown> => {
      const fake = await fakeEngine((_, response) => void response.end(container(published)))
      return checkIn(await diagnosis([], cwd, { ...(await machine()), DOCKER_HOST: fake.host }), `port ${taken}`)
    }
    expect(await lookAt(taken)).toEqual({ name: `port ${taken}`, state: 'ok', fact: 'kafka of this stack has it' })
    expect(await lookAt(1)).toMatchObject({
      state: 'missing',
      fact: `process ${process.pid} (node) has it, and kafka needs it`,
    })
  })

  test('an engine that an error comes from is told, and breaks nothing else', async () => {
    const fake = await fakeEngine(refusing(500, 'it is ill'))
    const env = { ...(await machine()), DOCKER_HOST: fake.host }
    const cwd = folderWith({ 'platform.yaml': platform('stack: { runtime: embedded, ports: auto }') })
    const found = await diagnosis([], cwd, env)
    expect([found.runtime, found.ready]).toEqual(['embedded', true])
    expect(checkIn(found, 'containers')).toEqual({
      name: 'containers',
      state: 'warning',
      fact: `Docker 20.10.24 at ${fake.host} refused to list containers: it is ill`,
      remedy: 'see its own words, and what `evplat doctor` says of this machine',
    })
  })

  test.each([
    [{}, 'Kafka 3.9 needs Java, and there is none on the PATH', 'none, and Kafka 3.9 has to be fetched once'],
    [
      { java: `echo 'openjdk version "8.0.1"' >&2`, mvn: 'echo Apache Maven 3.9.9' },
      'Kafka 3.9 needs Java 11 or newer, and there is Java 8 on the PATH',
      'Maven 3.9.9',
    ],
    [
      { java: `echo 'openjdk version "17.0.1"' >&2`, mvn: 'echo Apache Maven 3.9.9' },
      'Java 17 on the PATH',
      'Maven 3.9.9',
    ],
  ])('native is declared, and there is %j', async (programs, java, maven) => {
    const cwd = folderWith({ 'platform.yaml': platform('stack: { runtime: native, ports: auto }') })
    const found = await diagnosis([], cwd, await machine(programs))
    expect([checkIn(found, 'java')?.fact, checkIn(found, 'maven')?.fact]).toEqual([java, maven])
    expect(found.ready).toBe(java === 'Java 17 on the PATH')
  })

  test('a Kafka that is not known is told as what is missing', async () => {
    const text = platform('stack: { runtime: native, kafka: { version: "3.7" }, ports: auto }')
    const found = await diagnosis([], folderWith({ 'platform.yaml': text }), await machine())
    expect(checkIn(found, 'kafka 3.7')).toMatchObject({
      state: 'missing',
      fact: 'the native runtime has no Kafka 3.7 in this version',
    })
  })

  test('a port of the running stack is its own', async () => {
    const [kafka, registry] = [await freePort(), await freePort()]
    const cwd = folderWith({
      'platform.yaml': platform(`stack: { runtime: embedded, ports: { kafka: ${kafka}, registry: ${registry} } }`),
    })
    const { PATH = '' } = plainEnv()
    onTestFinished(async () => void (await evplat(['down', '--volumes', '--yes'], { cwd })))
    expect((await evplat(['up'], { cwd, env: { PATH } })).code).toBe(0)
    const found = await diagnosis([], cwd, await machine())
    expect(checkIn(found, `port ${kafka}`)?.fact).toBe('kafka of this stack has it')
    expect(checkIn(found, `port ${registry}`)?.fact).toBe('schema-registry of this stack has it')
    expect(found.ready).toBe(true)
  })

  test('few open files are a warning for native Kafka with many partitions', async () => {
    const cwd = folderWith({
      'platform.yaml': platform(
        'stack: { runtime: native, ports: auto }',
        'topics: { orders.placed: { partitions: 900000, value: json } }',
      ),
    })
    expect(checkIn(await diagnosis([], cwd, await machine()), 'open files')?.fact).toMatch(
      /2701000 for 900000 declared partitions/,
    )
  })
})
