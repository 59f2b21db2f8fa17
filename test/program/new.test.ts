// evplat new: platform.yaml is extended and what it names is written, or nothing is.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { evplat } from '../support/evplat.ts'
import { folderWith, platform, tell, tellEach, writeFiles } from '../support/told.ts'

const shop = platform(
  '# what happens to orders',
  'topics:',
  '  orders.placed: { key: string, value: json } # by the shop',
  '',
  '  orders.shipped: { value: json }',
  '# who does it',
  'services:',
  '  orders: { port: 8080, produces: [orders.placed] }',
)

function allFiles(folder: string): Record<string, string> {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
  return Object.fromEntries(paths.toSorted().map((path) => [path, readFileSync(join(folder, path), 'utf8')]))
}

/** Tells commands, of which none may have written anything. */
async function refused(yaml: string, ...commands: string[][]): Promise<string> {
  const cwd = folderWith({ 'platform.yaml': yaml })
  const said = await tellEach(commands, { cwd })
  expect(allFiles(cwd)).toEqual({ 'platform.yaml': yaml })
  return said
}

describe('what is written', () => {
  test('a topic, a service and a listener, whole', async () => {
    const cwd = folderWith({ 'platform.yaml': shop })
    const said = await tellEach(
      [
        ['new', 'topic', 'payments.settled', '--partitions', '6', '--value', 'json'],
        [
          'new',
          'service',
          'billing',
          '--consumes',
          'orders.placed',
          '--produces',
          'payments.settled',
          '--http',
          '--evplat',
          '0.1.0',
        ],
        ['new', 'listener', 'orders.shipped', '--service', 'billing'],
        ['new', 'service', 'audit', '--consumes', 'payments.settled', '-o', 'json'],
        ['new', 'topic', 'audit.log', '-o', 'json'],
        ['new', 'listener', 'orders.placed', '--service', 'orders', '-o', 'json'],
        ['verify', '--offline'],
      ],
      { cwd },
    )
    expect(said).toMatchInlineSnapshot(`
      "$ evplat new topic payments.settled --partitions 6 --value json
      exit 0
      | topic payments.settled declared in platform.yaml:8
      |
      | next: \`evplat apply\`

      $ evplat new service billing --consumes orders.placed --produces payments.settled --http --evplat 0.1.0
      exit 0
      | service billing declared in platform.yaml
      |   package.json
      |   services/billing/README.md
      |   services/billing/application.yaml
      |   services/billing/package.json
      |   services/billing/src/generated/topics.ts
      |   services/billing/src/generated/types.ts
      |   services/billing/src/listeners/orders-placed.ts
      |   services/billing/src/main.ts
      |   services/billing/src/routes.ts
      |   services/billing/src/service.test.ts
      |   services/billing/src/service.ts
      |   services/billing/tsconfig.json
      |
      | next: \`evplat dev\`

      $ evplat new listener orders.shipped --service billing
      exit 0
      | service billing listens to orders.shipped: services/billing/src/listeners/orders-shipped.ts
      |
      | next: \`evplat dev\`

      $ evplat new service audit --consumes payments.settled -o json
      exit 0
      | {
      |   "file": "platform.yaml",
      |   "service": {
      |     "name": "audit",
      |     "dir": "services/audit",
      |     "port": 8083,
      |     "consumes": [
      |       "payments.settled"
      |     ],
      |     "produces": []
      |   },
      |   "files": [
      |     "services/audit/README.md",
      |     "services/audit/application.yaml",
      |     "services/audit/package.json",
      |     "services/audit/src/generated/topics.ts",
      |     "services/audit/src/generated/types.ts",
      |     "services/audit/src/listeners/payments-settled.ts",
      |     "services/audit/src/main.ts",
      |     "services/audit/src/service.test.ts",
      |     "services/audit/src/service.ts",
      |     "services/audit/tsconfig.json"
      |   ]
      | }

      $ evplat new topic audit.log -o json
      exit 0
      | {
      |   "file": "platform.yaml",
      |   "topic": {
      |     "name": "audit.log",
      |     "partitions": 1,
      |     "value": {
      |       "kind": "bytes"
      |     }
      |   }
      | }

      $ evplat new listener orders.placed --service orders -o json
      exit 0
      | {
      |   "file": "platform.yaml",
      |   "service": "orders",
      |   "topic": "orders.placed",
      |   "files": [
      |     "services/orders/src/listeners/orders-placed.ts"
      |   ],
      |   "registered": false
      | }

      $ evplat verify --offline
      exit 0
      | passed  platform
      | passed  settings
      | passed  types"
    `)
    const files = allFiles(cwd)
    expect(files['platform.yaml']).toMatchInlineSnapshot(`
      "apiVersion: evplat/v1
      name: shop
      # what happens to orders
      topics:
        orders.placed: { key: string, value: json } # by the shop

        orders.shipped: { value: json }
        payments.settled: { partitions: 6, value: json }
        audit.log: {}
      # who does it
      services:
        orders: { port: 8080, produces: [orders.placed], consumes: [orders.placed] }
        billing: { port: 8082, produces: [payments.settled], consumes: [orders.placed, orders.shipped] }
        audit: { port: 8083, consumes: [payments.settled] }
      "
    `)
    const text = Object.entries(files).map(([path, content]) => `=== ${path}\n${content}`)
    await expect(text.join('')).toMatchFileSnapshot('../golden/new/shop.txt')
  }, 60_000)

  test('schema files are asked for before a topic is declared with them', async () => {
    const schema = '{ "type": "record", "name": "Paid", "namespace": "shop", "fields": [] }\n'
    const cwd = folderWith({ 'platform.yaml': shop, 'schemas/paid.avsc': schema })
    const args = ['new', 'topic', 'orders.paid', '--value', 'schemas/paid.avsc', '-o', 'json']
    const { stdout } = await evplat(args, { cwd })
    expect(JSON.parse(stdout)).toEqual({
      file: 'platform.yaml',
      topic: { name: 'orders.paid', partitions: 1, value: { kind: 'avro', subject: 'orders.paid-value' } },
    })
  })

  test('a service whose code is its own gets the lines told', async () => {
    const own = { 'services/orders/src/service.ts': 'export const mine = 1\n', 'services/orders/tsconfig.json': '{}\n' }
    const cwd = folderWith({ 'platform.yaml': shop, ...own })
    expect(await tell(['new', 'listener', 'orders.shipped', '--service', 'orders'], { cwd })).toMatchInlineSnapshot(`
      "exit 0
      | service orders listens to orders.shipped: services/orders/src/listeners/orders-shipped.ts
      |
      | add to services/orders/src/service.ts:
      |   import { ordersShipped } from './listeners/orders-shipped.ts'
      |   'orders.shipped': ordersShipped, // under listeners
      |
      | next: \`evplat dev\`"
    `)
    expect(allFiles(cwd)['services/orders/src/service.ts']).toBe('export const mine = 1\n')
  })
})

describe('spans of a service', () => {
  test('are recorded by a file, packages and two lines; what is there stays', async () => {
    const cwd = folderWith({ 'platform.yaml': shop })
    const said = await tellEach(
      [
        ['new', 'service', 'billing', '--evplat', '0.1.0', '-o', 'json'],
        ['new', 'tracing', 'billing'],
        ['new', 'tracing', 'billing'],
        ['new', 'tracing', 'billing', '-o', 'json'],
      ],
      { cwd },
    )
    expect(said.slice(said.indexOf('$ evplat new tracing'))).toMatchInlineSnapshot(`
      "$ evplat new tracing billing
      exit 0
      | service billing records spans
      |   services/billing/src/tracing.ts
      |   services/billing/package.json
      |   services/billing/src/main.ts
      |
      | next: \`npm install\`, then \`evplat dev\`

      $ evplat new tracing billing
      exit 0
      | service billing has all of it already

      $ evplat new tracing billing -o json
      exit 0
      | {
      |   "service": "billing",
      |   "files": [],
      |   "registered": true
      | }"
    `)
    const files = allFiles(cwd)
    expect(files['services/billing/src/main.ts']).toMatchInlineSnapshot(`
      "import { traced } from './tracing.ts'
      import { run } from '@evplat/service'
      import { service } from './service.ts'

      await run(traced(service))
      "
    `)
    expect(files['services/billing/package.json']).toMatchInlineSnapshot(`
      "{
        "name": "@shop/billing",
        "version": "0.0.0",
        "private": true,
        "type": "module",
        "scripts": {
          "start": "node --import @evplat/service/typescript src/main.ts",
          "test": "node --import @evplat/service/typescript --test src/*.test.ts",
          "types": "tsc"
        },
        "dependencies": {
          "@evplat/service": "0.1.0",
          "@opentelemetry/api": "1.9.1",
          "@opentelemetry/exporter-trace-otlp-http": "0.223.0",
          "@opentelemetry/resources": "2.12.0",
          "@opentelemetry/sdk-trace-node": "2.12.0",
          "fastify": "5.12.8",
          "pino": "10.4.0",
          "prom-client": "15.1.3"
        },
        "devDependencies": {
          "@types/node": "20.19.43",
          "esbuild": "0.28.2",
          "evplat": "0.1.0",
          "typescript": "7.0.2"
        },
        "engines": {
          "node": ">=20.19"
        }
      }
      "
    `)
    expect(files['services/billing/src/tracing.ts']).toBe(readFileSync('templates/tracing/src/tracing.ts', 'utf8'))
    const { files: remembered } = JSON.parse(files['.evplat/manifest.json']!) as { files: Record<string, object> }
    expect(remembered['services/billing/src/tracing.ts']).toMatchObject({ ownership: 'once', template: 'tracing' })
  })

  test('what its author has made of it is not touched', async () => {
    const cwd = folderWith({
      'platform.yaml': shop,
      'services/orders/package.json':
        '{\n\t"dependencies": { "@evplat/service": "1", "@opentelemetry/api": "1.9.0" }\n}',
      'services/orders/src/main.ts': 'await run(service, 1)\n',
    })
    expect(await tell(['new', 'tracing', 'orders'], { cwd })).toMatchInlineSnapshot(`
      "exit 0
      | service orders can record spans
      |   services/orders/src/tracing.ts
      |   services/orders/package.json
      |
      | add to services/orders/src/main.ts:
      |   import { traced } from './tracing.ts'
      |   await run(traced(service))
      |
      | next: \`npm install\`, then \`evplat dev\`"
    `)
    const files = allFiles(cwd)
    expect(files['services/orders/package.json']).toMatchInlineSnapshot(`
      "{
      	"dependencies": {
      		"@evplat/service": "1",
      		"@opentelemetry/api": "1.9.0",
      		"@opentelemetry/exporter-trace-otlp-http": "0.223.0",
      		"@opentelemetry/resources": "2.12.0",
      		"@opentelemetry/sdk-trace-node": "2.12.0"
      	}
      }"
    `)
    expect(files['services/orders/src/main.ts']).toBe('await run(service, 1)\n')
  })

  test('are refused where there is nothing that records them', async () => {
    const cwd = folderWith({
      'platform.yaml': shop,
      'services/orders/package.json': '{ "name": "@evplat/service", }',
      'services/orders/src/tracing.ts': 'export const mine = 1\n',
    })
    const commands = [
      ['new', 'tracing', 'order'],
      ['new', 'tracing', 'orders'],
    ]
    const before = allFiles(cwd)
    const said = await tellEach(commands, { cwd })
    const again = async (path: string, text: string): Promise<string> => {
      writeFiles(cwd, { [path]: text })
      return tell(['new', 'tracing', 'orders'], { cwd })
    }
    const others = [
      await again('services/orders/package.json', '{}'),
      await again('services/orders/package.json', '{ "dependencies": { "@evplat/service": "1" } }'),
    ]
    expect([said.replace(/(no JSON: ).*/, '$1...'), ...others].join('\n\n')).toMatchInlineSnapshot(`
      "$ evplat new tracing order
      exit 1
      error[not-declared]: "platform.yaml" declares no service "order"
        try: did you mean "orders"?

      $ evplat new tracing orders
      exit 1
      error[bad-input]: "services/orders/package.json" is no JSON: ...
        try: mend it: the packages of OpenTelemetry are added there

      exit 64
      error[usage]: service "orders" has no spans to record: "services/orders/package.json" asks for no @evplat/service
        try: \`evplat new service NAME\` writes a service on it

      exit 1
      error[would-overwrite]: "services/orders/src/tracing.ts" is there already, and not as evplat writes it; nothing was written
        try: give it another name, then \`evplat new tracing orders\`"
    `)
    const packages = 'services/orders/package.json'
    expect({ ...allFiles(cwd), [packages]: '' }).toEqual({ ...before, [packages]: '' })
  })
})

describe('a service without a library of evplat', () => {
  test("is written whole, and its listeners are its author's matter", async () => {
    const cwd = folderWith({ 'platform.yaml': shop })
    const said = await tellEach(
      [
        [
          'new',
          'service',
          'courier',
          '--template',
          'plain',
          '--consumes',
          'orders.placed',
          '--produces',
          'orders.shipped',
        ],
        ['new', 'listener', 'orders.shipped', '--service', 'courier'],
        ['types', '--check'],
        ['new', 'service', 'other', '--template', 'plain', '--evplat', '1.2.3'],
        ['new', 'service', 'other', '--template', 'bare'],
        ['new', 'service', 'other', '--evplat', 'https://example.org/evplat.tgz'],
      ],
      { cwd },
    )
    expect(said).toMatchInlineSnapshot(`
      "$ evplat new service courier --template plain --consumes orders.placed --produces orders.shipped
      exit 0
      | service courier declared in platform.yaml
      |   package.json
      |   services/courier/README.md
      |   services/courier/jsconfig.json
      |   services/courier/package.json
      |   services/courier/src/listeners.js
      |   services/courier/src/main.js
      |   services/courier/src/routes.js
      |   services/courier/src/server.js
      |   services/courier/src/service.test.js
      |   services/courier/src/settings.js
      |   services/courier/src/topics.js
      |   services/courier/src/values.js
      |
      | next: \`evplat dev\`

      $ evplat new listener orders.shipped --service courier
      exit 0
      | service courier listens to orders.shipped
      |
      | add to services/courier:
      |   what it does with an event of orders.shipped
      |
      | next: \`evplat dev\`

      $ evplat types --check
      exit 0
      | no service has a folder to write to
      | passed over: "courier", for "services/courier" has no tsconfig.json
      service "orders" has no folder "services/orders": \`evplat new service orders\` writes it

      $ evplat new service other --template plain --evplat 1.2.3
      exit 64
      error[usage]: a service of the template "plain" asks for no version of evplat
        try: leave --evplat out, or --template

      $ evplat new service other --template bare
      exit 64
      error[usage]: --template takes service or plain, not "bare"

      $ evplat new service other --evplat https://example.org/evplat.tgz
      exit 64
      error[usage]: "https://example.org/evplat.tgz" is no version of evplat
        try: for example --evplat 1.2.3"
    `)
    const { 'services/courier/src/topics.js': topics, 'package.json': root, 'platform.yaml': yaml } = allFiles(cwd)
    expect(JSON.parse(root!)).not.toHaveProperty('dependencies')
    expect(topics).toMatchInlineSnapshot(`
      "// The topics of this service, and how their events are written. platform.yaml says the same: change both.

      /**
       * @typedef {{ kind: 'string' | 'json' | 'bytes' } | { kind: 'avro', subject: string }} Format
       * @typedef {{ key: Format, value: Format }} Topic
       */

      export const group = 'courier'

      /** @type {Readonly<Record<string, Topic>>} */
      export const topics = {
        'orders.placed': { key: { kind: 'string' }, value: { kind: 'json' } },
        'orders.shipped': { key: { kind: 'bytes' }, value: { kind: 'json' } },
      }

      /** The first of them takes what is posted without the name of a topic. */
      export const produced = ['orders.shipped']
      "
    `)
    expect(yaml).toContain(
      'courier: { port: 8082, produces: [orders.shipped], consumes: [orders.placed, orders.shipped] }',
    )
  })

  test('carries the packages of evplat where the root asks for none of them', async () => {
    const cwd = folderWith({ 'platform.yaml': shop, 'package.json': '{ "private": true }' })
    const { stdout } = await evplat(['new', 'service', 'billing', '-o', 'json'], { cwd })
    const { files } = JSON.parse(stdout) as { files: string[] }
    const vendored = files.filter((path) => path.startsWith('vendor/'))
    expect(vendored).toEqual([
      expect.stringMatching(/^vendor\/evplat-\d.*\.tgz$/),
      expect.stringMatching(/^vendor\/evplat-service-\d.*\.tgz$/),
    ])
    const { dependencies } = JSON.parse(readFileSync(join(cwd, 'services/billing/package.json'), 'utf8')) as {
      dependencies: Record<string, string>
    }
    expect(dependencies['@evplat/service']).toBe(`file:../../${vendored[1]}`)
    expect(readFileSync(join(cwd, 'package.json'), 'utf8')).toBe('{ "private": true }')
  })
})

describe('what is refused, with nothing written', () => {
  test('a package.json that is none', async () => {
    const cwd = folderWith({ 'platform.yaml': shop, 'package.json': '{' })
    const said = await tell(['new', 'service', 'billing'], { cwd, hide: { [cwd]: 'HERE' } })
    expect(said).toContain('error[bad-input]: "HERE/package.json" is no JSON: ')
    expect(allFiles(cwd)).toEqual({ 'platform.yaml': shop, 'package.json': '{' })
  })

  test('names that are none', async () => {
    expect(
      await refused(
        shop,
        ['new', 'topic', 'a b'],
        ['new', 'service', 'Billing'],
        ['new', 'topic', 'x', '--value', 'xml'],
      ),
    ).toMatchInlineSnapshot(`
      "$ evplat new topic a b
      exit 64
      error[usage]: the topic "a b" has " " in it, and Kafka takes letters, digits, ".", "_" and "-" only
        try: \`evplat new topic orders.placed\`

      $ evplat new service Billing
      exit 64
      error[usage]: "Billing" is no name for a service
        try: small letters, digits and dashes, a letter first: \`evplat new service billing\`

      $ evplat new topic x --value xml
      exit 64
      error[usage]: --value takes string, json, bytes or a file that ends in .avsc, not "xml""
    `)
  })

  test('what is there already', async () => {
    expect(
      await refused(
        shop,
        ['new', 'topic', 'orders.placed'],
        ['new', 'service', 'orders'],
        ['new', 'topic', 'orders_placed'],
      ),
    ).toMatchInlineSnapshot(`
      "$ evplat new topic orders.placed
      exit 1
      error[already-declared]: the topic "orders.placed" is declared already: platform.yaml:5
        try: change it there, and look at \`evplat plan\`

      $ evplat new service orders
      exit 1
      error[already-declared]: the service "orders" is declared already: platform.yaml:10
        try: \`evplat new listener TOPIC --service orders\` lets it read one more topic

      $ evplat new topic orders_placed
      exit 1
      error[platform-invalid]: "platform.yaml" would have errors with it; nothing was written

      error[topic-name-clash]: Kafka cannot keep the topics "orders_placed" and "orders.placed" apart
        --> platform.yaml:8:3
      8 |   orders_placed: {}
        |   ^^^^^^^^^^^^^
        = name one of them differently: "." and "_" are the same to Kafka's metrics; the other stands in line 5"
    `)
  })

  test('what is not declared', async () => {
    expect(
      await refused(
        shop,
        ['new', 'service', 'billing', '--consumes', 'orders.place'],
        ['new', 'listener', 'payments', '--service', 'orders'],
        ['new', 'listener', 'orders.placed', '--service', 'order'],
        ['new', 'listener', 'orders.placed'],
      ),
    ).toMatchInlineSnapshot(`
      "$ evplat new service billing --consumes orders.place
      exit 1
      error[not-declared]: "platform.yaml" declares no topic "orders.place"
        try: did you mean "orders.placed"?

      $ evplat new listener payments --service orders
      exit 1
      error[not-declared]: "platform.yaml" declares no topic "payments"
        try: \`evplat new topic payments\`

      $ evplat new listener orders.placed --service order
      exit 1
      error[not-declared]: "platform.yaml" declares no service "order"
        try: did you mean "orders"?

      $ evplat new listener orders.placed
      exit 64
      error[usage]: the service that listens is missing
        try: \`evplat new listener orders.placed --service NAME\`"
    `)
  })

  test('a topic that the service reads already', async () => {
    const yaml = shop.replace('produces: [orders.placed]', 'consumes: [orders.placed]')
    expect(await refused(yaml, ['new', 'listener', 'orders.placed', '--service', 'orders'])).toMatchInlineSnapshot(`
      "$ evplat new listener orders.placed --service orders
      exit 1
      error[already-declared]: service "orders" consumes "orders.placed" already
        try: its listener stands in services/orders/src/service.ts"
    `)
  })

  test('an edit that would make the file invalid', async () => {
    expect(await refused(shop, ['new', 'topic', 'x', '--value', 'schemas/x.avsc'])).toMatchInlineSnapshot(`
      "$ evplat new topic x --value schemas/x.avsc
      exit 1
      error[platform-invalid]: "platform.yaml" would have errors with it; nothing was written

      error[file-missing]: the schema file "schemas/x.avsc" does not exist
        --> platform.yaml:8:25
      8 |   x: { value: { schema: schemas/x.avsc } }
        |                         ^^^^^^^^^^^^^^
        = paths start at the folder of the platform"
    `)
  })

  test('a file that is invalid before it', async () => {
    expect(await refused(`${shop}owner: me\n`, ['new', 'topic', 'x'])).toMatchInlineSnapshot(`
      "$ evplat new topic x
      exit 1
      error[platform-invalid]: platform.yaml has an error

      error[unknown-key]: "owner" is not a key of the platform
        --> platform.yaml:11:1
      11 | owner: me
         | ^^^^^
        = known keys: apiVersion, name, stack, environments, owns, topicDefaults, topics, schemas, services, policies"
    `)
  })

  test('a folder in which a file is there already', async () => {
    const cwd = folderWith({ 'platform.yaml': shop, 'services/billing/README.md': 'mine\n' })
    expect(await tell(['new', 'service', 'billing'], { cwd, hide: { [cwd]: 'HERE' } })).toMatchInlineSnapshot(`
      "exit 1
      error[would-overwrite]: HERE has services/billing/README.md already; nothing was written
        try: choose another folder: \`evplat init DIR\`"
    `)
    expect(allFiles(cwd)).toEqual({ 'platform.yaml': shop, 'services/billing/README.md': 'mine\n' })
  })

  test('a map that is written by an alias', async () => {
    const yaml = platform(
      'topics: { a: {}, b: {} }',
      'services: { s: { consumes: &list [a] }, t: { consumes: *list } }',
    )
    expect(await refused(yaml, ['new', 'listener', 'b', '--service', 't'])).toMatchInlineSnapshot(`
      "$ evplat new listener b --service t
      exit 1
      error[platform-not-editable]: "platform.yaml" can't be extended here: "services.t.consumes" is not a plain list
        try: write the entry by hand, then check it: \`evplat verify --offline\`"
    `)
  })
})
