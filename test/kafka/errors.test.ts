// What is told of what only a cluster and a registry can say: topics, schemas and records that they do not take.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startCuttingProxy } from '../support/cutting-proxy.ts'
import { fastClock } from '../support/fast-clock.ts'
import { startKafkaProxy } from '../support/kafka-proxy.ts'
import { missingForNative, skipNote } from '../support/native-runtime.ts'
import { freePort } from '../support/free-port.ts'
import { serveHttp } from '../support/strangers.ts'
import { type Trial, startTrial } from '../support/trial.ts'

const missing = missingForNative()
const skip = { skip: missing !== undefined }
const because = skipNote(missing)

let trial: Trial
beforeAll(async () => {
  if (missing === undefined) trial = await startTrial()
})
afterAll(() => trial?.close())

const record = (name: string, ...fields: readonly object[]): string =>
  JSON.stringify({ type: 'record', name, namespace: 'trial', fields }, null, 2)

describe(`topics${because}`, skip, () => {
  test('that Kafka does not make so', async () => {
    trial.declare('topics:', '  never.fewer: { partitions: 3 }', '  never.copies: {}')
    expect(await trial.tell('apply --yes')).toContain('Applied: 2 done.')
    trial.declare(
      'topics:',
      '  never.fewer: { partitions: 2 }',
      '  never.copies: { replication: 3 }',
      '  never.three: { replication: 3 }',
      '  never.lag: { config: { cleanup.policy: compact, min.compaction.lag.ms: 2h, max.compaction.lag.ms: 1h } }',
      '  never.tiered: { config: { confluent.tier.enable: true } }',
      '  never.fine: {}',
    )
    expect(await trial.tell('plan')).toMatchInlineSnapshot(`
      "exit 3
      | shop in local (cluster CLUSTER)
      |
      |   ! topic never.fewer  BLOCKED
      |       partitions  3 -> 2
      |       fewer-partitions: Kafka can't take partitions away from a topic (3 -> 2)
      |       = declare 3 partitions, or delete the topic and its records: \`evplat topics delete never.fewer\`
      |
      |   ! topic never.copies  BLOCKED
      |       replication  1 -> 3
      |       replication-change: the replication of an existing topic is not changed in this version (1 -> 3)
      |       = declare replication 1, or delete the topic and its records: \`evplat topics delete never.copies\`
      |
      |   ! topic never.three  BLOCKED
      |       partitions   1
      |       replication  3
      |       broker-refused: Unable to replicate the partition 3 time(s): The target replication factor of 3 cannot be reached because only 1 broker(s) are registered.
      |
      |   ! topic never.lag  BLOCKED
      |       partitions                    1
      |       replication                   1
      |       config.cleanup.policy         compact
      |       config.min.compaction.lag.ms  7200000 (2h)
      |       config.max.compaction.lag.ms  3600000 (1h)
      |       broker-refused: conflict topic config setting min.compaction.lag.ms (7200000) > max.compaction.lag.ms (3600000)
      |
      |   ! topic never.tiered  BLOCKED
      |       partitions                    1
      |       replication                   1
      |       config.confluent.tier.enable  true
      |       broker-refused: Unknown topic config name: confluent.tier.enable
      |
      |   + topic never.fine
      |       partitions   1
      |       replication  1
      |
      | Plan: 1 to create, 5 blocked, 0 unchanged."
    `)
    expect((await trial.tell('apply --yes')).split('\n').slice(-3).join('\n')).toMatchInlineSnapshot(`
      "|
      | Plan: 1 to create, 5 blocked, 0 unchanged.
      | Nothing was applied."
    `)
    expect(await trial.tell('topics describe never.fine')).toMatchInlineSnapshot(`
      "exit 1
      error[topic-missing]: there is no topic "never.fine"
        try: it is declared and not there yet: \`evplat apply\` makes it"
    `)
  })
  test('that are not there', async () => {
    trial.declare('topics:', '  away.orders: { key: string }')
    const commands = [
      'consume away.orders',
      'topics describe away.orders',
      'consume away.nowhere',
      'produce away.nowhere',
    ]
    expect(await trial.tellEach(...commands, 'consume away.orders -o json')).toMatchInlineSnapshot(`
      "$ evplat consume away.orders
      exit 1
      error[topic-missing]: there is no topic "away.orders"
        try: it is declared and not there yet: \`evplat apply\` makes it

      $ evplat topics describe away.orders
      exit 1
      error[topic-missing]: there is no topic "away.orders"
        try: it is declared and not there yet: \`evplat apply\` makes it

      $ evplat consume away.nowhere
      exit 1
      error[topic-missing]: there is no topic "away.nowhere"
        try: see \`evplat topics list\`

      $ evplat produce away.nowhere
      exit 1
      topic "away.nowhere" is not declared in platform.yaml
      error[topic-missing]: there is no topic "away.nowhere"
        try: see \`evplat topics list\`

      $ evplat consume away.orders -o json
      exit 1
      {"error":{"code":"topic-missing","message":"there is no topic \\"away.orders\\"","details":{"topic":"away.orders"},"hint":"it is declared and not there yet: \`evplat apply\` makes it"}}"
    `)
  })
})

describe(`groups${because}`, skip, () => {
  test('that are not there', async () => {
    trial.declare()
    expect(await trial.tellEach('groups describe billing', 'groups describe billing -o json')).toMatchInlineSnapshot(`
      "$ evplat groups describe billing
      exit 1
      error[group-missing]: there is no group "billing"
        try: see \`evplat groups list\`

      $ evplat groups describe billing -o json
      exit 1
      {"error":{"code":"group-missing","message":"there is no group \\"billing\\"","hint":"see \`evplat groups list\`"}}"
    `)
  })
})

describe(`clusters${because}`, skip, () => {
  test('that are not the one that is meant', async () => {
    trial.declare(
      'environments:',
      `  place: { kafka: { bootstrap: ["${trial.bootstrap}"], clusterId: 4L6g3nShT-eMCtK--X86sw } }`,
      'topics: { guard.orders: {} }',
    )
    const commands = [
      'plan --env place',
      'apply --env place --yes',
      'consume guard.orders --env place',
      'plan --env place -o json',
    ]
    expect(await trial.tellEach(...commands)).toMatchInlineSnapshot(`
      "$ evplat plan --env place
      exit 3
      error[wrong-cluster]: this is cluster CLUSTER, and platform.yaml expects 4L6g3nShT-eMCtK--X86sw
        try: check \`kafka.bootstrap\` and \`kafka.clusterId\` of this environment

      $ evplat apply --env place --yes
      exit 3
      error[wrong-cluster]: this is cluster CLUSTER, and platform.yaml expects 4L6g3nShT-eMCtK--X86sw
        try: check \`kafka.bootstrap\` and \`kafka.clusterId\` of this environment

      $ evplat consume guard.orders --env place
      exit 3
      error[wrong-cluster]: this is cluster CLUSTER, and platform.yaml expects 4L6g3nShT-eMCtK--X86sw
        try: check \`kafka.bootstrap\` and \`kafka.clusterId\` of this environment

      $ evplat plan --env place -o json
      exit 3
      {"error":{"code":"wrong-cluster","message":"this is cluster CLUSTER, and platform.yaml expects 4L6g3nShT-eMCtK--X86sw","details":{"expected":"4L6g3nShT-eMCtK--X86sw","found":"CLUSTER"},"hint":"check \`kafka.bootstrap\` and \`kafka.clusterId\` of this environment"}}"
    `)
  })
  test('that lack a request that is needed', async () => {
    const incrementalAlterConfigs = 44
    const proxy = await startKafkaProxy(trial.bootstrap, undefined, (api, answer) => {
      // an entry is a key, two versions and no tags; the first stands behind size, correlation id, error and count
      for (let at = 11; api === 'ApiVersions' && at + 7 <= answer.length; at += 7)
        if (answer.readInt16BE(at) === incrementalAlterConfigs) answer.writeInt16BE(32_000, at)
    })
    try {
      trial.declare('topics: { old.orders: {} }')
      expect(await trial.tell('apply --yes')).toContain('Applied: 1 done.')
      const place = `environments: { place: { kafka: { bootstrap: ["${proxy.bootstrap}"] } } }`
      trial.declare(place, 'topics: { old.orders: { config: { retention.ms: 1d } } }')
      expect(await trial.tell('plan --env place')).toMatchInlineSnapshot(`
        "exit 1
        error[broker-too-old]: the broker does not know IncrementalAlterConfigs at a version that evplat knows
          try: evplat works with Kafka 2.4 and newer"
      `)
    } finally {
      await proxy.close()
    }
  })
  test('that advertise an address which is not reached', async () => {
    const port = await freePort()
    const proxy = await startKafkaProxy(trial.bootstrap, undefined, (api, answer) => {
      const own = Buffer.from('127.0.0.1')
      const at = answer.indexOf(own)
      if (api === 'Metadata' && at > 0) answer.writeInt32BE(port, at + own.length)
    })
    try {
      trial.declare('topics: { far.orders: {} }')
      expect(await trial.tell('apply --yes')).toContain('Applied: 1 done.')
      const hide = { [proxy.bootstrap]: 'PROXY', [port]: 'PORT' }
      const at = `--bootstrap ${proxy.bootstrap}`
      // a leader that was never reached may yet come up: that is waited for, and told
      const env = fastClock(20)
      expect(await trial.tell(`produce far.orders ${at}`, { input: 'one\n', hide, env })).toMatchInlineSnapshot(`
        "exit 69
        broker 1 advertises 127.0.0.1:PORT, which can't be reached: 127.0.0.1:PORT: connection refused: nothing listens there; trying again
        error[broker-unreachable]: broker 1 advertises 127.0.0.1:PORT, which can't be reached: 127.0.0.1:PORT: connection refused: nothing listens there; no record was acknowledged before
          try: its \`advertised.listeners\` must name an address that this machine reaches"
      `)
      expect(await trial.tell(`consume far.orders ${at}`, { hide, env })).toMatchInlineSnapshot(`
        "exit 69
        error[broker-unreachable]: broker 1 advertises 127.0.0.1:PORT, which can't be reached: 127.0.0.1:PORT: connection refused: nothing listens there
          try: its \`advertised.listeners\` must name an address that this machine reaches"
      `)
      trial.declare('topics: { far.orders: {}, far.others: {} }')
      expect(await trial.tell(`topics plan ${at}`, { hide })).toMatchInlineSnapshot(`
        "exit 69
        error[broker-unreachable]: broker 1 advertises 127.0.0.1:PORT, which can't be reached: 127.0.0.1:PORT: connection refused: nothing listens there
          try: its \`advertised.listeners\` must name an address that this machine reaches"
      `)
    } finally {
      await proxy.close()
    }
  })
  test('whose records are broken on the way', async () => {
    trial.declare('topics: { torn.orders: { value: string } }')
    expect(await trial.tell('apply --yes')).toContain('Applied: 1 done.')
    expect(await trial.tell('produce torn.orders', { input: 'whole\ntorn here\n' })).toContain('2 records written')
    const proxy = await startKafkaProxy(trial.bootstrap, undefined, (api, answer) => {
      // the length of a value stands before it
      const at = answer.indexOf('torn here')
      if (api === 'Fetch' && at > 0) answer.writeInt8(0x7e, at - 1)
    })
    try {
      const torn = await trial.tell(`consume torn.orders --exit -o raw --bootstrap ${proxy.bootstrap}`)
      expect(torn).toMatchInlineSnapshot(`
        "exit 1
        | whole
        error[malformed-message]: offsets 0 to 1 of partition 0 can't be read: a record is broken: a length reaches beyond its end
          try: what comes after them is read with \`--partition 0 --from 2\`"
      `)
    } finally {
      await proxy.close()
    }
  })
})

describe(`schemas${because}`, skip, () => {
  const levels = ['NONE', 'BACKWARD', 'BACKWARD_TRANSITIVE', 'FORWARD', 'FORWARD_TRANSITIVE', 'FULL', 'FULL_TRANSITIVE']
  const id = { name: 'id', type: 'long' }

  test('that are incompatible under each level', async () => {
    trial.declare(
      'topics:',
      ...levels.map(
        (level) => `  levels.${level.toLowerCase()}: { value: { schema: levels.avsc, compatibility: ${level} } }`,
      ),
    )
    const city = { name: 'city', type: 'string', default: '' }
    for (const fields of [[id, city], [id]]) {
      trial.write({ 'levels.avsc': record('Order', ...fields) })
      expect(await trial.tell('apply --yes')).toMatch(/Applied: \d+ done\.$/)
    }
    // those who compare with all versions see that the city is back as another
    trial.write({ 'levels.avsc': record('Order', id, { ...city, type: 'int', default: 0 }) })
    expect(await trial.tell('schemas check')).toMatchInlineSnapshot(`
      "exit 3
      | ok  levels.none-value
      | ok  levels.backward-value
      | no  levels.backward_transitive-value: incompatible: {errorType:'TYPE_MISMATCH', description:'"string" cannot be read as "int", at path '/fields/1/type' of the new schema, which is to read the other'}
      |     {oldSchemaVersion: 1}
      |     {oldSchema: '{"type":"record","name":"Order","namespace":"trial","fields":[{"name":"id","type":"long"},{"name":"city","type":"string","default":""}]}'}
      |     {compatibility: 'BACKWARD_TRANSITIVE'}
      | ok  levels.forward-value
      | no  levels.forward_transitive-value: incompatible: {errorType:'TYPE_MISMATCH', description:'"int" cannot be read as "string", at path '/fields/1/type' of the old schema, which is to read the other'}
      |     {oldSchemaVersion: 1}
      |     {oldSchema: '{"type":"record","name":"Order","namespace":"trial","fields":[{"name":"id","type":"long"},{"name":"city","type":"string","default":""}]}'}
      |     {compatibility: 'FORWARD_TRANSITIVE'}
      | ok  levels.full-value
      | no  levels.full_transitive-value: incompatible: {errorType:'TYPE_MISMATCH', description:'"string" cannot be read as "int", at path '/fields/1/type' of the new schema, which is to read the other'}
      |     {errorType:'TYPE_MISMATCH', description:'"int" cannot be read as "string", at path '/fields/1/type' of the old schema, which is to read the other'}
      |     {oldSchemaVersion: 1}
      |     {oldSchema: '{"type":"record","name":"Order","namespace":"trial","fields":[{"name":"id","type":"long"},{"name":"city","type":"string","default":""}]}'}
      |     {compatibility: 'FULL_TRANSITIVE'}
      | 7 new or changed, 0 unchanged"
    `)
    trial.write({ 'levels.avsc': record('Order', { ...id, type: 'string' }) })
    expect(await trial.tell('schemas plan')).toMatchInlineSnapshot(`
      "exit 3
      | shop in local (cluster CLUSTER)
      |
      |   ~ subject levels.none-value
      |       schema  new version
      |         ~ field id: long -> id: string
      |
      |   ! subject levels.backward-value  BLOCKED
      |       schema  new version
      |         ~ field id: long -> id: string
      |       incompatible: {errorType:'TYPE_MISMATCH', description:'"long" cannot be read as "string", at path '/fields/0/type' of the new schema, which is to read the other'}
      |         {oldSchemaVersion: 2}
      |         {oldSchema: '{"type":"record","name":"Order","namespace":"trial","fields":[{"name":"id","type":"long"}]}'}
      |         {compatibility: 'BACKWARD'}
      |       = change the schema, or begin the subject anew: \`evplat schemas delete levels.backward-value\`
      |
      |   ! subject levels.backward_transitive-value  BLOCKED
      |       schema  new version
      |         ~ field id: long -> id: string
      |       incompatible: {errorType:'TYPE_MISMATCH', description:'"long" cannot be read as "string", at path '/fields/0/type' of the new schema, which is to read the other'}
      |         {oldSchemaVersion: 2}
      |         {oldSchema: '{"type":"record","name":"Order","namespace":"trial","fields":[{"name":"id","type":"long"}]}'}
      |         {compatibility: 'BACKWARD_TRANSITIVE'}
      |       = change the schema, or begin the subject anew: \`evplat schemas delete levels.backward_transitive-value\`
      |
      |   ! subject levels.forward-value  BLOCKED
      |       schema  new version
      |         ~ field id: long -> id: string
      |       incompatible: {errorType:'TYPE_MISMATCH', description:'"string" cannot be read as "long", at path '/fields/0/type' of the old schema, which is to read the other'}
      |         {oldSchemaVersion: 2}
      |         {oldSchema: '{"type":"record","name":"Order","namespace":"trial","fields":[{"name":"id","type":"long"}]}'}
      |         {compatibility: 'FORWARD'}
      |       = change the schema, or begin the subject anew: \`evplat schemas delete levels.forward-value\`
      |
      |   ! subject levels.forward_transitive-value  BLOCKED
      |       schema  new version
      |         ~ field id: long -> id: string
      |       incompatible: {errorType:'TYPE_MISMATCH', description:'"string" cannot be read as "long", at path '/fields/0/type' of the old schema, which is to read the other'}
      |         {oldSchemaVersion: 2}
      |         {oldSchema: '{"type":"record","name":"Order","namespace":"trial","fields":[{"name":"id","type":"long"}]}'}
      |         {compatibility: 'FORWARD_TRANSITIVE'}
      |       = change the schema, or begin the subject anew: \`evplat schemas delete levels.forward_transitive-value\`
      |
      |   ! subject levels.full-value  BLOCKED
      |       schema  new version
      |         ~ field id: long -> id: string
      |       incompatible: {errorType:'TYPE_MISMATCH', description:'"long" cannot be read as "string", at path '/fields/0/type' of the new schema, which is to read the other'}
      |         {errorType:'TYPE_MISMATCH', description:'"string" cannot be read as "long", at path '/fields/0/type' of the old schema, which is to read the other'}
      |         {oldSchemaVersion: 2}
      |         {oldSchema: '{"type":"record","name":"Order","namespace":"trial","fields":[{"name":"id","type":"long"}]}'}
      |         {compatibility: 'FULL'}
      |       = change the schema, or begin the subject anew: \`evplat schemas delete levels.full-value\`
      |
      |   ! subject levels.full_transitive-value  BLOCKED
      |       schema  new version
      |         ~ field id: long -> id: string
      |       incompatible: {errorType:'TYPE_MISMATCH', description:'"long" cannot be read as "string", at path '/fields/0/type' of the new schema, which is to read the other'}
      |         {errorType:'TYPE_MISMATCH', description:'"string" cannot be read as "long", at path '/fields/0/type' of the old schema, which is to read the other'}
      |         {oldSchemaVersion: 2}
      |         {oldSchema: '{"type":"record","name":"Order","namespace":"trial","fields":[{"name":"id","type":"long"}]}'}
      |         {compatibility: 'FULL_TRANSITIVE'}
      |       = change the schema, or begin the subject anew: \`evplat schemas delete levels.full_transitive-value\`
      |
      | Plan: 1 to update, 6 blocked, 0 unchanged."
    `)
    const applied = await trial.tell('apply --yes')
    expect(applied.split('\n').slice(-2).join('\n')).toMatchInlineSnapshot(`
      "| Plan: 1 to update, 6 blocked, 7 unchanged.
      | Nothing was applied."
    `)
  })
  test('that refer to one which is refused', async () => {
    trial.declare(
      'topics:',
      '  bills.money: { value: { schema: schemas/money.avsc } }',
      '  bills.sent: { value: { schema: schemas/bill.avsc } }',
    )
    const bill = (...more: readonly object[]): string => record('Bill', { name: 'total', type: 'trial.Sum' }, ...more)
    trial.write({ 'schemas/money.avsc': record('Sum', { name: 'cents', type: 'long' }), 'schemas/bill.avsc': bill() })
    expect(await trial.tell('apply --yes')).toMatch(/Applied: \d+ done\.$/)
    trial.write({
      'schemas/money.avsc': record('Sum', { name: 'cents', type: 'string' }),
      'schemas/bill.avsc': bill({ name: 'note', type: 'string', default: '' }),
    })
    expect(await trial.tell('schemas plan')).toMatchInlineSnapshot(`
      "exit 3
      | shop in local (cluster CLUSTER)
      |
      |   ! subject bills.money-value  BLOCKED
      |       schema  new version
      |         ~ field cents: long -> cents: string
      |       incompatible: {errorType:'TYPE_MISMATCH', description:'"long" cannot be read as "string", at path '/fields/0/type' of the new schema, which is to read the other'}
      |         {oldSchemaVersion: 1}
      |         {oldSchema: '{"type":"record","name":"Sum","namespace":"trial","fields":[{"name":"cents","type":"long"}]}'}
      |         {compatibility: 'BACKWARD'}
      |       = change the schema, or begin the subject anew: \`evplat schemas delete bills.money-value\`
      |
      |   ! subject trial.Sum  BLOCKED
      |       schema  new version
      |         ~ field cents: long -> cents: string
      |       incompatible: {errorType:'TYPE_MISMATCH', description:'"long" cannot be read as "string", at path '/fields/0/type' of the new schema, which is to read the other'}
      |         {oldSchemaVersion: 1}
      |         {oldSchema: '{"type":"record","name":"Sum","namespace":"trial","fields":[{"name":"cents","type":"long"}]}'}
      |         {compatibility: 'BACKWARD'}
      |       = change the schema, or begin the subject anew: \`evplat schemas delete trial.Sum\`
      |
      |   ! subject bills.sent-value  BLOCKED
      |       schema      new version
      |         + field note: string = ""
      |       references  trial.Sum (version 1) -> trial.Sum
      |       incompatible: {errorType:'TYPE_MISMATCH', description:'"long" cannot be read as "string", at path '/fields/0/type/fields/0/type' of the new schema, which is to read the other'}
      |         {oldSchemaVersion: 1}
      |         {oldSchema: '{"type":"record","name":"Bill","namespace":"trial","fields":[{"name":"total","type":"Sum"}]}'}
      |         {compatibility: 'BACKWARD'}
      |       = change the schema, or begin the subject anew: \`evplat schemas delete bills.sent-value\`
      |
      | Plan: 3 blocked, 0 unchanged."
    `)
  })
  test('that a registry does not take', async () => {
    const mode = (value: string): Promise<Response> =>
      fetch(`${trial.registryUrl}/mode/frozen.orders-value`, {
        method: 'PUT',
        headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
        body: JSON.stringify({ mode: value }),
      })
    trial.write({ 'order.avsc': record('Order', id) })
    const topics = 'topics: { frozen.orders: { value: { schema: order.avsc } } }'
    trial.declare(topics)
    expect((await mode('READONLY')).status).toBe(200)
    expect(await trial.tell('schemas plan')).toMatchInlineSnapshot(`
      "exit 3
      | shop in local (cluster CLUSTER)
      |
      |   ! subject frozen.orders-value  BLOCKED
      |       schema  registered
      |       registry-read-only: the registry takes no changes of subject "frozen.orders-value": its mode is READONLY
      |
      | Plan: 1 blocked, 0 unchanged."
    `)
    expect((await mode('READWRITE')).status).toBe(200)
    const proxy = await startCuttingProxy(trial.registryUrl, ({ method }) =>
      method === 'POST'
        ? { status: 422, body: '{"error_code":42201,"message":"Invalid schema: too many fields"}' }
        : undefined,
    )
    try {
      expect(await trial.tell(`schemas plan --bootstrap ${trial.bootstrap} --registry ${proxy.url}`))
        .toMatchInlineSnapshot(`
        "exit 3
        | shop in local (cluster CLUSTER)
        |
        |   ! subject frozen.orders-value  BLOCKED
        |       schema  registered
        |       registry-refused: Invalid schema: too many fields
        |
        | Plan: 1 blocked, 0 unchanged."
      `)
    } finally {
      await proxy.close()
    }
  })
  test('whose registry is none', async () => {
    const port = await serveHttp((_, answer) => answer.end('<html>hello</html>'))
    trial.write({ 'order.avsc': record('Order', id) })
    const place = `environments: { place: { kafka: { bootstrap: ["${trial.bootstrap}"] }, registry: { url: "http://127.0.0.1:${port}" } } }`
    trial.declare(place, 'topics: { lost.orders: { value: { schema: order.avsc } } }')
    expect(await trial.tell('plan --env place', { hide: { [port]: 'PORT' } })).toMatchInlineSnapshot(`
      "exit 69
      error[registry-not-a-registry]: "http://127.0.0.1:PORT" is no Schema Registry: asked for the global compatibility level, it gave another kind of answer
        server: <html>hello</html>
        try: check the address of the registry, its port and its path"
    `)
  })
})

describe(`records${because}`, skip, () => {
  const lines = {
    name: 'lines',
    type: { type: 'array', items: { type: 'record', name: 'Line', fields: [{ name: 'n', type: 'int' }] } },
  }

  test('that do not fit their schema', async () => {
    trial.write({ 'fit.avsc': record('Fit', { name: 'id', type: 'long' }, lines) })
    trial.declare('topics:', '  fit.orders: { key: string, value: { schema: fit.avsc } }')
    expect(await trial.tell('topics apply --yes')).toContain('Applied: 1 done.')
    const good = '{"id":1,"lines":[]}\n'
    expect(await trial.tell('produce fit.orders', { input: good })).toMatchInlineSnapshot(`
      "exit 1
      error[schema-not-registered]: the declared schema of subject "fit.orders-value" is not registered; no record was acknowledged before
        try: \`evplat schemas apply\` registers it"
    `)
    expect(await trial.tell('schemas apply --yes')).toContain('Applied: 1 done.')
    expect(
      await trial.tell('produce fit.orders', {
        input: `${good}${good}{"id":1,"lines":[{"n":1},{"n":2147483648}]}\n${good}`,
      }),
    ).toMatchInlineSnapshot(`
      "exit 1
      error[bad-input]: line 3: $.lines[1].n: expected int (a whole number of 32 bits), got 2147483648; 2 records were acknowledged before
        try: \`evplat produce fit.orders --example\` shows a valid value"
    `)
    expect(await trial.tell('produce fit.orders -o json', { input: '{"id":"one","lines":[]}\n' }))
      .toMatchInlineSnapshot(`
      "exit 1
      {"error":{"code":"bad-input","message":"line 1: $.id: expected long (a whole number of 64 bits), got \\"one\\"; no record was acknowledged before","details":{"line":1,"acknowledged":0},"hint":"\`evplat produce fit.orders --example\` shows a valid value"}}"
    `)
    expect(await trial.tell('produce fit.orders', { input: '{"id":1,\n' })).toMatchInlineSnapshot(`
      "exit 1
      error[bad-input]: line 1: no JSON at column 9: quoted object key expected but reached end of input; no record was acknowledged before
        try: write each value as JSON on one line; text stands in double quotes"
    `)
    expect(await trial.tell('produce fit.orders --input json', { input: `{"value":{"id":1}}\n` }))
      .toMatchInlineSnapshot(`
      "exit 1
      error[bad-input]: line 1: $.value.lines: expected a value for the field, got none; no record was acknowledged before
        try: \`evplat produce fit.orders --example\` shows a valid value"
    `)
    expect(await trial.tell('produce fit.orders --input json', { input: `{"val":{"id":1}}\n` })).toMatchInlineSnapshot(`
      "exit 1
      error[bad-input]: line 1: $.val: not a part of a record; no record was acknowledged before
        try: a record has topic, partition, offset, timestamp, key, value, headers, keySchemaId, valueSchemaId, error"
    `)
    expect(await trial.tell('consume fit.orders --exit -o raw')).toMatch(/^exit 0\n(\| .*\n?){2}$/)
  })
  test('that the topic does not take', async () => {
    trial.declare(
      'topics:',
      '  small.orders: { value: string, config: { max.message.bytes: 100 } }',
      '  compact.orders: { value: string, config: { cleanup.policy: compact } }',
    )
    expect(await trial.tell('topics apply --yes')).toContain('Applied: 2 done.')
    expect(await trial.tell('produce small.orders', { input: `fits\n${'x'.repeat(200)}\n` })).toMatchInlineSnapshot(`
      "exit 1
      error[broker-refused]: line 2: the record is larger than topic "small.orders" takes; 1 record was acknowledged before
        server: MESSAGE_TOO_LARGE
        try: its config max.message.bytes is the limit"
    `)
    expect(await trial.tell('produce compact.orders', { input: 'no key\n' })).toMatchInlineSnapshot(`
      "exit 1
      error[broker-refused]: line 1: topic "compact.orders" does not take the record; no record was acknowledged before
        server: Compacted topic cannot accept message without key in topic partition compact.orders-0"
    `)
    expect(await trial.tell('produce small.orders -p 7', { input: 'one\n' })).toMatchInlineSnapshot(`
      "exit 1
      error[bad-input]: line 1: there is no partition 7: the topic has 1 partition (0); no record was acknowledged before"
    `)
    expect(
      await trial.tellEach(
        'consume small.orders -p 7',
        'consume small.orders --from yesterday',
        'consume small.orders --from 99 --exit',
      ),
    ).toMatchInlineSnapshot(`
      "$ evplat consume small.orders -p 7
      exit 64
      error[usage]: there is no partition 7: the topic has 1 partition (0)

      $ evplat consume small.orders --from yesterday
      exit 64
      error[usage]: --from does not know "yesterday"
        try: it takes start, end, an OFFSET, -N (the last N), @TIME (ISO 8601, milliseconds, or a duration ago such as @10m)

      $ evplat consume small.orders --from 99 --exit
      exit 0"
    `)
  })
  test('that can not be read as what they are declared', async () => {
    trial.declare('topics: { odd.orders: { value: string, config: { retention.ms: -1 } } }')
    expect(await trial.tell('topics apply --yes')).toContain('Applied: 1 done.')
    expect(await trial.tell('produce odd.orders --timestamp 0', { input: 'plain text\n' })).toContain(
      '1 record written',
    )
    trial.write({ 'odd.avsc': record('Odd', { name: 'id', type: 'long' }) })
    trial.declare('topics: { odd.orders: { value: { schema: odd.avsc }, config: { retention.ms: -1 } } }')
    expect(await trial.tellEach('consume odd.orders --exit -o json', 'consume odd.orders --exit -o text'))
      .toMatchInlineSnapshot(`
      "$ evplat consume odd.orders --exit -o json
      exit 0
      | {"topic":"odd.orders","partition":0,"offset":0,"timestamp":"1970-01-01T00:00:00.000Z","key":null,"value":{"$base64":"cGxhaW4gdGV4dA=="},"headers":[],"error":"value: not in the wire format of the Schema Registry (a zero byte and a schema id)"}
      1 record could not be decoded, the first at 0:0: value: not in the wire format of the Schema Registry (a zero byte and a schema id)

      $ evplat consume odd.orders --exit -o text
      exit 0
      | 0:0  1970-01-01T00:00:00.000Z  -  {"$base64":"cGxhaW4gdGV4dA=="}  value: not in the wire format of the Schema Registry (a zero byte and a schema id)
      1 record could not be decoded, the first at 0:0: value: not in the wire format of the Schema Registry (a zero byte and a schema id)"
    `)
  })
})
