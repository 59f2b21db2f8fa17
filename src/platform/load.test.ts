import { mkdir, symlink } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { head, loadText } from '../../test/support/load-files.ts'
import { writeFolder } from '../../test/support/txtar.ts'
import { EvplatError } from '../core/errors.ts'
import type { Platform } from './platform.ts'
import { loadPlatform } from './load.ts'
import { defaultStack } from './stack.ts'

async function refusal(work: Promise<unknown>): Promise<EvplatError> {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (thrown instanceof EvplatError) return thrown
  throw new Error('no EvplatError was thrown', { cause: thrown })
}

test('a file that says nothing of the stack has the default one', async () => {
  expect((await loadText(head)).platform?.stack).toEqual(defaultStack)
})

describe('the file', () => {
  test('that is not there is an error with the way on', async () => {
    const cwd = await writeFolder([])
    const error = await refusal(loadPlatform({ file: 'platform.yaml', cwd, environment: 'local', env: {} }))
    expect([error.code, error.message]).toEqual(['platform-missing', 'there is no "platform.yaml" here'])
    expect(error.parts.hint).toContain('`evplat init`')
  })

  test('that is a folder cannot be read', async () => {
    const cwd = await writeFolder([['platform.yaml/x', '']])
    const error = await refusal(loadPlatform({ file: 'platform.yaml', cwd, environment: 'local', env: {} }))
    expect([error.code, error.message]).toEqual(['platform-unreadable', '"platform.yaml" is a folder'])
  })

  test('is named relative to where evplat works, as are its schemas', async () => {
    const cwd = await writeFolder([
      ['shop/platform.yaml', `${head}topics: { a: { value: { schema: a.avsc } } }\n`],
      ['shop/a.avsc', '{}'],
    ])
    for (const file of ['shop/platform.yaml', join(cwd, 'shop/platform.yaml')]) {
      const { findings } = await loadPlatform({ file, cwd, environment: 'local', env: {} })
      expect(findings.map(({ at, remedy }) => [at?.file, remedy])).toEqual([
        ['shop/a.avsc', 'mend the schema: "value" of "a" in shop/platform.yaml:3 uses it'],
      ])
    }
  })

  test('has a platform only when no finding is an error', async () => {
    const warned = await loadText(`${head}topics: { a: { config: { colour: red } } }\n`)
    expect(warned.platform?.topics[0]?.config.get('colour')).toBe('red')
    const refused = await loadText(`${head}topics: { a: { partitions: 0 } }\n`)
    expect(refused.platform).toBeUndefined()
  })
})

const environments = `environments:
  local: { topicDefaults: { partitions: 2 } }
  staging:
    kafka: { bootstrap: ["\${BOOTSTRAP}"], tls: true, sasl: { mechanism: SCRAM-SHA-512, username: u, password: \${PW} } }
    registry: { url: "\${REGISTRY}" }
    topicDefaults: { replication: 3, config: { min.insync.replicas: 2 } }
  prod: { kafka: { bootstrap: [a:1, b:2], clusterId: x, tls: { ca: ca.pem } }, registry: { url: https://r/x/, token: \${TOKEN} } }
topicDefaults: { partitions: 3, config: { retention.ms: 1d, min.insync.replicas: 1 } }
topics:
  a: { config: { retention.ms: 2d } }
  b: { partitions: 6, replication: 1 }
`

describe('environments', () => {
  const summary = ({ topics }: Platform): unknown =>
    topics.map(({ name, partitions, replication, config }) => [name, partitions, replication, ...config.values()])

  test('local needs no variable of the others and has defaults of its own', async () => {
    const { platform, findings } = await loadText(head + environments)
    expect(findings).toEqual([])
    expect(platform?.environment).toEqual({ name: 'local' })
    expect(platform?.environments).toEqual(['local', 'staging', 'prod'])
    expect(summary(platform!)).toEqual([
      ['a', 2, 1, '172800000', '1'],
      ['b', 6, 1, '86400000', '1'],
    ])
  })

  test('another takes its settings from variables: the process first, then the file .env', async () => {
    const { platform, findings } = await loadText(head + environments, {
      environment: 'staging',
      env: { BOOTSTRAP: 'k1:9093, k2:9093', PW: 'from the process' },
      files: { '.env': 'PW=from the file\nREGISTRY="https://me:p%40ss@registry.example/"\n' },
    })
    expect(findings).toEqual([])
    expect(platform?.environment).toEqual({
      name: 'staging',
      cluster: {
        bootstrap: ['k1:9093', 'k2:9093'],
        tls: {},
        sasl: { mechanism: 'scram-sha-512', username: 'u', password: 'from the process' },
      },
      registry: { url: 'https://registry.example', username: 'me', password: 'p@ss' },
    })
    expect(summary(platform!)).toEqual([
      ['a', 3, 3, '172800000', '2'],
      ['b', 6, 1, '86400000', '2'],
    ])
  })

  test('certificates are read', async () => {
    const ca = '-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----\n'
    const { platform } = await loadText(head + environments, {
      environment: 'prod',
      env: { TOKEN: 't' },
      files: { 'ca.pem': ca },
    })
    expect(platform?.environment.cluster).toEqual({ bootstrap: ['a:1', 'b:2'], clusterId: 'x', tls: { ca } })
    expect(platform?.environment.registry).toEqual({ url: 'https://r/x', token: 't' })
  })

  test('one that is not declared is an error that lists those that are', async () => {
    const error = await refusal(loadText(head + environments, { environment: 'stagin' }))
    expect([error.code, error.message]).toEqual([
      'unknown-environment',
      '"platform.yaml" declares no environment "stagin"',
    ])
    expect(error.parts.hint).toBe('did you mean "staging"? It declares local, staging, prod')
  })

  test.each([
    ['{ url: https://r, username: me }', 'the registry needs both "username" and "password"'],
    ['{ url: https://me:p@r, token: ${X:-t} }', 'the registry takes a token or a user, not both'],
  ])('the registry %s is refused', async (registry, message) => {
    const text = `${head}environments: { e: { kafka: { bootstrap: [a:1] }, registry: ${registry} } }\n`
    const { findings } = await loadText(text, { environment: 'e' })
    expect(findings.filter(({ severity }) => severity === 'error')).toMatchObject([{ code: 'invalid-value', message }])
  })
})

describe('schema files', () => {
  test('may not be reached by a link out of the folder', async () => {
    const outside = await writeFolder([['a.avsc', '"string"']])
    const cwd = await writeFolder([['platform.yaml', `${head}topics: { a: { value: { schema: s/a.avsc } } }\n`]])
    await symlink(outside, join(cwd, 's'))
    const { findings } = await loadPlatform({ file: 'platform.yaml', cwd, environment: 'local', env: {} })
    expect(findings).toMatchObject([{ code: 'file-outside', at: { line: 3, column: 33 } }])
  })

  test('may be reached by a link within it', async () => {
    const cwd = await writeFolder([
      ['platform.yaml', `${head}topics: { a: { value: { schema: link.avsc } } }\n`],
      ['real.avsc', '"string"'],
    ])
    await symlink('real.avsc', join(cwd, 'link.avsc'))
    const { platform } = await loadPlatform({ file: 'platform.yaml', cwd, environment: 'local', env: {} })
    expect(platform?.subjects.map(({ name, file }) => [name, file])).toEqual([['a-value', 'link.avsc']])
  })

  test('one that may not be read is told', async () => {
    const cwd = await writeFolder([['platform.yaml', `${head}topics: { a: { value: { schema: s } } }\n`]])
    await mkdir(join(cwd, 's'))
    const { findings } = await loadPlatform({ file: 'platform.yaml', cwd, environment: 'local', env: {} })
    expect(findings[0]?.message).toBe('the schema file "s" is a folder')
  })

  test('come after what they use, with references to types used directly', async () => {
    const record = (name: string, type: unknown): string =>
      JSON.stringify({ type: 'record', namespace: 'n', name, fields: [{ name: 'f', type }] })
    const { platform, findings } = await loadText(
      `${head}topics:
  t: { key: { schema: avro/A.avsc }, value: { schema: ./avro/A.avsc, compatibility: FULL } }
  u: { value: { schema: x.avsc, subject: n.B } }
schemas: { dir: avro }
`,
      {
        files: {
          'avro/A.avsc': record('A', ['null', 'n.B', { type: 'array', items: 'C' }]),
          'avro/deep/B.avsc': record('B', 'C'),
          'avro/deep/Twin.avsc': ` ${record('C', 'long')}`,
          'avro/C.avsc': record('C', { type: 'long' }),
          'x.avsc': record('B', 'C'),
        },
      },
    )
    expect(findings).toEqual([])
    const told = platform?.subjects.map(({ name, file, references, compatibility }) => [
      name,
      file,
      references.map((reference) => `${reference.name}=${reference.subject}`),
      compatibility,
    ])
    expect(told).toEqual([
      ['n.C', 'avro/C.avsc', [], undefined],
      ['n.B', 'avro/deep/B.avsc', ['n.C=n.C'], undefined],
      ['t-key', 'avro/A.avsc', ['n.B=n.B', 'n.C=n.C'], undefined],
      ['t-value', 'avro/A.avsc', ['n.B=n.B', 'n.C=n.C'], 'FULL'],
    ])
    expect(platform?.topics.map(({ key, value }) => [key, value])).toEqual([
      [
        { kind: 'avro', subject: 't-key' },
        { kind: 'avro', subject: 't-value' },
      ],
      [{ kind: 'bytes' }, { kind: 'avro', subject: 'n.B' }],
    ])
  })
})

describe('topics for failures', () => {
  test('take the settings of their source, but are never compacted', async () => {
    const { platform, findings } = await loadText(`${head}topics:
  a: { owner: o, partitions: 4, replication: 2, key: string, config: { cleanup.policy: compact, min.compaction.lag.ms: 1h, max.message.bytes: 2MiB } }
  b:
services:
  s: { consumes: [a, b], group: g, failures: { attempts: 5, retry: [60s, 1m, 90s] } }
  t: { consumes: [a], failures: { then: stop } }
`)
    expect(findings).toEqual([])
    const made = platform?.topics.slice(2) ?? []
    expect(made.map(({ name }) => name)).toEqual([
      'a.g.retry.1m',
      'a.g.retry.90s',
      'a.g.dlt',
      'b.g.retry.1m',
      'b.g.retry.90s',
      'b.g.dlt',
    ])
    expect(made[0]).toMatchObject({
      owner: 'o',
      partitions: 4,
      replication: 2,
      key: { kind: 'string' },
      madeFor: { service: 's', source: 'a' },
      at: { line: 7, column: 36, length: 8 },
    })
    expect(Object.fromEntries(made[0]!.config)).toEqual({ 'cleanup.policy': 'delete', 'max.message.bytes': '2097152' })
    expect(platform?.services.map(({ failures }) => failures)).toEqual([
      { attempts: 5, retryMs: [60_000, 60_000, 90_000], then: 'dlt' },
      { attempts: 1, retryMs: [], then: 'stop' },
    ])
  })
})

describe('places', () => {
  test('are those of the file, of a default where it stands, else of the topic', async () => {
    const { platform } = await loadText(
      `${head}topicDefaults: { partitions: 3 }\ntopics:\n  a:\n    config: { retention.ms: 7d }\n    key: string\n`,
    )
    const [topic] = platform?.topics ?? []
    const told = [...(topic?.places ?? [])].map(([field, { line, column }]) => [field, line, column])
    expect(topic?.at).toMatchObject({ line: 5, column: 3, length: 1 })
    expect(Object.fromEntries(told.map(([field, ...at]) => [field, at]))).toEqual({
      key: [7, 10],
      partitions: [3, 30],
      replication: [5, 3],
      'config.retention.ms': [6, 29],
    })
  })
})

/** hundreds of files are written and read */
const manyFiles = { timeout: 60_000 }

/** Text that is in no file and no message by chance. */
const secret = fc.stringMatching(/^zq[A-Za-z0-9+/!%]{8,20}qz$/)

test('secrets never occur in findings, whatever else is wrong', manyFiles, async () => {
  const text = (own: string): string => `${head}nope: 1
environments:
  e:
    kafka:
      bootstrap: [\${PLANTED}]
      sasl: { mechanism: \${PLANTED}, username: x, password: "${own}", more: 1 }
      tls: { ca: \${PLANTED} }
    registry: { url: https://u:\${PLANTED}@r, token: '${own}', pasword: ${own} }
    topicDefaults: { partitions: \${PLANTED}, config: { retention.ms: \${PLANTED}, cleanup.policy: [\${PLANTED}] } }
topics: { a: { key: \${PLANTED}, value: { schema: \${PLANTED} } } }
services: { s: { consumes: ["\${PLANTED}"], port: \${PLANTED}, dir: ../\${PLANTED}, database: \${PLANTED} } }
policies: [{ rule: \${PLANTED} }, { rule: topic-name, pattern: "(\${PLANTED}" }, { rule: topic-owner, environments: [\${PLANTED}] }]
`
  await fc.assert(
    fc.asyncProperty(secret, secret, async (own, planted) => {
      const { findings } = await loadText(text(own), { environment: 'e', env: { PLANTED: planted } })
      expect(findings.length).toBeGreaterThan(12)
      const all = JSON.stringify(findings)
      expect(all.includes(own) || all.includes(planted)).toBe(false)
    }),
    { numRuns: 20 },
  )
})

test('no text makes the loader throw', manyFiles, async () => {
  const shop = readFileSync(join(import.meta.dirname, 'golden/shop.yaml'), 'utf8')
  const pieces = fc.constantFrom(
    '',
    ' ',
    '\n',
    '\n  ',
    '\t',
    ':',
    ': ',
    '- ',
    '{',
    '}',
    '[',
    ']',
    ',',
    '"',
    "'",
    '#',
    '&a ',
    '*a',
    '<<: ',
    '|',
    '>',
    '!',
    '?',
    '%',
    '@',
    '$',
    '${',
    '~',
    '\u0000',
    '\uD800',
    '0',
    '[]',
    '{}',
    '---\n',
    '\r',
  )
  const edit = fc.record({ at: fc.nat(shop.length), length: fc.nat(12), piece: pieces })
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 4 }), async (edits) => {
      const broken = edits.reduce(
        (text, { at, length, piece }) => text.slice(0, at) + piece + text.slice(at + length),
        shop,
      )
      const { platform, findings } = await loadText(broken)
      expect(platform !== undefined).toBe(findings.every(({ severity }) => severity !== 'error'))
      for (const { at, remedy } of findings) expect([at?.line, remedy].includes(undefined)).toBe(false)
    }),
    { numRuns: 100 },
  )
})

const names = (pattern: RegExp): fc.Arbitrary<string> => fc.stringMatching(pattern)
const topicFields = fc.record(
  {
    owner: names(/^[a-z0-9]{1,8}$/),
    partitions: fc.integer({ min: 1, max: 1000 }),
    replication: fc.integer({ min: 1, max: 5 }),
    external: fc.boolean(),
    key: fc.constantFrom('string', 'json', 'bytes'),
    config: fc.record(
      {
        'retention.ms': fc.constantFrom('7d', 604_800_000, '-1', '1h30m'),
        'cleanup.policy': fc.constantFrom('delete', ['compact', 'delete']),
        preallocate: fc.boolean(),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
)
const platforms = fc.record(
  {
    apiVersion: fc.constant('evplat/v1'),
    name: names(/^[a-z][a-z0-9_-]{0,10}$/),
    topicDefaults: fc.record({ partitions: fc.integer({ min: 1, max: 9 }) }, { requiredKeys: [] }),
    topics: fc.dictionary(names(/^[a-z0-9]{1,6}(\.[a-z0-9]{1,6})?$/), topicFields, { maxKeys: 6 }),
    services: fc.dictionary(names(/^[a-z][a-z0-9]{0,6}$/), fc.record({ dir: fc.constant('x') }, { requiredKeys: [] }), {
      maxKeys: 3,
    }),
    owns: fc.record({ prefixes: fc.array(names(/^[a-z0-9]{1,4}\.$/)) }),
  },
  { requiredKeys: ['apiVersion', 'name'] },
)

/** A platform without its places and its folder. */
function meaning({ platform, findings }: Awaited<ReturnType<typeof loadText>>): unknown {
  return JSON.parse(
    JSON.stringify({ platform, findings }, (key, value: unknown) =>
      key === 'at' || key === 'places' || key === 'folder' ? undefined : value instanceof Map ? [...value] : value,
    ),
  )
}

test('a platform means the same in every style of YAML', manyFiles, async () => {
  await fc.assert(
    fc.asyncProperty(platforms, async (input) => {
      const block = await loadText(stringify(input))
      expect(block.platform?.topics.map(({ name }) => name)).toEqual(Object.keys(input.topics ?? {}))
      for (const text of [
        JSON.stringify(input),
        stringify(input, { collectionStyle: 'flow' }),
        stringify(input, { defaultStringType: 'QUOTE_SINGLE', indent: 4 }),
        stringify(input, { defaultKeyType: 'QUOTE_DOUBLE' }).replaceAll('\n', '\r\n'),
      ])
        expect(meaning(await loadText(text))).toEqual(meaning(block))
    }),
    { numRuns: 40 },
  )
})
