// Secrets stay secret where no cluster is needed: every command of the table with secrets from every place they can come from, at
// servers that are away, unknown, not trusted, strange or not content with the password.
import { request } from 'node:http'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createAuthority } from '../support/certificate.ts'
import { type Ran, evplat, temporaryFolder } from '../support/evplat.ts'
import { type CommandLine, everyCommand } from '../support/every-command.ts'
import { basic } from '../support/registry-gate.ts'
import { startTestRegistry } from '../support/registry-server.ts'
import { newSecrets, secretsBelow, secretsIn, user } from '../support/secrets.ts'
import { freePort } from '../support/free-port.ts'
import { serveHttp, serveTls } from '../support/strangers.ts'
import { folderWith, platform } from '../support/told.ts'

const secrets = newSecrets(
  'a variable',
  'a variable that nothing uses',
  '.env',
  '.env that nothing uses',
  'the password in the file',
  'the url in the file',
  'the token in the file',
  'the command line',
)
const env = {
  CLUSTER_PASSWORD: secrets['a variable'],
  AWS_SECRET_ACCESS_KEY: secrets['a variable that nothing uses'],
  // nothing is to be started here
  JAVA_HOME: '/nowhere',
}
const dotEnv = `REGISTRY_PASSWORD='${secrets['.env']}'\nOTHER='${secrets['.env that nothing uses']}'\n`

interface Servers {
  readonly kafka: string
  /** host:port */
  readonly registry: string
  readonly scheme?: 'http' | 'https'
}

/** Where the secrets come from: what stands in `sasl.password` and in `registry` of the environment. */
const sources = {
  variables: { password: '"${CLUSTER_PASSWORD}"', registry: `username: ${user}, password: "\${REGISTRY_PASSWORD}"` },
  literals: { password: `"${secrets['the password in the file']}"`, registry: undefined },
  token: {
    password: `"${secrets['the password in the file']}"`,
    registry: `token: "${secrets['the token in the file']}"`,
  },
} as const
type Source = keyof typeof sources

/** A platform whose environment `prod` has these servers, with secrets from that source. */
function plant({ kafka, registry, scheme = 'http' }: Servers, source: Source): string {
  const from = sources[source]
  const userInfo = from.registry === undefined ? `${user}:${encodeURIComponent(secrets['the url in the file'])}@` : ''
  const tls = scheme === 'https' ? ', tls: true' : ''
  const yaml = platform(
    'stack: { runtime: native, ports: auto }',
    'environments:',
    '  prod:',
    '    kafka:',
    `      bootstrap: ["${kafka}"]`,
    `      sasl: { mechanism: plain, username: ${user}, password: ${from.password} }`,
    ...(scheme === 'https' ? ['      tls: true'] : []),
    `    registry: { url: "${scheme}://${userInfo}${registry}"${from.registry === undefined ? '' : `, ${from.registry}`}${tls} }`,
    'topics:',
    '  orders: { value: { schema: orders.avsc } }',
  )
  return folderWith({ 'platform.yaml': yaml, '.env': dotEnv, 'orders.avsc': '"long"' })
}

/** Runs all of them, three at a time: what each one told that it should not have, and what it told. */
async function runAll(lines: readonly CommandLine[], cwd: string, more: readonly string[]) {
  const home = temporaryFolder()
  const left = [...lines]
  const leaks: string[] = []
  const ran: (CommandLine & Ran)[] = []
  const worker = async (): Promise<void> => {
    for (let line = left.shift(); line; line = left.shift()) {
      const args = [...line.args, ...more]
      const end = await evplat(args, { cwd, env: { ...env, HOME: home }, input: line.input ?? '' })
      ran.push({ ...line, ...end })
      for (const place of secretsIn(end.stdout + end.stderr, secrets)) leaks.push(`${args.join(' ')}: ${place}`)
    }
  }
  await Promise.all([worker(), worker(), worker()])
  leaks.push(...secretsBelow(cwd, secrets, ['platform.yaml', '.env']), ...secretsBelow(home, secrets))
  return { leaks, ran }
}

/** The codes of their errors. */
function codesOf(ran: readonly Ran[]): string[] {
  const codes = ran.flatMap(
    ({ stderr }) => /error\[([\w-]+)\]|\{"error":\{"code":"([\w-]+)"/.exec(stderr)?.slice(1) ?? [],
  )
  return [...new Set(codes.filter((code) => code !== undefined))].toSorted()
}

const lines = everyCommand()
/** commands with a cluster or a registry, and one form of their output where they have several */
const withTarget = (form: string): CommandLine[] =>
  lines.filter(({ hasTarget, output }) => hasTarget && output === form)

describe('no secret is told', () => {
  test('by commands that need no cluster', async () => {
    const local = lines.filter(({ hasTarget }) => !hasTarget)
    const servers = { kafka: '127.0.0.1:9', registry: '127.0.0.1:9' }
    const { leaks, ran } = await runAll(local, plant(servers, 'literals'), [])
    expect(leaks).toEqual([])
    expect(ran.length).toBe(local.length)
    // several at once want to declare the same
    expect(codesOf(ran)).toEqual(expect.arrayContaining(['already-declared', 'java-missing', 'stack-missing', 'usage']))
  })
  test('by --help', async () => {
    const { leaks, ran } = await runAll(
      lines.filter(({ output }) => output === undefined || output === 'json'),
      plant({ kafka: '127.0.0.1:9', registry: '127.0.0.1:9' }, 'literals'),
      ['--help'],
    )
    expect(leaks).toEqual([])
    expect(ran.map(({ code }) => code)).toEqual(ran.map(() => 0))
  })

  test('where nothing listens', async () => {
    const servers = { kafka: `127.0.0.1:${await freePort()}`, registry: `127.0.0.1:${await freePort()}` }
    const { leaks, ran } = await runAll(withTarget('text'), plant(servers, 'variables'), ['--env', 'prod'])
    expect(leaks).toEqual([])
    expect(codesOf(ran)).toEqual(['broker-unreachable', 'registry-unreachable'])
  })
  test('where the hosts are not known', async () => {
    const { leaks, ran } = await runAll(
      withTarget('json'),
      plant({ kafka: 'kafka.invalid:9092', registry: 'registry.invalid' }, 'literals'),
      ['--env', 'prod'],
    )
    expect(leaks).toEqual([])
    expect(codesOf(ran)).toEqual(['broker-unreachable', 'registry-unreachable'])
  })
  test('where the servers are not trusted', async () => {
    const address = `127.0.0.1:${await serveTls(createAuthority().issue(['127.0.0.1']))}`
    const folder = plant({ kafka: address, registry: address, scheme: 'https' }, 'token')
    const { leaks, ran } = await runAll(withTarget('text'), folder, ['--env', 'prod'])
    expect(leaks).toEqual([])
    expect(codesOf(ran)).toEqual(['tls-untrusted'])
  })
  test('where the servers are others, and repeat what they were sent', async () => {
    const sent: string[] = []
    const address = `127.0.0.1:${await serveHttp((request, answer) => {
      sent.push(request.headers.authorization ?? '')
      const echo = JSON.stringify(request.headers)
      answer
        .writeHead(400, { 'content-type': 'application/json' })
        .end(JSON.stringify({ message: `bad headers ${echo}` }))
    })}`
    for (const [source, form] of [
      ['variables', 'text'],
      ['literals', 'json'],
      ['token', 'yaml'],
    ] as const) {
      const asking = withTarget(form).filter(({ path }) => form === 'json' || path.startsWith('schemas '))
      const { leaks, ran } = await runAll(asking, plant({ kafka: address, registry: address }, source), [
        '--env',
        'prod',
      ])
      expect(leaks).toEqual([])
      expect(codesOf(ran)).toEqual(['broker-unreachable', 'registry-refused'])
    }
    expect([...new Set(sent)]).toEqual([
      basic(user, secrets['.env']),
      basic(user, secrets['the url in the file']),
      `Bearer ${secrets['the token in the file']}`,
    ])
  })

  describe('at a registry that asks for a password', () => {
    /** Our registry behind a proxy that lets in who has the header, and remembers what it was sent. */
    async function guarded(authorization: string) {
      const registry = await startTestRegistry()
      onTestFinished(() => registry.close())
      await registry.call('POST', '/subjects/orders-value/versions', { schema: '"long"' })
      const sent: string[] = []
      const port = await serveHttp((incoming, outgoing) => {
        sent.push(incoming.headers.authorization ?? '')
        const isWelcome = incoming.headers.authorization === authorization
        if (!isWelcome) {
          outgoing
            .writeHead(401, { 'content-type': 'application/json' })
            .end('{"error_code":401,"message":"Unauthorized"}')
          return
        }
        const { method, url, headers } = incoming
        const onward = request(new URL(url!, registry.url), { method, headers, agent: false }, (answer) => {
          outgoing.writeHead(answer.statusCode!, answer.headers)
          answer.pipe(outgoing)
        })
        incoming.pipe(onward)
      })
      return { address: `127.0.0.1:${port}`, sent }
    }
    const asking = lines.filter(({ path }) => /^schemas (list|show|delete)$/.test(path))
    const servers = async (registry: string): Promise<Servers> => ({ kafka: `127.0.0.1:${await freePort()}`, registry })

    test.each([
      ['variables', basic(user, secrets['.env'])],
      ['literals', basic(user, secrets['the url in the file'])],
      ['token', `Bearer ${secrets['the token in the file']}`],
    ] as const)('and gets it from %s', async (source, authorization) => {
      const { address, sent } = await guarded(authorization)
      const { leaks, ran } = await runAll(asking, plant(await servers(address), source), ['--env', 'prod'])
      expect(leaks).toEqual([])
      // all but one find the subject deleted, some also before they could show it
      expect(codesOf(ran).filter((code) => code !== 'subject-missing')).toEqual([])
      expect(ran.filter(({ code }) => code === 0).length).toBeGreaterThanOrEqual(5)
      expect([...new Set(sent)]).toEqual([authorization])
    })
    test('and gets it from the command line', async () => {
      const { address, sent } = await guarded(basic(user, secrets['the command line']))
      const url = `http://${user}:${encodeURIComponent(secrets['the command line'])}@${address}`
      const { leaks, ran } = await runAll(asking, folderWith({}), ['--registry', url])
      expect(leaks).toEqual([])
      expect(ran.filter(({ code }) => code === 0).length).toBeGreaterThanOrEqual(5)
      expect([...new Set(sent)]).toEqual([basic(user, secrets['the command line'])])
    })
    test('and gets another one', async () => {
      const { address } = await guarded(basic(user, 'another one'))
      for (const source of ['variables', 'literals', 'token'] as const) {
        const { leaks, ran } = await runAll(asking, plant(await servers(address), source), ['--env', 'prod'])
        expect(leaks).toEqual([])
        expect(codesOf(ran)).toEqual(['registry-unauthorised'])
      }
    })
  })

  const typed = `http://${user}:${encodeURIComponent(secrets['the command line'])}@127.0.0.1:9`
  test.each([
    ['an option that does not exist', ['schemas', 'list', `--regisrty=${typed}`]],
    ['a word too many', ['schemas', 'list', typed]],
    ['a command that does not exist', ['schemas', typed]],
    ['a command that does not exist at all', [typed]],
    ['a form of output', ['schemas', 'list', '-o', typed]],
    ['a number', ['consume', 'orders', '-n', typed]],
    ['a partition', ['consume', 'orders', '--bootstrap', '127.0.0.1:9', '--partition', typed]],
    ['a place to start', ['consume', 'orders', '--bootstrap', '127.0.0.1:9', '--from', typed]],
    ['an address of a broker', ['topics', 'list', '--bootstrap', typed]],
    ['an address without a scheme', ['schemas', 'list', '--registry', typed.slice('http://'.length)]],
    ['an address of another scheme', ['schemas', 'list', '--registry', typed.replace('http', 'ftp')]],
    ['an address with a space', ['schemas', 'list', '--registry', typed.replace('127', ' 127')]],
    ['an environment', ['plan', '--env', typed]],
    ['a file', ['plan', '-f', typed]],
    ['a folder', ['plan', '-C', typed]],
    ['a shell', ['completion', typed]],
    ['a server', ['logs', typed]],
    ['the name of a platform', ['init', '--name', typed, '--yes']],
  ])('by what is said of a url that was typed in the place of %s', async (_, args) => {
    const cwd = folderWith({ 'platform.yaml': platform() })
    for (const form of args.includes('-o') || args[0] === 'init' ? [[]] : [[], ['-o', 'json']]) {
      const { code, stdout, stderr } = await evplat([...args, ...form], { cwd })
      expect(secretsIn(stdout + stderr, secrets)).toEqual([])
      expect([1, 64, 69]).toContain(code)
    }
  })
})
