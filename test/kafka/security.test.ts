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
import { folderWith, platform, tellEach } from '../support/told.ts'

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

  /** What commands tell, run in a folder with an environment `prod` that is `cluster`. */
  function tellOf(cluster: string, password: string, ...commands: string[]): Promise<string> {
    const cwd = folderWith({
      'platform.yaml': platform('environments:', '  prod:', `    kafka: { ${cluster} }`),
      'kafka.pem': kafka.ca,
      'other.pem': authority.cert,
    })
    const hide = { [kafka.saslSsl]: 'SASL_SSL', [kafka.ssl]: 'SSL', [kafka.plaintext]: 'PLAINTEXT' }
    const env = { KAFKA_PASSWORD: password }
    return tellEach(
      commands.map((command) => [...command.split(' '), '--env', 'prod']),
      { cwd, env, hide, input: 'one\n' },
    )
  }
  const trusting = 'tls: { ca: kafka.pem }'

  test('a wrong password, and a user who does not exist, are refused in the words of the broker', async () => {
    const texts: string[] = []
    for (const mechanism of mechanisms) {
      const as = (user: string): string => `${trusting}, ${sasl(mechanism, user)}`
      texts.push(await tellOf(as('admin'), 'wrong-secret', 'topics list', 'consume orders --group readers'))
      texts.push(await tellOf(as('stranger'), users.admin, 'topics list'))
    }
    expect(texts.join('\n\n')).not.toMatch(/wrong-secret|admin-secret/)
    expect(texts.join('\n\n')).toMatchInlineSnapshot(`
      "$ evplat topics list --env prod
      exit 77
      error[not-authenticated]: SASL_SSL refuses user "admin"
        server: Authentication failed: Invalid username or password
        try: check user name, password and mechanism of this environment

      $ evplat consume orders --group readers --env prod
      exit 77
      error[not-authenticated]: SASL_SSL refuses user "admin"
        server: Authentication failed: Invalid username or password
        try: check user name, password and mechanism of this environment

      $ evplat topics list --env prod
      exit 77
      error[not-authenticated]: SASL_SSL refuses user "stranger"
        server: Authentication failed: Invalid username or password
        try: check user name, password and mechanism of this environment

      $ evplat topics list --env prod
      exit 77
      error[not-authenticated]: SASL_SSL refuses user "admin"
        server: Authentication failed during authentication due to invalid credentials with SASL mechanism SCRAM-SHA-256
        try: check user name, password and mechanism of this environment

      $ evplat consume orders --group readers --env prod
      exit 77
      error[not-authenticated]: SASL_SSL refuses user "admin"
        server: Authentication failed during authentication due to invalid credentials with SASL mechanism SCRAM-SHA-256
        try: check user name, password and mechanism of this environment

      $ evplat topics list --env prod
      exit 77
      error[not-authenticated]: SASL_SSL refuses user "stranger"
        server: Authentication failed during authentication due to invalid credentials with SASL mechanism SCRAM-SHA-256
        try: check user name, password and mechanism of this environment

      $ evplat topics list --env prod
      exit 77
      error[not-authenticated]: SASL_SSL refuses user "admin"
        server: Authentication failed during authentication due to invalid credentials with SASL mechanism SCRAM-SHA-512
        try: check user name, password and mechanism of this environment

      $ evplat consume orders --group readers --env prod
      exit 77
      error[not-authenticated]: SASL_SSL refuses user "admin"
        server: Authentication failed during authentication due to invalid credentials with SASL mechanism SCRAM-SHA-512
        try: check user name, password and mechanism of this environment

      $ evplat topics list --env prod
      exit 77
      error[not-authenticated]: SASL_SSL refuses user "stranger"
        server: Authentication failed during authentication due to invalid credentials with SASL mechanism SCRAM-SHA-512
        try: check user name, password and mechanism of this environment"
    `)
  })

  test('a listener that is another than it is taken for', async () => {
    const list = (cluster: string): Promise<string> => tellOf(cluster, users.admin, 'topics list')
    expect(await list(`bootstrap: ["${kafka.ssl}"], tls: { ca: other.pem }`)).toMatchInlineSnapshot(`
      "$ evplat topics list --env prod
      exit 69
      error[tls-untrusted]: the certificate of SSL is not signed by the authority that was named
        try: is the file of \`kafka.tls.ca\` the one that belongs to this server?"
    `)
    expect(await list(`bootstrap: ["${kafka.ssl}"]`)).toMatchInlineSnapshot(`
      "$ evplat topics list --env prod
      exit 69
      error[broker-unreachable]: SSL expects TLS
        try: set \`tls: true\` for this environment in platform.yaml"
    `)
    expect(await list(`bootstrap: ["${kafka.plaintext}"], ${trusting}`)).toMatchInlineSnapshot(`
      "$ evplat topics list --env prod
      exit 69
      error[broker-unreachable]: PLAINTEXT cuts the connection when TLS begins
        try: the listener may be a plaintext one: leave \`tls\` out, or name its TLS port"
    `)
    expect(await list(`bootstrap: ["${kafka.saslSsl}"], ${trusting}`)).toMatchInlineSnapshot(`
      "$ evplat topics list --env prod
      exit 69
      error[broker-unreachable]: SASL_SSL closed the connection during Metadata
        try: it may want a user: set \`sasl\` for this environment in platform.yaml, or name another listener"
    `)
    expect(await list(`${sasl('PLAIN').replace(kafka.saslSsl, kafka.ssl)}, ${trusting}`)).toMatchInlineSnapshot(`
      "$ evplat topics list --env prod
      exit 77
      error[not-authenticated]: SSL does not offer PLAIN
        try: it takes no users: leave \`sasl\` out, or name another listener"
    `)
    expect(await list(`bootstrap: ["${kafka.ssl}"], ${trusting}, clusterId: another`)).toMatch(
      /\nexit 3\nerror\[wrong-cluster\]/,
    )
  })

  test('who may do little is told what was needed', async () => {
    for (const topic of ['clerk.open', 'closed'])
      await judge('topics', '--create', '--topic', topic, '--partitions', '1', '--replication-factor', '1')
    await kafka.java.write(kafka.plaintext, [{ topic: 'closed', key: null, value: 'one' }])
    await kafka.allow('--allow-principal', 'User:nobody', '--operation', 'Describe', '--topic', 'closed')
    const clerk = await tellOf(
      `${trusting}, ${sasl('SCRAM-SHA-256', 'clerk')}`,
      users.clerk,
      'topics list',
      'produce clerk.open',
      'consume clerk.open --exit --group clerk.readers -o raw',
      'groups list',
      'consume clerk.open --exit --group others',
      'groups describe others',
      'produce closed',
      'consume closed --exit',
      'topics describe clerk.open',
      'topics delete clerk.open --yes',
      'topics delete closed --yes',
    )
    expect(clerk).toMatchInlineSnapshot(`
      "$ evplat topics list --env prod
      exit 0
      | TOPIC       PARTITIONS  REPLICATION  OUT OF SYNC  DECLARED
      | clerk.open  1           1            0            no

      $ evplat produce clerk.open --env prod
      exit 0
      | 1 record written to clerk.open
      topic "clerk.open" is not declared in platform.yaml

      $ evplat consume clerk.open --exit --group clerk.readers -o raw --env prod
      exit 0
      | one

      $ evplat groups list --env prod
      exit 0
      | GROUP          STATE  TYPE
      | clerk.readers  Empty  classic

      $ evplat consume clerk.open --exit --group others --env prod
      exit 77
      error[not-authorised]: group "others" may not be used by this user
        server: Group authorization failed.
        try: the user needs READ and DESCRIBE on the group

      $ evplat groups describe others --env prod
      exit 77
      error[not-authorised]: group "others" may not be used by this user
        server: Group authorization failed.
        try: the user needs READ and DESCRIBE on the group

      $ evplat produce closed --env prod
      exit 77
      topic "closed" is not declared in platform.yaml
      error[not-authorised]: topic "closed" may not be seen by this user
        try: the user needs DESCRIBE on the topic

      $ evplat consume closed --exit --env prod
      exit 77
      error[not-authorised]: topic "closed" may not be seen by this user
        try: the user needs DESCRIBE on the topic

      $ evplat topics describe clerk.open --env prod
      exit 77
      error[not-authorised]: the configs of topic "clerk.open" can't be read
        server: Topic authorization failed.
        try: the user needs DESCRIBE_CONFIGS on the topic

      $ evplat topics delete clerk.open --yes --env prod
      exit 77
      | failed topic clerk.open: Topic authorization failed.

      $ evplat topics delete closed --yes --env prod
      exit 77
      error[not-authorised]: topic "closed" may not be seen by this user
        try: the user needs DESCRIBE on the topic"
    `)
    const nobody = await tellOf(
      `${trusting}, ${sasl('SCRAM-SHA-512', 'nobody')}`,
      users.nobody,
      'topics list',
      'groups list',
      'produce closed',
      'consume closed --exit',
      'consume closed --exit --group clerk.readers',
    )
    expect(nobody).toMatchInlineSnapshot(`
      "$ evplat topics list --env prod
      exit 0
      | TOPIC   PARTITIONS  REPLICATION  OUT OF SYNC  DECLARED
      | closed  1           1            0            no

      $ evplat groups list --env prod
      exit 0
      | GROUP  STATE  TYPE

      $ evplat produce closed --env prod
      exit 77
      topic "closed" is not declared in platform.yaml
      error[not-authorised]: topic "closed" may not be written by this user
        server: CLUSTER_AUTHORIZATION_FAILED
        try: the user needs WRITE on the topic

      $ evplat consume closed --exit --env prod
      exit 77
      error[not-authorised]: partition 0 of topic "closed" may not be read by this user
        try: the user needs READ on the topic

      $ evplat consume closed --exit --group clerk.readers --env prod
      exit 77
      error[not-authorised]: group "clerk.readers" may not be used by this user
        server: Group authorization failed.
        try: the user needs READ and DESCRIBE on the group"
    `)
    expect(await judge('topics', '--list')).toMatch(/^clerk.open\n(.*\n)*closed\n/m)
  })

  test('the registry turns away who has no right to come in', async () => {
    const place = { slug: 'closed', cluster: sasl('PLAIN') }
    for (const access of ['username: registrar, password: "${KAFKA_PASSWORD}"', 'token: "${KAFKA_PASSWORD}"']) {
      const { code, stdout, stderr } = await at({ ...place, access }).run('schemas list')
      expect([code, stdout, stderr.replace(gate.url, 'GATE')]).toMatchInlineSnapshot(`
        [
          77,
          "",
          "error[registry-unauthorised]: the registry at "GATE" does not accept the credentials
          server: Unauthorized
          try: set "registry.username" and "registry.password" of the environment in platform.yaml, from \${VARIABLES}
        ",
        ]
      `)
    }
    expect(gate.seen).toEqual({ allowed: 0, refused: 2 })
  })
})
