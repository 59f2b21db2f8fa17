import { Ajv } from 'ajv'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { serviceFiles } from '../../scaffold/service.ts'
import { starterFiles } from '../../scaffold/starter.ts'
import { settingsSchema } from './editor-schema.ts'
import { type Key, keys } from './keys.ts'

const schema = JSON.parse(settingsSchema()) as { definitions: Record<string, object> }
const accepts = new Ajv({ allErrors: true, allowUnionTypes: true, allowMatchingProperties: true }).compile(schema)

/** Whether editors accept the text; with `app` below a name that is not closed. */
const isAccepted = (yaml: string): boolean => accepts(parse(yaml))

/** A text of YAML with one value, level by level. */
function nested(name: string, value: string): string {
  const parts = name.split('.')
  return parts.map((part, depth) => `${'  '.repeat(depth)}${part}:`).join('\n') + ` ${value}\n`
}

test.each(Object.entries<Key<unknown>>(keys))('%s is known in every way to write it', (name, { kind, isMap }) => {
  const full = isMap ? `${name}.some` : name
  const kebab = full.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  expect(schema.definitions).toHaveProperty([name])
  for (const written of [full, kebab, full.toUpperCase()]) {
    expect(isAccepted(nested(written, `'${kind.example}'`)), written).toBe(true)
    expect(isAccepted(`${written}: '${kind.example}'`), written).toBe(true)
  }
  expect(isAccepted(nested(full, '${SOME_VARIABLE}'))).toBe(true)
  if (kind.isList) expect(isAccepted(nested(full, `['${kind.example}']`))).toBe(true)
  expect(isAccepted(nested(`${name}x`, kind.example))).toBe(false)
})

test.each([
  'server: { prot: 8080 }',
  'sever: { port: 8080 }',
  'server.prot: 8080',
  'server: { port: { a: 1 } }',
  'server: { port: 99999 }',
  'server: [8080]',
  'server: { shutdown: soon }',
  'kafka: { tls: maybe }',
  'kafka: { tls: { cert: a.pem } }',
  'kafka: { bootstrapServers: { a: 1 } }',
  'logging: { format: xml }',
  'logging: { level: { ROOT: loud } }',
  'management: { endpoints: { web: { exposure: { include: [helth] } } } }',
])('%s is underlined', (yaml) => expect(isAccepted(yaml)).toBe(false))

test.each([
  '',
  'server:',
  'app: { anything: [1, { at: all }] }',
  'app.greeting: hello',
  'kafka: { tls: true }',
  'kafka: { tls: { ca: certs/ca.pem } }',
  'logging: { level: INFO }',
  'logging: { level: { listeners.orders: debug, http: WARN } }',
  'producer: { keys: { orders.placed: orderId } }',
  'management: { endpoints.web.exposure.include: "*" }',
  'server: { grace: 0, max-body-size: 1MiB }',
])('%s is fine', (yaml) => expect(isAccepted(yaml)).toBe(true))

test('what is generated is accepted, and names the schema where npm puts it', async () => {
  const asked = { evplat: '1.0.0', library: '1.0.0' }
  const own = { name: 'billing', dir: 'apps/mine/billing', consumes: [], http: true, platform: 'shop', asked }
  const files = [...(await starterFiles('shop', asked, '.')), ...(await serviceFiles(own, '.'))]
  const settings = files.filter(({ path }) => path.endsWith('/application.yaml'))
  expect(settings.map(({ path, content }) => [path, String(content).split('\n')[0]])).toEqual([
    ['services/gateway/application.yaml', `# yaml-language-server: $schema=../../${place}`],
    ['services/audit/application.yaml', `# yaml-language-server: $schema=../../${place}`],
    ['apps/mine/billing/application.yaml', `# yaml-language-server: $schema=../../../${place}`],
  ])
  for (const { path, content } of settings) expect(isAccepted(String(content)), path).toBe(true)
})

const place = 'node_modules/@evplat/service/application.schema.json'
