// What YAML may hold, and how it is read.
import { describe, expect, test } from 'vitest'
import { head, loadText } from '../../test/support/load-files.ts'

/** the largest files that are read take seconds on a busy machine */
const largeFile = { timeout: 60_000 }

describe('scalars', () => {
  test('are text where text is meant, however they look', async () => {
    const { platform, findings } = await loadText(
      'apiVersion: evplat/v1\nname: 123\nstack: { kafka: { version: 3.10 } }\ntopics:\n  2001-01-01: { owner: 0o14 }\n  1.10: { owner: 2001-12-14 }\n  a: { owner: yes }\n  b: { owner: null-team }\n',
    )
    expect(findings).toEqual([])
    expect(platform?.name).toBe('123')
    expect(platform?.stack.kafka.version).toBe('3.10')
    expect(platform?.topics.map(({ name, owner }) => [name, owner])).toEqual([
      ['2001-01-01', '0o14'],
      ['1.10', '2001-12-14'],
      ['a', 'yes'],
      ['b', 'null-team'],
    ])
  })

  test('become numbers, booleans, durations and lists where these are meant', async () => {
    const { platform, findings } = await loadText(
      `${head}topics:\n  a: { partitions: "6", external: "true", config: { retention.ms: 604800000, preallocate: true, cleanup.policy: [compact, delete] }, key: string }\n`,
    )
    expect(findings).toEqual([])
    expect(platform?.topics[0]).toMatchObject({ partitions: 6, external: true })
    expect(Object.fromEntries(platform!.topics[0]!.config)).toEqual({
      'retention.ms': '604800000',
      preallocate: 'true',
      'cleanup.policy': 'compact,delete',
    })
  })
})

test('nothing behind a key of a map is an empty map', async () => {
  const { platform, findings } = await loadText(
    `${head}stack:\nenvironments:\n  local:\nowns:\ntopicDefaults:\ntopics:\n  a:\n  b: ~\nschemas:\nservices:\n  s:\npolicies:\n`,
  )
  expect(findings).toEqual([])
  expect(platform?.topics.map(({ name, partitions }) => [name, partitions])).toEqual([
    ['a', 1],
    ['b', 1],
  ])
  expect(platform?.services).toMatchObject([{ name: 's', group: 's', dir: 'services/s' }])
})

describe('aliases and merge keys', () => {
  test('stand for what they name; keys beside a merge win, the first of several merged ones too', async () => {
    const { platform, findings } = await loadText(
      `${head}topicDefaults: &d { partitions: 3, config: &c { retention.ms: 7d, segment.ms: 1d } }
topics:
  a: *d
  b: { <<: *d, partitions: 6 }
  c: { config: { segment.ms: 2d, <<: [{ retention.ms: 1d }, *c] } }
`,
    )
    expect(findings).toEqual([])
    expect(platform?.topics.map((topic) => [topic.name, topic.partitions, ...topic.config.values()])).toEqual([
      ['a', 3, '604800000', '86400000'],
      ['b', 6, '604800000', '86400000'],
      ['c', 3, '86400000', '172800000'],
    ])
  })

  test('may not make a file large', async () => {
    const layers = Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(', ')}]`)
    const { findings } = await loadText(`${head}a0: &a0 x\n${layers.join('\n')}\n`)
    expect(findings.filter(({ code }) => code === 'yaml-alias').map(({ message }) => message)).toEqual([
      'aliases make the file too large',
    ])
  })
})

describe('bytes', () => {
  test('a byte order mark and carriage returns do not move places', async () => {
    const { findings } = await loadText(`\uFEFF${head}topics:\n  a: { partitions: x }\n`.replaceAll('\n', '\r\n'))
    expect(findings).toMatchObject([{ at: { line: 4, column: 20, text: '  a: { partitions: x }' } }])
  })

  test('what is not UTF-8 is shown where it starts', async () => {
    const { findings } = await loadText(Buffer.from(`${head}# caf\xe9\n`, 'latin1'))
    expect(findings).toMatchObject([{ code: 'yaml-encoding', at: { line: 3, column: 6 } }])
  })

  test.each([
    ['of more than 8 MB', `${head}#${'x'.repeat(8_000_000)}`, { line: 1, column: 1 }],
    ['of more than 1.5 million signs', `${head}a: [${'1,'.repeat(800_000)}]`, { line: 3 }],
    ['nested by brackets', `${head}a: ${'['.repeat(100_000)}`, { line: 3, column: 68 }],
  ])('a file %s is too large', largeFile, async (_, text, at) => {
    const { findings } = await loadText(text)
    expect(findings).toMatchObject([{ code: 'yaml-too-large', at }])
  })

  test.each([
    ['by indentation', Array.from({ length: 1500 }, (_, i) => `${' '.repeat(i)}a:\n`).join('')],
    ['by dashes', `a:\n  ${'- '.repeat(20_000)}`],
  ])('a file nested %s is told, not thrown', largeFile, async (_, text) => {
    const { findings } = await loadText(`${head}${text}`)
    expect(findings).toMatchObject([{ code: 'yaml-syntax', message: 'the file is nested too deeply' }])
  })
})

describe('variables within flow maps', () => {
  test('are read as they are meant, also with signs of YAML in their defaults', async () => {
    const { platform, findings } = await loadText(
      `${head}topics: { a: { owner: \${OWNER}, config: { cleanup.policy: \${POLICY:-compact, delete} }, key: \${KEY:-string} } }\n`,
      { env: { OWNER: 'team: {a}, [b] # c' } },
    )
    expect(findings).toEqual([])
    expect(platform?.topics[0]).toMatchObject({ owner: 'team: {a}, [b] # c', key: { kind: 'string' } })
    expect(platform?.topics[0]?.config.get('cleanup.policy')).toBe('compact,delete')
  })
})
