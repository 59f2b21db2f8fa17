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
    expect(await askBy({ to: kafka.saslSsl }, ['topics list'])).toMatchInlineSnapshot()
  })
  test('for no TLS, which is spoken', async () => {
    expect(await askBy({ to: kafka.plaintext, settings: trusted }, ['topics list'])).toMatchInlineSnapshot()
  })
  test('for trust that is not there', async () => {
    const way = { to: kafka.ssl, settings: trusted, ca: createAuthority().cert }
    expect(await askBy(way, ['topics list'])).toMatchInlineSnapshot()
    expect(await askBy({ to: kafka.ssl, settings: 'tls: true' }, ['topics list'])).toMatchInlineSnapshot()
  })
  test('for a user, and gets none', async () => {
    expect(await askBy({ to: kafka.saslSsl, settings: trusted }, ['topics list'])).toMatchInlineSnapshot()
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
    ).toMatchInlineSnapshot()
    expect(await askBy(way('plain'), ['topics list', 'topics list -o json'])).toMatchInlineSnapshot()
  })
  test('for a user, and does not know this one', async () => {
    const settings = `${trusted}, ${as('stranger')}`
    expect(
      await askBy({ to: kafka.saslSsl, settings, password: 'any-secret' }, ['topics list']),
    ).toMatchInlineSnapshot()
  })
  test('for a user where no user is asked for', async () => {
    const settings = `${trusted}, ${as('admin')}`
    expect(await askBy({ to: kafka.ssl, settings, password: users.admin }, ['topics list'])).toMatchInlineSnapshot()
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
    expect(await askBy({ ...nobody, topics: orders }, commands, 'two\n')).toMatchInlineSnapshot()
    const clerk = { to: kafka.saslSsl, settings: `${trusted}, ${as('clerk')}`, password: users.clerk }
    const changed = ['topics:', '  clerk.orders: { partitions: 2 }', '  clerk.new: {}']
    expect(await askBy({ ...admin, topics: ['topics: { clerk.orders: {} }'] }, ['apply --yes'])).toContain(
      'Applied: 1 done.',
    )
    expect(
      await askBy({ ...clerk, topics: changed }, ['plan', 'consume clerk.orders --exit --group other']),
    ).toMatchInlineSnapshot()
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
    expect(await askBy({ ...clerk, topics: changed }, ['plan', 'apply --yes'])).toMatchInlineSnapshot()
    await kafka.allow('--allow-principal', 'User:clerk', '--operation', 'Describe', '--topic', 'secret.orders')
    expect(await askBy(clerk, ['produce secret.orders', 'consume secret.orders'], 'two\n')).toMatchInlineSnapshot()
  })
})
