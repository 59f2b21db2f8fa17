// evplat types, and what verify tells of its files: the real program, its output compared whole.
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { evplat } from '../support/evplat.ts'
import { folderWith, platform, tell, tellEach, writeFiles } from '../support/told.ts'

const order = (type: string): string =>
  JSON.stringify({ type: 'record', name: 'Order', fields: [{ name: 'id', type }] })

const files = {
  'platform.yaml': platform(
    'topics:',
    '  orders: { key: string, value: { schema: order.avsc } }',
    'services:',
    '  shop: { produces: [orders] }',
    '  billing: { dir: apps/billing, consumes: [orders] }',
  ),
  'order.avsc': order('string'),
  'services/shop/package.json': '{}',
}

test('types are written for services that are there, and only where they differ', async () => {
  const cwd = folderWith(files)
  expect(await tellEach([['types', '--check'], ['types'], ['types'], ['types', '--check']], { cwd }))
    .toMatchInlineSnapshot(`
    "$ evplat types --check
    exit 2
    | differs  services/shop/src/generated/types.ts
    | differs  services/shop/src/generated/topics.ts
    service "billing" has no folder "apps/billing": \`evplat new service billing\` writes it

    $ evplat types
    exit 0
    | written  services/shop/src/generated/types.ts
    | written  services/shop/src/generated/topics.ts
    service "billing" has no folder "apps/billing": \`evplat new service billing\` writes it

    $ evplat types
    exit 0
    | all generated files are current
    service "billing" has no folder "apps/billing": \`evplat new service billing\` writes it

    $ evplat types --check
    exit 0
    | all generated files are current
    service "billing" has no folder "apps/billing": \`evplat new service billing\` writes it"
  `)
  expect(existsSync(join(cwd, 'apps'))).toBe(false)
  const path = join(cwd, 'services/shop/src/generated/topics.ts')
  const before = statSync(path)
  writeFiles(cwd, { 'order.avsc': order('long') })
  expect(readFileSync(path, 'utf8')).toContain("{ name: 'id', type: 'string' }")
  await tell(['types'], { cwd })
  expect(readFileSync(path, 'utf8')).toContain("{ name: 'id', type: 'long' }")
  const written = statSync(path)
  expect(written.ino).not.toBe(before.ino)
  await tell(['types'], { cwd })
  expect(statSync(path).ino).toBe(written.ino)
})

test('verify tells generated files that are not current, and nothing of services without them', async () => {
  const cwd = folderWith(files)
  expect(await tell(['verify', '--offline'], { cwd })).toBe('exit 0\n| passed  platform\n| passed  settings')
  await tell(['types'], { cwd })
  expect(await tell(['verify', '--offline'], { cwd })).toBe(
    'exit 0\n| passed  platform\n| passed  settings\n| passed  types',
  )
  writeFiles(cwd, { 'services/shop/src/generated/types.ts': 'export {}\n' })
  expect(await tell(['verify', '--offline'], { cwd })).toMatchInlineSnapshot(`
    "exit 2
    | error[generated-drift]: "services/shop/src/generated/types.ts" of service "shop" is not what platform.yaml and its schemas give
    |   --> platform.yaml:6:3
    | 6 |   shop: { produces: [orders] }
    |   |   ^^^^
    |   = \`evplat types\` writes it
    |
    | passed  platform
    | passed  settings
    | FAILED  types"
  `)
})

test('-o json has every file and the services without a folder', async () => {
  const cwd = folderWith(files)
  const { code, stdout } = await evplat(['types', '--check', '-o', 'json'], { cwd })
  const path = 'services/shop/src/generated'
  expect([code, JSON.parse(stdout)]).toEqual([
    2,
    {
      files: [
        { service: 'shop', path: `${path}/types.ts`, outcome: 'differs' },
        { service: 'shop', path: `${path}/topics.ts`, outcome: 'differs' },
      ],
      missing: [{ service: 'billing', dir: 'apps/billing' }],
    },
  ])
})

test('a platform without services, and one whose folders are not there, have nothing to write', async () => {
  expect(await tell(['types'], { cwd: folderWith({ 'platform.yaml': platform() }) })).toBe(
    'exit 0\n| no service has a folder to write to',
  )
})

test('a folder that stands where a file has to be is told', async () => {
  const cwd = folderWith({ ...files, 'services/shop/src/generated/types.ts/x': '' })
  expect(await tell(['types'], { cwd, hide: { [cwd]: 'FOLDER' } })).toMatchInlineSnapshot(`
    "exit 1
    error[file-unusable]: "FOLDER/services/shop/src/generated/types.ts" can't be used: it is a folder
      try: move out of the way what stands there"
  `)
})
