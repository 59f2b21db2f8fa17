// The whole path where one has to say who one is: SASL over TLS with each mechanism, TLS with a CA of one's own, a registry behind
// https. What was done is judged by Kafka's own programs and by kcat.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createAuthority } from '../support/certificate.ts'
import { type Ran, evplat } from '../support/evplat.ts'
import { programs } from '../support/kafka-shell.ts'
import { kcat } from '../support/kcat.ts'
import { skipNote } from '../support/native-runtime.ts'
import { type RegistryGate, basic, openGate } from '../support/registry-gate.ts'
import { type TestRegistry, startTestRegistry } from '../support/registry-server.ts'
import { type Mechanism, type SecureKafka, mechanisms, startSecureKafka, users } from '../support/secure-kafka.ts'
import { stackIsMissing } from '../support/test-stack.ts'
import { folderWith, platform } from '../support/told.ts'

const missing = stackIsMissing()

const order = JSON.stringify({
  type: 'record',
  name: 'Order',
  fields: [
    { name: 'id', type: 'long' },
    { name: 'note', type: ['null', 'string'], default: null },
  ],
})
const authority = createAuthority()
const registryUser = { name: 'registrar', password: 'pass:with colon' }
const registryToken = 'token-of-the-registry'
const authorizations = [basic(registryUser.name, registryUser.password), `Bearer ${registryToken}`]

/** secrets as users give them: by variables */
const secrets = {
  KAFKA_PASSWORD: users.admin,
  REGISTRY_PASSWORD: registryUser.password,
  REGISTRY_TOKEN: registryToken,
}

const registryAccess = {
  basic: `username: ${registryUser.name}, password: "\${REGISTRY_PASSWORD}"`,
  bearer: 'token: "${REGISTRY_TOKEN}"',
}

describe.skipIf(missing !== undefined)(`security${skipNote(missing)}`, () => {
  let kafka: SecureKafka
  let registry: TestRegistry
  let gate: RegistryGate
  beforeAll(async () => {
    registry = await startTestRegistry()
    gate = await openGate(registry.url, authority.issue(['127.0.0.1']), authorizations)
    kafka = await startSecureKafka()
  })
  afterAll(async () => {
    await Promise.all([kafka?.close(), gate?.close()])
    await registry?.close()
  })
  afterEach(() => Object.assign(gate.seen, { allowed: 0, refused: 0 }))

  interface Place {
    /** its topic is SLUG.orders */
    readonly slug: string
    /** what stands in `kafka` of the environment */
    readonly cluster: string
    /** what stands in `registry` beside url and tls */
    readonly access: string
  }

  /** A folder with an environment `prod` at the secure cluster, and the program run in it. */
  function at({ slug, cluster, access }: Place) {
    const yaml = platform(
      'environments:',
      '  prod:',
      `    kafka: { clusterId: "${kafka.clusterId}", tls: { ca: certs/kafka.pem }, ${cluster} }`,
      `    registry: { url: "${gate.url}", tls: { ca: certs/registry.pem }, ${access} }`,
      `topics: { ${slug}.orders: { partitions: 3, key: string, value: { schema: order.avsc }, config: { retention.ms: 7d } } }`,
    )
    const folder = folderWith({
      'platform.yaml': yaml,
      'order.avsc': order,
      'certs/registry.pem': authority.cert,
      'certs/kafka.pem': kafka.ca,
    })
    const run = (command: string, input?: string): Promise<Ran> =>
      evplat([...command.split(' '), '--env', 'prod'], { cwd: folder, env: secrets, ...(input && { input }) })
    return {
      folder,
      run,
      done: async (command: string, input?: string): Promise<string> => {
        const { code, stdout, stderr } = await run(command, input)
        if (code !== 0) throw new Error(`evplat ${command} ended with ${code}:\n${stdout}${stderr}`)
        return stdout
      },
    }
  }

  /** Everything that a user does with a cluster, from the plan to the lag of a group. */
  async function walk(place: Place): Promise<void> {
    const { done, run } = at(place)
    const topic = `${place.slug}.orders`
    const plan = JSON.parse(await done('plan -o json')) as { clusterId: string; summary: unknown }
    expect([plan.clusterId, plan.summary]).toEqual([
      kafka.clusterId,
      { create: 2, update: 0, delete: 0, blocked: 0, unchanged: 0 },
    ])
    await done('apply --yes')
    const described = await judge('topics', '--describe', '--topic', topic)
    expect(described).toMatch(/PartitionCount: 3\s+ReplicationFactor: 1\s+Configs: retention.ms=604800000\n/)
    expect((await registry.call('GET', `/subjects/${topic}-value/versions`)).body).toEqual([1])
    expect((await run('plan --detailed-exitcode')).code).toBe(0)

    const lines = Array.from({ length: 50 }, (_, i) => `key-${i % 7}:{"id":${i},"note":"n ${i}"}\n`).join('')
    expect(await done(`produce ${topic} --key-separator :`, lines)).toBe(`50 records written to ${topic}\n`)
    const keys = Array.from({ length: 50 }, (_, i) => `key-${i % 7}`)
    expect((await kcatKeys(topic)).toSorted()).toEqual(keys.toSorted())
    const all = await done(`consume ${topic} --exit`)
    const expected = keys.map((key, id) => [key, { id, note: `n ${id}` }])
    expect(readBack(all)).toEqual(expected)
    expect(readBack(await done(`consume ${topic} --group ${place.slug}.readers --exit`))).toEqual(expected)
    expect(await done(`consume ${topic} --group ${place.slug}.readers --exit`)).toBe('')

    expect(JSON.parse(await done('topics list -o json'))).toContainEqual(
      expect.objectContaining({ name: topic, partitions: 3 }),
    )
    expect(JSON.parse(await done(`groups describe ${place.slug}.readers -o json`))).toMatchObject({
      state: 'Empty',
      lag: 0,
    })
    expect(JSON.parse(await done('groups list -o json'))).toContainEqual(
      expect.objectContaining({ name: `${place.slug}.readers` }),
    )
    const group = await judge('groups', '--describe', '--group', `${place.slug}.readers`)
    const offsets = [...group.matchAll(/\.orders +\d +(\d+) +(\d+) +0 /g)].map(([, committed]) => Number(committed))
    expect([offsets.length, offsets.reduce((sum, offset) => sum + offset)]).toEqual([3, 50])
    await done('verify')
    expect(gate.seen.refused).toBe(0)
    expect(gate.seen.allowed).toBeGreaterThan(0)
  }

  /** What one of Kafka's own programs says, which may see everything. */
  function judge(program: keyof typeof programs, ...args: string[]): Promise<string> {
    return kafka.java.ask(programs[program], ['--bootstrap-server', kafka.plaintext, ...args])
  }

  function readBack(stdout: string): unknown[] {
    return stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as { key: string; value: { id: number } })
      .toSorted((a, b) => a.value.id - b.value.id)
      .map(({ key, value }) => [key, value])
  }

  async function kcatKeys(topic: string): Promise<string[]> {
    const args = ['-C', '-t', topic, '-e', '-q', '-f', '%k\n']
    return String(await kcat([...kafka.kcatArgs('admin', 'SCRAM-SHA-512'), ...args]))
      .split('\n')
      .slice(0, -1)
  }

  const sasl = (mechanism: Mechanism, user: string = 'admin'): string =>
    `bootstrap: ["${kafka.saslSsl}"], sasl: { mechanism: ${mechanism.toLowerCase()}, username: ${user}, password: "\${KAFKA_PASSWORD}" }`

  test.each(mechanisms)('the whole path with SASL_SSL and %s', async (mechanism) => {
    const access = mechanism === 'PLAIN' ? registryAccess.bearer : registryAccess.basic
    await walk({ slug: mechanism.toLowerCase(), cluster: sasl(mechanism), access })
  })

  test('the whole path with TLS and a CA', async () => {
    await walk({ slug: 'tls', cluster: `bootstrap: ["${kafka.ssl}"]`, access: registryAccess.bearer })
  })
})
