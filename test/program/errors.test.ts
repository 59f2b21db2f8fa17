// What bad input gets, where no cluster is needed: every text whole, as a user reads it. Beside it stand errors-stack.test.ts,
// test/hostile/errors-network.test.ts and, with a real Kafka, those in test/kafka/; test/house/errors.test.ts says whether a code is missing.
import { describe, expect, test } from 'vitest'
import { evplat } from '../support/evplat.ts'
import { folderWith, platform, tell } from '../support/told.ts'

const topic = platform('topics:', '  orders.placed: { partitions: 3 }')

/** What `evplat plan` tells of a platform.yaml, and of the files beside it. */
async function plan(yaml: string, files: Readonly<Record<string, string>> = {}): Promise<string> {
  return tell(['plan'], { cwd: folderWith({ 'platform.yaml': yaml, ...files }) })
}

const order = (fields: string): string =>
  `{ "type": "record", "name": "Order", "namespace": "shop", "fields": [${fields}] }\n`
const withSchema = platform(
  'topics:',
  '  orders: { value: { schema: schemas/order.avsc } }',
  'schemas: { dir: schemas }',
)

describe('the command line', () => {
  test('an unknown option', async () => {
    expect(await tell(['plan', '--detailled-exitcode'])).toMatchInlineSnapshot(`
      "exit 64
      error[usage]: unknown option --detailled-exitcode
        try: did you mean "--detailed-exitcode"? See \`evplat plan --help\`"
    `)
  })
  test('an unknown command', async () => {
    expect(await tell(['aply'])).toMatchInlineSnapshot(`
      "exit 64
      error[usage]: unknown command "aply"
        try: did you mean "apply"? See \`evplat --help\`"
    `)
  })
  test('a value that is none of the choices', async () => {
    expect(await tell(['init', '--brokers', '2'])).toMatchInlineSnapshot(`
      "exit 64
      error[usage]: --brokers takes 1 or 3, not "2""
    `)
  })
  test('an option that the runtime does not have', async () => {
    expect(await tell(['init', '--runtime', 'embedded', '--brokers', '3'])).toMatchInlineSnapshot(`
      "exit 64
      error[usage]: the embedded runtime has no --brokers: it is one broker that speaks Kafka 3.9
        try: leave --brokers out, or take --runtime docker or native"
    `)
  })
  test('an address that is none', async () => {
    expect(await tell(['topics', 'list', '--bootstrap', 'kafka'])).toMatchInlineSnapshot(`
      "exit 64
      error[usage]: "kafka" is not an address
        try: write it as HOST:PORT"
    `)
  })
  test('a registry that is no URL, with a password that is not shown', async () => {
    expect(await tell(['schemas', 'list', '--registry', 'me:pass@registry:8081'])).toMatchInlineSnapshot(`
      "exit 64
      error[usage]: the address of the registry, "registry:8081", is no http or https url
        try: write it as http://host:port, as in \`evplat schemas list --registry http://127.0.0.1:8081\`"
    `)
  })
  test('a name that no platform can have', async () => {
    expect(await tell(['init', 'x', '--name', 'My Shop'])).toMatchInlineSnapshot(`
      "exit 64
      error[usage]: "My Shop" is no name for a platform
        try: small letters, digits and dashes, a letter first: --name my-shop"
    `)
  })
  test('a command that needs a registry, without one', async () => {
    expect(await tell(['schemas', 'list', '--bootstrap', '127.0.0.1:1'])).toMatchInlineSnapshot(`
      "exit 64
      error[usage]: no Schema Registry is named
        try: name it with --registry URL, or as \`registry\` of the environment in platform.yaml"
    `)
  })
  test('a Kafka of another version', async () => {
    const cwd = folderWith({ 'platform.yaml': platform('stack:', '  runtime: native', '  kafka: { version: "3.7" }') })
    expect(await tell(['up'], { cwd })).toMatchInlineSnapshot(`
      "exit 64
      error[not-in-this-version]: the native runtime has no Kafka 3.7 in this version
        --> platform.yaml:5:21
        try: set \`stack.kafka.version\` in platform.yaml to "3.9" or "4.3""
    `)
  })
  test('a question without a terminal', async () => {
    const cwd = folderWith({ 'platform.yaml': topic })
    expect(await tell(['apply'], { cwd })).toMatchInlineSnapshot(`
      "exit 64
      error[needs-terminal]: apply asks before it changes anything, and there is no terminal
        try: look at \`evplat plan\`, then \`evplat apply --yes\`"
    `)
  })
  test('an environment that is not declared', async () => {
    const cwd = folderWith({ 'platform.yaml': topic })
    expect(await tell(['plan', '--env', 'locl'], { cwd })).toMatchInlineSnapshot(`
      "exit 64
      error[unknown-environment]: "platform.yaml" declares no environment "locl"
        try: did you mean "local"? It declares local"
    `)
    expect(await tell(['plan', '--env', 'production'], { cwd })).toMatchInlineSnapshot(`
      "exit 64
      error[unknown-environment]: "platform.yaml" declares no environment "production"
        try: it declares local"
    `)
  })
  test('a topic of the cluster itself is to be deleted', async () => {
    expect(await tell(['topics', 'delete', '__consumer_offsets', '--bootstrap', '127.0.0.1:1'])).toMatchInlineSnapshot(`
      "exit 3
      error[protected]: topic "__consumer_offsets" belongs to the cluster itself and is not deleted by evplat"
    `)
  })
  test('deleting where a policy forbids it', async () => {
    const yaml = platform(
      'environments:',
      '  prod: { kafka: { bootstrap: ["127.0.0.1:1"] }, registry: { url: "http://127.0.0.1:1" } }',
      'policies:',
      '  - { rule: no-deletes, environments: [prod] }',
    )
    const cwd = folderWith({ 'platform.yaml': yaml })
    expect(await tell(['topics', 'delete', 'a', '--env', 'prod', '--yes'], { cwd })).toMatchInlineSnapshot(`
      "exit 3
      error[protected]: the policy no-deletes forbids deleting in prod
        --> platform.yaml:6:5
        try: change the policy there, if deleting is meant"
    `)
    expect(await tell(['schemas', 'delete', 'a', '--env', 'prod', '--yes'], { cwd })).toMatchInlineSnapshot(`
      "exit 3
      error[protected]: the policy no-deletes forbids deleting in prod
        --> platform.yaml:6:5
        try: change the policy there, if deleting is meant"
    `)
  })
})

describe('files', () => {
  test('there is no platform.yaml', async () => {
    expect(await tell(['plan'], { cwd: folderWith({}) })).toMatchInlineSnapshot(`
      "exit 1
      error[platform-missing]: there is no "platform.yaml" here
        try: start one with \`evplat init\`, or name another file with \`-f\`"
    `)
  })
  test('platform.yaml is a folder', async () => {
    const cwd = folderWith({ 'platform.yaml/x': '' })
    expect(await tell(['plan'], { cwd })).toMatchInlineSnapshot(`
      "exit 1
      error[platform-unreadable]: "platform.yaml" is a folder
        try: name the file in it with \`-f\`"
    `)
  })
  test('what init would write is there', async () => {
    const cwd = folderWith({ 'platform.yaml': topic })
    expect(await tell(['init'], { cwd, hide: { [cwd]: 'FOLDER' } })).toMatchInlineSnapshot(`
      "exit 1
      error[would-overwrite]: FOLDER has platform.yaml already; nothing was written
        try: choose another folder: \`evplat init DIR\`"
    `)
  })
  test('the folder for init is a file', async () => {
    const cwd = folderWith({ shop: '' })
    expect(await tell(['init', 'shop'], { cwd, hide: { [cwd]: 'FOLDER' } })).toMatchInlineSnapshot(`
      "exit 1
      error[file-unusable]: "FOLDER/shop" can't be used: something else has that name
        try: move out of the way what stands there"
    `)
    expect(await tell(['init', 'shop/deeper'], { cwd, hide: { [cwd]: 'FOLDER' } })).toMatchInlineSnapshot(`
      "exit 1
      error[file-unusable]: "FOLDER/shop/deeper" can't be used: a part of its path is not a folder
        try: move out of the way what stands there"
    `)
  })
})

describe('platform.yaml', () => {
  test('broken YAML', async () => {
    expect(await plan(platform('topics: { orders: { partitions: 3 }'))).toMatchInlineSnapshot(`
      "exit 1
      error[platform-invalid]: platform.yaml has an error

      error[yaml-syntax]: a closing quote or bracket, or a comma, is missing
        --> platform.yaml:3:36
      3 | topics: { orders: { partitions: 3 }
        |                                    ^
        = close it here, or on a line before"
    `)
  })
  test('a tab', async () => {
    expect(await plan(platform('topics:', '\torders: {}'))).toMatchInlineSnapshot(`
      "exit 1
      error[platform-invalid]: platform.yaml has an error

      error[yaml-syntax]: a tab indents this line
        --> platform.yaml:4:1
      4 |  orders: {}
        | ^
        = indent with spaces"
    `)
  })
  test('wrong types and unknown keys, all at once', async () => {
    expect(
      await plan(platform('topics:', '  orders: { partitions: many, replicas: 3 }', '  payments: [1]', 'services: 7')),
    ).toMatchInlineSnapshot(`
      "exit 1
      error[platform-invalid]: platform.yaml has 4 errors

      error[invalid-value]: "partitions" must be a whole number from 1 to 1000000, not "many"
        --> platform.yaml:4:25
      4 |   orders: { partitions: many, replicas: 3 }
        |                         ^^^^
        = for example \`partitions: 6\`

      error[unknown-key]: "replicas" is not a key of "orders"
        --> platform.yaml:4:31
      4 |   orders: { partitions: many, replicas: 3 }
        |                               ^^^^^^^^
        = known keys: owner, partitions, replication, config, key, value, external

      error[invalid-value]: "payments" must be a map, not a list
        --> platform.yaml:5:3
      5 |   payments: [1]
        |   ^^^^^^^^
        = known keys: owner, partitions, replication, config, key, value, external

      error[invalid-value]: "services" must be a map, not "7"
        --> platform.yaml:6:11
      6 | services: 7
        |           ^
        = for example \`services: { NAME: ... }\`"
    `)
  })
  test('partitions 0', async () => {
    expect(await plan(platform('topics:', '  orders: { partitions: 0 }'))).toMatchInlineSnapshot(`
      "exit 1
      error[platform-invalid]: platform.yaml has an error

      error[invalid-value]: "partitions" must be a whole number from 1 to 1000000, not "0"
        --> platform.yaml:4:25
      4 |   orders: { partitions: 0 }
        |                         ^
        = for example \`partitions: 6\`"
    `)
  })
  test('an unknown topic config', async () => {
    const cwd = folderWith({ 'platform.yaml': platform('topics:', '  orders: { config: { retention.msec: 7d } }') })
    expect(await tell(['verify', '--offline'], { cwd })).toMatchInlineSnapshot(`
      "exit 0
      | warning[unknown-topic-config]: "retention.msec" is not a config of a topic in Kafka
      |   --> platform.yaml:4:23
      | 4 |   orders: { config: { retention.msec: 7d } }
      |   |                       ^^^^^^^^^^^^^^
      |   = did you mean "retention.ms"?
      |
      | passed  platform
      | passed  settings"
    `)
  })
  test('a config with a value that Kafka refuses', async () => {
    expect(await plan(platform('topics:', '  orders: { config: { cleanup.policy: remove } }'))).toMatchInlineSnapshot(`
      "exit 1
      error[platform-invalid]: platform.yaml has an error

      error[invalid-topic-config]: "cleanup.policy" must be one of compact, delete, not "remove"
        --> platform.yaml:4:39
      4 |   orders: { config: { cleanup.policy: remove } }
        |                                       ^^^^^^
        = Kafka's default is \`delete\`"
    `)
  })
  test('names that Kafka can not keep apart', async () => {
    expect(await plan(platform('topics:', '  a.b: {}', '  a_b: {}'))).toMatchInlineSnapshot(`
      "exit 1
      error[platform-invalid]: platform.yaml has an error

      error[topic-name-clash]: Kafka cannot keep the topics "a_b" and "a.b" apart
        --> platform.yaml:5:3
      5 |   a_b: {}
        |   ^^^
        = name one of them differently: "." and "_" are the same to Kafka's metrics; the other stands in line 4"
    `)
  })
  test('a variable without a value', async () => {
    const yaml = platform('environments:', '  prod: { kafka: { bootstrap: ["${BROKERS}"] } }')
    const cwd = folderWith({ 'platform.yaml': yaml })
    expect(await tell(['plan', '--env', 'prod'], { cwd })).toMatchInlineSnapshot(`
      "exit 1
      error[platform-invalid]: platform.yaml has an error

      error[unset-variable]: the variable "BROKERS" has no value
        --> platform.yaml:4:32
      4 |   prod: { kafka: { bootstrap: ["\${BROKERS}"] } }
        |                                ^^^^^^^^^^^^
        = set it in the environment or in a file ".env" beside the platform, or give it one here: \`\${BROKERS:-value}\`"
    `)
  })
  test('in JSON', async () => {
    const cwd = folderWith({ 'platform.yaml': platform('topics:', '  orders: { partitions: 0 }') })
    const { code, stdout, stderr } = await evplat(['plan', '-o', 'json'], { cwd })
    expect([code, stdout, JSON.parse(stderr)]).toMatchInlineSnapshot(`
      [
        1,
        "",
        {
          "error": {
            "code": "platform-invalid",
            "details": {
              "findings": [
                {
                  "code": "invalid-value",
                  "column": 25,
                  "file": "platform.yaml",
                  "line": 4,
                  "message": ""partitions" must be a whole number from 1 to 1000000, not "0"",
                  "remedy": "for example \`partitions: 6\`",
                  "severity": "error",
                },
              ],
            },
            "message": "platform.yaml has an error",
          },
        },
      ]
    `)
  })
})

describe('schemas', () => {
  test('a file that is missing', async () => {
    expect(await plan(withSchema)).toMatchInlineSnapshot(`
      "exit 1
      error[platform-invalid]: platform.yaml has 2 errors

      error[file-missing]: the schema file "schemas/order.avsc" does not exist
        --> platform.yaml:4:30
      4 |   orders: { value: { schema: schemas/order.avsc } }
        |                              ^^^^^^^^^^^^^^^^^^
        = paths start at the folder of the platform

      error[file-missing]: the folder "schemas" does not exist
        --> platform.yaml:5:17
      5 | schemas: { dir: schemas }
        |                 ^^^^^^^
        = name a folder below the one of the platform"
    `)
  })
  test('a file that is no JSON', async () => {
    expect(await plan(withSchema, { 'schemas/order.avsc': '{ "type": "record",\n  name: "Order" }\n' }))
      .toMatchInlineSnapshot(`
      "exit 1
      error[platform-invalid]: platform.yaml has an error

      error[schema-json]: the schema is no JSON: quoted object key expected but got 'n'
        --> schemas/order.avsc:2:3
      2 |   name: "Order" }
        |   ^
        = mend the schema: "value" of "orders" in platform.yaml:4 uses it"
    `)
  })
  test('a file that is no Avro', async () => {
    const fields = '{ "name": "id", "type": "strng" }, { "name": "id", "type": "string" }'
    expect(await plan(withSchema, { 'schemas/order.avsc': order(fields) })).toMatchInlineSnapshot(`
      "exit 1
      error[platform-invalid]: platform.yaml has an error

      error[schema-invalid]: the field "id" stands twice in "shop.Order"
        --> schemas/order.avsc:1:105
      1 | name": "Order", "namespace": "shop", "fields": [{ "name": "id", "type": "strng" }, { "name": "id", "type": "string" }] }
        |                                                                                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        = mend the schema: "value" of "orders" in platform.yaml:4 uses it"
    `)
  })
  test('a reference that is not found', async () => {
    const fields = '{ "name": "total", "type": "shop.Money" }'
    expect(await plan(withSchema, { 'schemas/order.avsc': order(fields) })).toMatchInlineSnapshot(`
      "exit 1
      error[platform-invalid]: platform.yaml has an error

      error[schema-unknown-type]: no schema defines the type "shop.Money"
        --> schemas/order.avsc:1:97
      1 | { "type": "record", "name": "Order", "namespace": "shop", "fields": [{ "name": "total", "type": "shop.Money" }] }
        |                                                                                                 ^^^^^^^^^^^^
        = put it into a file of its own, where "schemas.dir" says ("value" of "orders" in platform.yaml:4 uses it)"
    `)
  })
  test('references in a circle', async () => {
    const files = {
      'schemas/order.avsc': order('{ "name": "customer", "type": "shop.Customer" }'),
      'schemas/customer.avsc':
        '{ "type": "record", "name": "Customer", "namespace": "shop", "fields": [{ "name": "last", "type": "shop.Order" }] }\n',
    }
    expect(await plan(withSchema, files)).toMatchInlineSnapshot(`
      "exit 1
      error[platform-invalid]: platform.yaml has an error

      error[schema-cycle]: the schema files need each other: schemas/order.avsc -> schemas/customer.avsc -> schemas/order.avsc
        --> schemas/customer.avsc:1:99
      1 | { "type": "record", "name": "Customer", "namespace": "shop", "fields": [{ "name": "last", "type": "shop.Order" }] }
        |                                                                                                   ^^^^^^^^^^^^
        = define the types that need each other in one file, within the record that uses them first"
    `)
  })
})
