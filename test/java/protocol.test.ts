// Kafka's own code judges our protocol: every definition, every version, both directions; the error table; the key hash.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Api } from '../../src/protocol/api.ts'
import { compile } from '../../src/protocol/compile.ts'
import { errorName, isRetriable } from '../../src/protocol/error-table.ts'
import { murmur2 } from '../../src/protocol/murmur2.ts'
import type { Field, Fields } from '../../src/protocol/notation.ts'
import { Writer } from '../../src/protocol/writer.ts'
import { allApis, versionsOf } from '../support/all-apis.ts'
import { arbitraryFields, isPresent } from '../support/arbitrary-message.ts'
import { classPathOf, runJava } from '../support/maven.ts'

const apis = [...(await allApis()).values()]
const sides = ['request', 'response'] as const
const perVersion = 20

/** Kafka 4 has dropped old versions: only those that it still has are asked of it. */
async function judge(
  version: string,
): Promise<{ ask: (lines: readonly string[]) => Promise<string[]>; missing?: string }> {
  const jars = await classPathOf(`kafka-clients-${version}`, [
    `org.apache.kafka:kafka-clients:${version}`,
    'org.slf4j:slf4j-nop:1.7.36',
  ])
  if ('missing' in jars) return { ask: () => Promise.resolve([]), missing: jars.missing }
  return { ask: (lines) => runJava('test/java/KafkaJudge.java', jars.value, lines) }
}

interface Definition {
  readonly validVersions: string
  readonly flexibleVersions: string
  readonly apiKey: number
  readonly fields: readonly DefinedField[]
  readonly commonStructs?: readonly { readonly name: string; readonly fields: readonly DefinedField[] }[]
}
interface DefinedField {
  readonly name: string
  readonly type: string
  readonly versions: string
  readonly nullableVersions?: string
  readonly tag?: number
  readonly default?: unknown
  readonly ignorable?: boolean
  readonly fields?: readonly DefinedField[]
}

function parseDefinition(base64: string): Definition {
  const text = Buffer.from(base64, 'base64').toString()
  return JSON.parse(text.replaceAll(/^\s*\/\/.*$/gm, '')) as Definition
}

function isIn(range: string | undefined, version: number): boolean {
  if (range === undefined || range === 'none') return false
  const [, from, more, to] = /^(\d+)(?:(\+)|-(\d+))?$/.exec(range)!
  const last = more ? Infinity : Number(to ?? from)
  return version >= Number(from) && version <= last
}

const lowerFirst = (name: string): string => name[0]!.toLowerCase() + name.slice(1)

function sameDefault(own: Field, theirs: DefinedField): boolean {
  const { shape, options } = own
  const stated = theirs.default === undefined || theirs.default === '' ? undefined : String(theirs.default)
  if (stated === 'null') return options.default === null
  const value = options.default
  if (stated === undefined)
    return value === undefined || value === '' || value === 0 || value === false || /^A+$/.test(String(value))
  if (shape.kind === 'int64') return String(value ?? 0n) === String(BigInt(stated))
  if (shape.kind.startsWith('int')) return Number(value ?? 0) === Number(stated)
  return String(value ?? (shape.kind === 'bool' ? false : '')) === stated
}

/** How two definitions of the fields of one version differ, as texts; empty when they do not. */
function differences(
  own: Fields,
  theirs: readonly DefinedField[],
  structs: ReadonlyMap<string, readonly DefinedField[]>,
  at: { version: number; path: string },
): string[] {
  const { version, path } = at
  const mine = new Map(Object.entries(own).filter(([, field]) => isPresent(field, version)))
  const defined = new Map(
    theirs.filter((field) => isIn(field.versions, version)).map((field) => [lowerFirst(field.name), field]),
  )
  const problems: string[] = []
  for (const name of new Set([...mine.keys(), ...defined.keys()])) {
    const [left, right] = [mine.get(name), defined.get(name)]
    const where = `${path}.${name} v${version}`
    if (!left || !right) problems.push(`${where}: only in ${left ? 'ours' : "Kafka's"}`)
    else problems.push(...compareField(left, right, structs, { version, path: where }))
  }
  if ([...mine.keys()].join() !== [...defined.keys()].join()) problems.push(`${path} v${version}: another order`)
  return problems
}

function compareField(
  own: Field,
  theirs: DefinedField,
  structs: ReadonlyMap<string, readonly DefinedField[]>,
  at: { version: number; path: string },
): string[] {
  const problems: string[] = []
  const { shape, options } = own
  const isArray = theirs.type.startsWith('[]')
  const base = theirs.type.replace('[]', '')
  const inner = shape.kind === 'array' ? shape.element : shape
  if (isArray !== (shape.kind === 'array')) problems.push(`${at.path}: ${theirs.type}`)
  if (inner.kind === 'struct')
    problems.push(...differences(inner.fields, theirs.fields ?? structs.get(base) ?? [], structs, at))
  else if (inner.kind !== base) problems.push(`${at.path}: ${inner.kind} and ${base}`)
  const nullable = options.nullable !== undefined && at.version >= options.nullable
  if (nullable !== isIn(theirs.nullableVersions, at.version)) problems.push(`${at.path}: null`)
  if (options.tag !== theirs.tag) problems.push(`${at.path}: tag`)
  // it plays a part only where one of our versions lacks the field
  const isSometimesAbsent = options.since !== undefined || options.until !== undefined
  if (isSometimesAbsent && (options.ignorable ?? false) !== (theirs.ignorable ?? false))
    problems.push(`${at.path}: ignorable`)
  if (shape.kind !== 'struct' && !sameDefault(own, theirs))
    problems.push(`${at.path}: default ${String(options.default)} and ${String(theirs.default)}`)
  return problems
}

function encode(api: Api, side: (typeof sides)[number], version: number, value: unknown): string {
  const writer = new Writer()
  compile(api[side], { version, flexible: version >= api.flexible }).write(writer, value as never)
  return writer.toBuffer().toString('base64')
}

const releases = ['3.9.2', '4.3.1']
const judges = new Map(await Promise.all(releases.map(async (release) => [release, await judge(release)] as const)))

describe.each(releases)('Kafka %s', (release) => {
  const { ask, missing } = judges.get(release)!
  const title = missing === undefined ? '' : ` (skipped: ${missing})`

  test.skipIf(missing !== undefined)(`has the same definitions at every version that is used${title}`, async () => {
    const asked = apis.flatMap((api) => sides.map((side) => ({ api, side })))
    const name = { request: 'Request', response: 'Response' }
    const answers = await ask(asked.map(({ api, side }) => `definition ${api.name}${name[side]}`))
    const problems = asked.flatMap(({ api, side }, i) => {
      const definition = parseDefinition(answers[i]!)
      const structs = new Map((definition.commonStructs ?? []).map((struct) => [struct.name, struct.fields]))
      const versions = versionsOf(api).filter((version) => isIn(definition.validVersions, version))
      const head = versions.length === 0 ? [`${api.name}: no version in common`] : []
      const flexible = versions.filter(
        (version) => version >= api.flexible !== isIn(definition.flexibleVersions, version),
      )
      return [
        ...head,
        ...flexible.map((version) => `${api.name} ${side} v${version}: flexible`),
        ...versions.flatMap((version) =>
          differences(api[side], definition.fields, structs, { version, path: `${api.name} ${side}` }),
        ),
      ]
    })
    expect(problems).toEqual([])
  })

  test.skipIf(missing !== undefined)(`reads what we write, and writes the same bytes${title}`, async () => {
    const names = apis.map((api) => `definition ${api.name}Request`)
    const valid = (await ask(names)).map((answer) => parseDefinition(answer).validVersions)
    const asked = apis.flatMap((api, i) =>
      versionsOf(api)
        .filter((version) => isIn(valid[i], version))
        .flatMap((version) =>
          sides.flatMap((side) =>
            fc
              .sample(arbitraryFields(api[side], version), { numRuns: perVersion, seed: 42 })
              .map((value) => ({ api, side, version, bytes: encode(api, side, version, value) })),
          ),
        ),
    )
    const answers = await ask(
      asked.map(({ api, side, version, bytes }) => `message ${api.key} ${side} ${version} ${bytes}`),
    )
    const wrong = asked.flatMap(({ api, side, version, bytes }, i) =>
      answers[i] === bytes ? [] : [`${api.name} ${side} v${version}: ${bytes} became ${answers[i]}`],
    )
    expect(asked.length).toBeGreaterThan(2000)
    expect(wrong.slice(0, 5)).toEqual([])
  })

  test.skipIf(missing !== undefined)(`names the same errors${title}`, async () => {
    const [answer] = await ask(['errors'])
    const theirs = answer!
      .split(';')
      .filter((entry) => entry !== '')
      .map((entry) => entry.split(' '))
    expect(theirs.map(([code, name, retriable]) => [Number(code), name, retriable === 'true'])).toEqual(
      theirs.map(([code]) => [Number(code), errorName(Number(code)), isRetriable(Number(code))]),
    )
  })

  test.skipIf(missing !== undefined)(`places keys alike${title}`, async () => {
    const keys = fc
      .sample(fc.uint8Array({ maxLength: 40 }), { numRuns: 5000, seed: 1 })
      .map((key) => Buffer.from(key))
      .filter((key) => key.length > 0)
    const answers = await ask(keys.map((key) => `murmur2 ${key.toString('base64')}`))
    expect(keys.map((key) => String(murmur2(key)))).toEqual(answers)
  })
})
