// `@evplat/service` as services have it: small, without install scripts, with types that a strict compiler takes.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { vendoredPackages } from '../../src/scaffold/vendor.ts'
import { block } from '../support/block.ts'
import { plainEnv, temporaryFolder } from '../support/evplat.ts'
import { type Packed, installInto, installedIn, packPackages } from '../support/packed.ts'

const read = (path: string): Record<string, Record<string, string>> => JSON.parse(readFileSync(path, 'utf8'))
const installScripts = ['preinstall', 'install', 'postinstall']

let packed: Packed
/** the production install of a generated service */
const folder = mkdtempSync(join(tmpdir(), 'evplat-service-'))
let installed: ReturnType<typeof installedIn>

beforeAll(() => {
  packed = packPackages()
  const { dependencies } = read('templates/service/package.json.ejs')
  const asked = { ...dependencies, '@evplat/service': `file:${packed.service}` }
  installInto(folder, { dependencies: asked, devDependencies: { evplat: `file:${packed.evplat}` } }, '--omit=dev')
  installed = installedIn(folder)
  installInto(folder, { dependencies: asked, devDependencies: { evplat: `file:${packed.evplat}` } })
  // what a generated service has among its dev dependencies: the types of Node, and what takes types out of TypeScript on old ones
  for (const name of ['@types/node', 'undici-types', 'esbuild', '@esbuild'])
    cpSync(resolve('node_modules', name), join(folder, 'node_modules', name), { recursive: true })
  mkdirSync(join(folder, 'src'))
}, 120_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const service = block`
  import { type Topic, defineService } from '@evplat/service'

  const topics = {
    'orders.placed': {
      key: { kind: 'string' },
      value: { kind: 'json' },
      produced: true,
      consumed: true,
    } as Topic<string, { readonly id: string; readonly cents: number }>,
  }

  export const service = defineService({
    service: { name: 'orders', group: 'orders' },
    topics,
    listeners: {
      'orders.placed': async (order, { log, producer, attempt }) => {
        const cents: number = order.cents
        log.info({ cents, attempt }, 'placed')
        if (cents > 1) await producer.send('orders.placed', { id: order.id, cents: 1 }, { key: order.id })
      },
    },
    http: (app, { producer }) => {
      app.post('/again', async () => producer.send('orders.placed', { id: 'a', cents: 1 }))
    },
  })
`

const serviceTest = block`
  import assert from 'node:assert/strict'
  import { test } from 'node:test'
  import { startService } from 'evplat/testing'
  import { service } from './service.ts'

  test('an order that is placed again', async () => {
    const started = await startService(service)
    try {
      await started.send('orders.placed', { id: 'a', cents: 2 })
      await started.handled('orders.placed')
      const again = await fetch(started.url + '/again', { method: 'POST' })
      const { topic }: { topic: string } = await again.json()
      assert.deepEqual([again.status, topic], [200, 'orders.placed'])
      const [first] = await started.events('orders.placed')
      const cents: number = first!.value.cents
      assert.equal(cents, 2)
    } finally {
      await started.stop()
    }
  })
`

describe('the package', () => {
  test('is the same bytes from a clone and from an installation of evplat', async () => {
    const user = installInto(temporaryFolder(), { devDependencies: { evplat: `file:${packed.evplat}` } })
    const { evplat, service } = await vendoredPackages(join(user, 'node_modules/evplat'))
    expect([evplat.file, service.file]).toEqual([basename(packed.evplat), basename(packed.service)])
    expect(evplat.content.equals(readFileSync(packed.evplat))).toBe(true)
    expect(service.content.equals(readFileSync(packed.service))).toBe(true)
  })

  test('asks for the peers that evplat is tested with', () => {
    const { devDependencies } = read('package.json')
    const { peerDependencies } = read('src/service/manifest.json')
    const { dependencies } = read('templates/service/package.json.ejs')
    const pinned = Object.keys(peerDependencies!).map((name) => [name, devDependencies![name]!] as const)
    expect(Object.entries(peerDependencies!)).toEqual(pinned.map(([name, version]) => [name, `^${version}`]))
    expect(Object.entries(dependencies!).slice(1)).toEqual(pinned)
  })

  test('installs small, runs no scripts, and brings nothing that a service does not run', () => {
    const { packages, bytes } = installed
    const names = packages.map(({ name }) => name)
    expect(names).toContain('@evplat/service')
    expect(names.filter((name) => /^(dockerode|kafkajs|avsc|zod|yaml|esbuild|typescript|evplat)$/.test(name))).toEqual(
      [],
    )
    expect(packages.filter(({ scripts }) => scripts.some((script) => installScripts.includes(script)))).toEqual([])
    expect(packages.length).toBeLessThanOrEqual(60)
    expect(bytes).toBeLessThan(16 * 1024 * 1024)
    process.stdout.write(`a service's production install: ${packages.length} packages, ${bytes} bytes\n`)
  })

  test('has the licences of what is inside, and no dependencies but peers', () => {
    const own = join(folder, 'node_modules/@evplat/service')
    const manifest = read(join(own, 'package.json'))
    expect(Object.keys(manifest).filter((key) => /dependencies|scripts/i.test(key))).toEqual(['peerDependencies'])
    expect(readFileSync(join(own, 'LICENSE'), 'utf8')).toBe(readFileSync('LICENSE', 'utf8'))
  })
})

describe('a service on it', () => {
  function compile(text: string, file = 'src/service.ts'): string {
    writeFileSync(join(folder, 'src/service.ts'), text)
    const options =
      '--noEmit --strict --skipLibCheck false --exactOptionalPropertyTypes --module nodenext --target es2023 --types node'
    const args = [
      ...options.split(' '),
      '--typeRoots',
      resolve('node_modules/@types'),
      '--allowImportingTsExtensions',
      file,
    ]
    const compiler = resolve('node_modules/typescript/bin/tsc')
    return spawnSync(process.execPath, [compiler, ...args], { cwd: folder, encoding: 'utf8' }).stdout
  }

  test('compiles strictly, libraries and all, and is refused what its topics do not have', () => {
    expect(compile(service)).toBe('')
    writeFileSync(join(folder, 'src/service.test.ts'), serviceTest)
    expect(compile(service, 'src/service.test.ts')).toBe('')
    expect(compile(service.replace('order.cents', 'order.euros'))).toContain("Property 'euros' does not exist")
    expect(compile(service.replace("'orders.placed': async", "'orders.paid': async"))).toContain("'orders.paid'")
    expect(compile(service.replace("{ id: 'a', cents: 1 }", "{ id: 'a' }"))).toContain("Property 'cents' is missing")
  })

  test('runs as TypeScript on this Node, in a test with a broker of its own', () => {
    writeFileSync(join(folder, 'src/service.ts'), service)
    writeFileSync(join(folder, 'src/service.test.ts'), serviceTest)
    const args = ['--import', '@evplat/service/typescript', '--test', '--test-reporter', 'tap', 'src/service.test.ts']
    const ran = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', env: plainEnv(), timeout: 50_000 })
    expect([ran.status, ran.stderr], ran.stdout).toEqual([0, ''])
    expect(ran.stdout).toContain('# pass 1\n')
  })
})
