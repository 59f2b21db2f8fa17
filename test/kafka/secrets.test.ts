// Secrets stay secret on a real Kafka: every command of the table where one has to say who one is, with the right and the wrong
// password and few rights; and a stack that was started by someone with secrets.
import { existsSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createAuthority } from '../support/certificate.ts'
import { type CommandLine, everyCommand } from '../support/every-command.ts'
import { type Ran, evplat } from '../support/evplat.ts'
import { missingForNative, skipNote } from '../support/native-runtime.ts'
import { type Platform, newPlatform, processesOf, removePlatforms } from '../support/platforms.ts'
import { type RegistryGate, basic, openGate } from '../support/registry-gate.ts'
import { type TestRegistry, startTestRegistry } from '../support/registry-server.ts'
import { type Secrets, newSecrets, secretsBelow, secretsIn, user } from '../support/secrets.ts'
import { type SecureKafka, startSecureKafka, users } from '../support/secure-kafka.ts'
import { folderWith, platform } from '../support/told.ts'

const missing = missingForNative()

/** What has to be there comes first, and what takes it away last. */
function inOrder(lines: readonly CommandLine[]): CommandLine[] {
  const first = ['apply', 'produce', 'consume']
  const rank = ({ path }: CommandLine): number =>
    path.endsWith('delete') ? 9 : first.includes(path) ? first.indexOf(path) : 8
  return lines.toSorted((a, b) => rank(a) - rank(b))
}

const lines = inOrder(everyCommand().filter(({ output }) => output === 'text' || output === 'json'))

type End = CommandLine & Ran

/** Runs them one after the other; adds what was told and should not have been. */
async function runAll(
  which: readonly CommandLine[],
  { cwd, env, more, secrets }: { cwd: string; env: Record<string, string>; more: readonly string[]; secrets: Secrets },
): Promise<{ leaks: string[]; ends: End[] }> {
  const leaks: string[] = []
  const ends: End[] = []
  for (const line of which) {
    const ran = await evplat([...line.args, ...more], { cwd, env, input: line.input ?? '' })
    ends.push({ ...line, ...ran })
    for (const place of secretsIn(ran.stdout + ran.stderr, secrets)) leaks.push(`${line.args.join(' ')}: ${place}`)
  }
  leaks.push(...secretsBelow(cwd, secrets, ['platform.yaml', '.env']))
  return { leaks, ends }
}

/** Commands of which no line ended well. */
function neverDone(ends: readonly End[]): string[] {
  const done = new Set(ends.filter(({ code }) => code === 0).map(({ path }) => path))
  return [...new Set(ends.map(({ path }) => path))].filter((path) => !done.has(path))
}

describe.skipIf(missing !== undefined)(
  `secrets at a Kafka and a registry that ask for them${skipNote(missing)}`,
  () => {
    const own = newSecrets('the password of the registry', 'the wrong password', 'the token of the registry')
    const secrets: Secrets = { ...own, 'the password of admin': users.admin, 'the password of nobody': users.nobody }
    const withTarget = (form: string): CommandLine[] =>
      lines.filter(({ hasTarget, output }) => hasTarget && output === form)
    const authority = createAuthority()
    let kafka: SecureKafka
    let registry: TestRegistry
    let gate: RegistryGate
    beforeAll(async () => {
      registry = await startTestRegistry()
      const welcome = [basic(user, own['the password of the registry']), `Bearer ${own['the token of the registry']}`]
      gate = await openGate(registry.url, authority.issue(['127.0.0.1']), welcome)
      kafka = await startSecureKafka()
    })
    afterAll(async () => {
      await Promise.all([kafka?.close(), gate?.close()])
      await registry?.close()
    })

    function folderFor(sasl: string, access: string): string {
      const yaml = platform(
        'environments:',
        '  prod:',
        `    kafka: { bootstrap: ["${kafka.saslSsl}"], tls: { ca: kafka.pem }, sasl: { ${sasl} } }`,
        `    registry: { url: "${gate.url}", tls: { ca: registry.pem }, ${access} }`,
        'topics:',
        '  orders: { value: { schema: orders.avsc } }',
      )
      return folderWith({
        'platform.yaml': yaml,
        'kafka.pem': kafka.ca,
        'registry.pem': authority.cert,
        'orders.avsc': '"long"',
        '.env': `REGISTRY_PASSWORD='${own['the password of the registry']}'\n`,
      })
    }
    const env = { KAFKA_PASSWORD: users.admin, WRONG_PASSWORD: own['the wrong password'] }
    const more = ['--env', 'prod']
    const byVariable = `username: ${user}, password: "\${REGISTRY_PASSWORD}"`

    test('are told by no command that gets in by variables', async () => {
      const cwd = folderFor('mechanism: scram-sha-512, username: admin, password: "${KAFKA_PASSWORD}"', byVariable)
      const { leaks, ends } = await runAll(withTarget('text'), { cwd, env, more, secrets })
      expect(leaks).toEqual([])
      expect(neverDone(ends)).toEqual([])
    })
    test('are told by no command that gets in by what stands in the file', async () => {
      const cwd = folderFor(
        `mechanism: plain, username: admin, password: ${users.admin}`,
        `token: "${own['the token of the registry']}"`,
      )
      const { leaks, ends } = await runAll(withTarget('json'), { cwd, env: {}, more, secrets })
      expect(leaks).toEqual([])
      expect(neverDone(ends)).toEqual([])
    })
    test('are told by no command that is turned away', async () => {
      for (const [mechanism, form] of [
        ['plain', 'json'],
        ['scram-sha-256', 'text'],
      ] as const) {
        const sasl = `mechanism: ${mechanism}, username: admin, password: "\${WRONG_PASSWORD}"`
        const cwd = folderFor(sasl, `username: ${user}, password: "\${WRONG_PASSWORD}"`)
        const { leaks, ends } = await runAll(withTarget(form), { cwd, env, more, secrets })
        expect(leaks).toEqual([])
        const wasIn = ends.filter(({ code }) => code !== 77).map(({ args }) => args.join(' '))
        expect(wasIn).toEqual([`produce orders --example -o ${form}`, `verify --offline -o ${form}`])
      }
    })
    test('are told by no command that may not do what it wants', async () => {
      const cwd = folderFor(`mechanism: plain, username: nobody, password: ${users.nobody}`, byVariable)
      const { leaks, ends } = await runAll(withTarget('text'), { cwd, env, more, secrets })
      expect(leaks).toEqual([])
      expect(ends.filter(({ code }) => code === 77).length).toBeGreaterThan(10)
    })
  },
)

describe.skipIf(missing !== undefined)(`secrets beside a stack${skipNote(missing)}`, () => {
  const secrets = newSecrets('a variable', '.env', 'the password in the file', 'the url in the file')
  const env = { KAFKA_PASSWORD: secrets['a variable'] }
  let stack: Platform
  beforeAll(async () => {
    stack = await newPlatform({ env })
    const url = `https://${user}:${encodeURIComponent(secrets['the url in the file'])}@registry.invalid`
    await writeFile(
      join(stack.folder, 'platform.yaml'),
      platform(
        'stack: { runtime: native, kafka: { version: "3.9" }, ports: auto }',
        'environments:',
        '  prod:',
        `    kafka: { bootstrap: ["kafka.invalid:1"], sasl: { mechanism: plain, username: ann, password: "${secrets['the password in the file']}" } }`,
        `    registry: { url: "${url}" }`,
        '  staging:',
        '    kafka: { bootstrap: ["kafka.invalid:1"], sasl: { mechanism: plain, username: ann, password: "${KAFKA_PASSWORD}" } }',
        '    registry: { url: "http://registry.invalid", token: "${TOKEN}" }',
        'topics:',
        '  orders: { value: { schema: orders.avsc } }',
      ),
    )
    await writeFile(join(stack.folder, '.env'), `TOKEN='${secrets['.env']}'\n`)
    await writeFile(join(stack.folder, 'orders.avsc'), '"long"')
    await stack.succeed('up')
  })
  afterAll(() => removePlatforms())

  test('are not known to its servers', () => {
    const processes = processesOf(stack.folder)
    // ZooKeeper, Kafka, the registry, and the shell that waits for each
    expect(processes.length).toBe(6)
    for (const { pid, command } of processes) {
      expect(secretsIn(command, secrets)).toEqual([])
      const environ = `/proc/${pid}/environ`
      if (existsSync(environ)) expect(secretsIn(readFileSync(environ, 'latin1'), secrets)).toEqual([])
    }
  })
  test('are told by no command, and stand in no file that the stack writes', async () => {
    const local = lines.filter(({ path, output }) => output === 'text' && path !== 'down')
    const { leaks, ends } = await runAll(local, { cwd: stack.folder, env, more: [], secrets })
    expect(leaks).toEqual([])
    expect(neverDone(ends)).toEqual([])
  })
  test('are not told by a server that was killed, nor by its end', async () => {
    process.kill(await stack.pidOf('kafka'), 'SIGKILL')
    const down = lines.filter(({ path }) => path === 'down')
    const looking = lines.filter(({ path }) => ['status', 'logs', 'plan', 'verify'].includes(path))
    const { leaks, ends } = await runAll([...looking, ...down], { cwd: stack.folder, env, more: [], secrets })
    expect(leaks).toEqual([])
    expect(ends.filter(({ code }) => code === 0).map(({ path }) => path)).toContain('down')
  })
})
