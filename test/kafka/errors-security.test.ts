// What is told of who one is and what one may: no TLS, wrong passwords, missing rights. One broker asks for all of it.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAuthority } from '../support/certificate.ts'
import { skipNote } from '../support/native-runtime.ts'
import { type SecureKafka, startSecureKafka, users } from '../support/secure-kafka.ts'
import { stackIsMissing } from '../support/test-stack.ts'
import { folderWith, platform, tell } from '../support/told.ts'

const missing = stackIsMissing()

describe.skipIf(missing !== undefined)(`a broker that asks${skipNote(missing)}`, () => {
  let kafka: SecureKafka
  beforeAll(async () => {
    kafka = await startSecureKafka()
  })
  afterAll(() => kafka?.close())

  const trusted = 'tls: { ca: ca.pem }'
  const as = (username: string, mechanism = 'scram-sha-512'): string =>
    `sasl: { mechanism: ${mechanism}, username: ${username}, password: "\${PASSWORD}" }`

  interface Way {
    readonly to: string
    readonly settings?: string
    readonly password?: string
    readonly ca?: string
    readonly topics?: readonly string[]
  }

  /** Runs commands each at an environment `prod` that is reached in this way. */
  async function askBy(
    { to, settings = '', password = '', ca = kafka.ca, topics = [] }: Way,
    commands: readonly string[],
    input = '',
  ): Promise<string> {
    const yaml = platform(
      'environments:',
      '  prod:',
      `    kafka: { bootstrap: ["${to}"]${settings && `, ${settings}`} }`,
      ...topics,
    )
    const cwd = folderWith({ 'platform.yaml': yaml, 'ca.pem': ca })
    const hide = { [to]: 'KAFKA', [kafka.clusterId]: 'CLUSTER' }
    const texts: string[] = []
    for (const command of commands)
      texts.push(
        `$ evplat ${command}\n${await tell([...command.split(' '), '--env', 'prod'], { cwd, hide, input, env: { PASSWORD: password } })}`,
      )
    const all = texts.join('\n\n')
    if (password !== '') expect(all).not.toContain(password)
    return all
  }

  test('for TLS, which is not spoken', async () => {
    expect(await askBy({ to: kafka.saslSsl }, ['topics list'])).toMatchInlineSnapshot(`
      "$ evplat topics list
      exit 69
      error[broker-unreachable]: KAFKA expects TLS
        try: set \`tls: true\` for this environment in platform.yaml"
    `)
  })
  test('for no TLS, which is spoken', async () => {
    expect(await askBy({ to: kafka.plaintext, settings: trusted }, ['topics list'])).toMatchInlineSnapshot(`
      "$ evplat topics list
      exit 69
      error[broker-unreachable]: KAFKA cuts the connection when TLS begins
        try: the listener may be a plaintext one: leave \`tls\` out, or name its TLS port"
    `)
  })
  test('for trust that is not there', async () => {
    const way = { to: kafka.ssl, settings: trusted, ca: createAuthority().cert }
    expect(await askBy(way, ['topics list'])).toMatchInlineSnapshot(`
      "$ evplat topics list
      exit 69
      error[tls-untrusted]: the certificate of KAFKA is not signed by the authority that was named
        try: is the file of \`kafka.tls.ca\` the one that belongs to this server?"
    `)
    expect(await askBy({ to: kafka.ssl, settings: 'tls: true' }, ['topics list'])).toMatchInlineSnapshot(`
      "$ evplat topics list
      exit 69
      error[tls-untrusted]: the certificate of KAFKA is not signed by a trusted authority
        try: name the certificate of the one that signed it: \`kafka.tls.ca\` in platform.yaml"
    `)
  })
  test('for a user, and gets none', async () => {
    expect(await askBy({ to: kafka.saslSsl, settings: trusted }, ['topics list'])).toMatchInlineSnapshot(`
      "$ evplat topics list
      exit 69
      error[broker-unreachable]: KAFKA closed the connection during Metadata
        try: it may want a user: set \`sasl\` for this environment in platform.yaml, or name another listener"
    `)
  })
  test('for a password, and gets a wrong one', async () => {
    const way = (mechanism: string): Way => ({
      to: kafka.saslSsl,
      settings: `${trusted}, ${as('admin', mechanism)}`,
      password: 'wrong-one',
    })
    expect(
      await askBy(way('scram-sha-512'), [
        'plan',
        'topics list',
        'consume orders',
        'consume orders --group late',
        'groups list',
      ]),
    ).toMatchInlineSnapshot(`
      "$ evplat plan
      exit 77
      error[not-authenticated]: KAFKA refuses user "admin"
        server: Authentication failed during authentication due to invalid credentials with SASL mechanism SCRAM-SHA-512
        try: check user name, password and mechanism of this environment

      $ evplat topics list
      exit 77
      error[not-authenticated]: KAFKA refuses user "admin"
        server: Authentication failed during authentication due to invalid credentials with SASL mechanism SCRAM-SHA-512
        try: check user name, password and mechanism of this environment

      $ evplat consume orders
      exit 77
      error[not-authenticated]: KAFKA refuses user "admin"
        server: Authentication failed during authentication due to invalid credentials with SASL mechanism SCRAM-SHA-512
        try: check user name, password and mechanism of this environment

      $ evplat consume orders --group late
      exit 77
      error[not-authenticated]: KAFKA refuses user "admin"
        server: Authentication failed during authentication due to invalid credentials with SASL mechanism SCRAM-SHA-512
        try: check user name, password and mechanism of this environment

      $ evplat groups list
      exit 77
      error[not-authenticated]: KAFKA refuses user "admin"
        server: Authentication failed during authentication due to invalid credentials with SASL mechanism SCRAM-SHA-512
        try: check user name, password and mechanism of this environment"
    `)
    expect(await askBy(way('plain'), ['topics list', 'topics list -o json'])).toMatchInlineSnapshot(`
      "$ evplat topics list
      exit 77
      error[not-authenticated]: KAFKA refuses user "admin"
        server: Authentication failed: Invalid username or password
        try: check user name, password and mechanism of this environment

      $ evplat topics list -o json
      exit 77
      {"error":{"code":"not-authenticated","message":"KAFKA refuses user \\"admin\\"","details":{"code":"SASL_AUTHENTICATION_FAILED","mechanism":"plain","server":"Authentication failed: Invalid username or password"},"hint":"check user name, password and mechanism of this environment"}}"
    `)
  })
  test('for a user, and does not know this one', async () => {
    const settings = `${trusted}, ${as('stranger')}`
    expect(await askBy({ to: kafka.saslSsl, settings, password: 'any-secret' }, ['topics list']))
      .toMatchInlineSnapshot(`
      "$ evplat topics list
      exit 77
      error[not-authenticated]: KAFKA refuses user "stranger"
        server: Authentication failed during authentication due to invalid credentials with SASL mechanism SCRAM-SHA-512
        try: check user name, password and mechanism of this environment"
    `)
  })
  test('for a user where no user is asked for', async () => {
    const settings = `${trusted}, ${as('admin')}`
    expect(await askBy({ to: kafka.ssl, settings, password: users.admin }, ['topics list'])).toMatchInlineSnapshot(`
      "$ evplat topics list
      exit 77
      error[not-authenticated]: KAFKA does not offer SCRAM-SHA-512
        try: it takes no users: leave \`sasl\` out, or name another listener"
    `)
  })
  test('for rights that a user does not have', async () => {
    const admin = { to: kafka.saslSsl, settings: `${trusted}, ${as('admin')}`, password: users.admin }
    const orders = ['topics: { secret.orders: { value: string } }']
    expect(await askBy({ ...admin, topics: orders }, ['apply --yes', 'produce secret.orders'], 'one\n')).toContain(
      '1 record written',
    )
    const nobody = { to: kafka.saslSsl, settings: `${trusted}, ${as('nobody')}`, password: users.nobody }
    const commands = [
      'plan',
      'apply --yes',
      'produce secret.orders',
      'consume secret.orders',
      'consume secret.orders --group secret',
      'topics describe secret.orders',
      'topics list',
      'groups describe secret',
      'groups list',
      'plan -o json',
    ]
    expect(await askBy({ ...nobody, topics: orders }, commands, 'two\n')).toMatchInlineSnapshot(`
      "$ evplat plan
      exit 77
      error[not-authorised]: topic "secret.orders" may not be described by this user
        try: the user needs DESCRIBE on the topic

      $ evplat apply --yes
      exit 77
      error[not-authorised]: topic "secret.orders" may not be described by this user
        try: the user needs DESCRIBE on the topic

      $ evplat produce secret.orders
      exit 77
      error[not-authorised]: topic "secret.orders" may not be seen by this user
        try: the user needs DESCRIBE on the topic

      $ evplat consume secret.orders
      exit 77
      error[not-authorised]: topic "secret.orders" may not be seen by this user
        try: the user needs DESCRIBE on the topic

      $ evplat consume secret.orders --group secret
      exit 77
      error[not-authorised]: group "secret" may not be used by this user
        server: Group authorization failed.
        try: the user needs READ and DESCRIBE on the group

      $ evplat topics describe secret.orders
      exit 77
      error[not-authorised]: topic "secret.orders" may not be seen by this user
        try: the user needs DESCRIBE on the topic

      $ evplat topics list
      exit 0
      | TOPIC  PARTITIONS  REPLICATION  OUT OF SYNC  DECLARED

      $ evplat groups describe secret
      exit 77
      error[not-authorised]: group "secret" may not be used by this user
        server: Group authorization failed.
        try: the user needs READ and DESCRIBE on the group

      $ evplat groups list
      exit 0
      | GROUP  STATE  TYPE

      $ evplat plan -o json
      exit 77
      {"error":{"code":"not-authorised","message":"topic \\"secret.orders\\" may not be described by this user","details":{"code":"TOPIC_AUTHORIZATION_FAILED"},"hint":"the user needs DESCRIBE on the topic"}}"
    `)
    const clerk = { to: kafka.saslSsl, settings: `${trusted}, ${as('clerk')}`, password: users.clerk }
    const changed = ['topics:', '  clerk.orders: { partitions: 2 }', '  clerk.new: {}']
    expect(await askBy({ ...admin, topics: ['topics: { clerk.orders: {} }'] }, ['apply --yes'])).toContain(
      'Applied: 1 done.',
    )
    expect(await askBy({ ...clerk, topics: changed }, ['plan', 'consume clerk.orders --exit --group other']))
      .toMatchInlineSnapshot(`
      "$ evplat plan
      exit 77
      error[not-authorised]: the configs of topic "clerk.orders" can't be read
        server: Topic authorization failed.
        try: the user needs DESCRIBE_CONFIGS on the topic

      $ evplat consume clerk.orders --exit --group other
      exit 77
      error[not-authorised]: group "other" may not be used by this user
        server: Group authorization failed.
        try: the user needs READ and DESCRIBE on the group"
    `)
    await kafka.allow(
      '--allow-principal',
      'User:clerk',
      '--operation',
      'DescribeConfigs',
      '--topic',
      'clerk.',
      '--resource-pattern-type',
      'prefixed',
    )
    expect(await askBy({ ...clerk, topics: changed }, ['plan', 'apply --yes'])).toMatchInlineSnapshot(`
      "$ evplat plan
      exit 77
      | shop in prod (cluster CLUSTER)
      |
      |   ! topic clerk.orders  BLOCKED
      |       partitions  1 -> 2
      |       not-authorised: TOPIC_AUTHORIZATION_FAILED
      |       = the user needs ALTER on the topic
      |
      |   ! topic clerk.new  BLOCKED
      |       partitions   1
      |       replication  1
      |       not-authorised: Authorization failed.
      |       = the user needs CREATE on the topic or on the cluster
      |
      | Plan: 2 blocked, 0 unchanged.

      $ evplat apply --yes
      exit 77
      | shop in prod (cluster CLUSTER)
      |
      |   ! topic clerk.orders  BLOCKED
      |       partitions  1 -> 2
      |       not-authorised: TOPIC_AUTHORIZATION_FAILED
      |       = the user needs ALTER on the topic
      |
      |   ! topic clerk.new  BLOCKED
      |       partitions   1
      |       replication  1
      |       not-authorised: Authorization failed.
      |       = the user needs CREATE on the topic or on the cluster
      |
      | Plan: 2 blocked, 0 unchanged.
      | Nothing was applied."
    `)
    await kafka.allow('--allow-principal', 'User:clerk', '--operation', 'Describe', '--topic', 'secret.orders')
    expect(await askBy(clerk, ['produce secret.orders', 'consume secret.orders'], 'two\n')).toMatchInlineSnapshot(`
      "$ evplat produce secret.orders
      exit 77
      topic "secret.orders" is not declared in platform.yaml
      error[not-authorised]: topic "secret.orders" may not be written by this user; no record was acknowledged before
        server: TOPIC_AUTHORIZATION_FAILED
        try: the user needs WRITE on the topic

      $ evplat consume secret.orders
      exit 77
      error[not-authorised]: partition 0 of topic "secret.orders" may not be read by this user
        try: the user needs READ on the topic"
    `)
  })
})
