// Random Avro schemas with values of them, from a seed: the same seed gives the same ones on every machine.
import type { Json } from '../../src/core/json.ts'

/** One value in both JSON forms; unions of the plain one name their branch. */
export interface SampleValue {
  readonly plain: Json
  readonly avro: Json
}
export interface Sample {
  readonly schema: Json
  readonly values: readonly SampleValue[]
}

type Random = (below: number) => number

/** Whole numbers below a bound, evenly spread (mulberry32). */
export function createRandom(seed: number): Random {
  let state = seed | 0
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

/** A schema and how to make values of it. */
interface Node {
  readonly schema: Json
  /** what names it in a union */
  readonly name: string
  readonly value: (depth: number) => SampleValue
}

interface Making {
  readonly random: Random
  readonly named: Node[]
  counter: number
}

const namespaces = ['', 'shop', 'shop.stock', 'a']

export function sampleOf(seed: number, valueCount = 3): Sample {
  const random = createRandom(seed)
  const node = record({ random, named: [], counter: 0 }, 3)
  return { schema: node.schema, values: Array.from({ length: valueCount }, () => node.value(4)) }
}

const same = (value: Json): SampleValue => ({ plain: value, avro: value })

function pick<T>(random: Random, items: readonly T[]): T {
  return items[random(items.length)]!
}

function node(making: Making, depth: number): Node {
  const { random } = making
  const kind = random(depth > 0 ? 10 : 5)
  if (kind < 3) return primitive(making)
  if (kind === 3) return logical(making)
  if (kind === 4) return random(2) === 0 ? enumeration(making) : fixed(making)
  if (kind === 5) return array(node(making, depth - 1), random)
  if (kind === 6) return map(node(making, depth - 1), random)
  if (kind === 7 && making.named.length > 0) return pick(random, making.named)
  return kind === 8 ? record(making, depth - 1) : union(making, depth - 1)
}

function bigLong(random: Random): bigint {
  const bits = BigInt(random(64))
  const value = ((BigInt(random(2 ** 31)) << 32n) | BigInt(random(2 ** 32))) >> (63n - bits)
  return random(2) === 0 ? value : -value - 1n
}

function long(random: Random): number | bigint {
  const value = bigLong(random)
  return Number.isSafeInteger(Number(value)) ? Number(value) : value
}

const texts = ['', 'a', 'order 7', 'Grüße', '日本', '😀', '"\\\n', '\u0000', 'NaN', 'AAAA', '1', '2026-01-31', 'null']

function bytes(random: Random, size: number): SampleValue {
  const made = Buffer.from(Array.from({ length: size }, () => random(256)))
  return { plain: made.toString('base64'), avro: made.toString('latin1') }
}

function double(random: Random): Json {
  const special = ['NaN', 'Infinity', '-Infinity', 0, 1.5, -2.25, 1e300, 5e-324]
  return random(3) === 0 ? pick(random, special) : (random(2 ** 31) - 2 ** 30) / (1 + random(1000))
}

function float(random: Random): Json {
  const value = double(random)
  return typeof value === 'number' && Number.isFinite(Math.fround(value)) ? Math.fround(value) : 'NaN'
}

function primitive({ random }: Making): Node {
  const makers: Record<string, () => SampleValue> = {
    null: () => same(null),
    boolean: () => same(random(2) === 0),
    int: () => same(Number(BigInt.asIntN(32, bigLong(random)))),
    long: () => same(long(random)),
    float: () => same(float(random)),
    double: () => same(double(random)),
    bytes: () => bytes(random, random(5)),
    string: () => same(pick(random, texts)),
  }
  const name = pick(random, Object.keys(makers))
  const schema = random(6) === 0 ? { type: name, note: 'x' } : name
  return { schema, name, value: makers[name]! }
}

/** Logical types in the plain form are judged by hand-written values; here they only must not get in each other's way. */
function logical({ random }: Making): Node {
  const [name, type] = pick(random, [
    ['date', 'int'],
    ['time-millis', 'int'],
    ['timestamp-millis', 'long'],
    ['timestamp-micros', 'long'],
    ['timestamp-nanos', 'long'],
    ['local-timestamp-micros', 'long'],
    ['time-micros', 'long'],
    ['no-such-type', 'long'],
  ] as const)
  const value = () => same(type === 'int' ? Number(BigInt.asIntN(32, bigLong(random))) : long(random))
  return { schema: { type, logicalType: name }, name: type, value }
}

function names(making: Making, prefix: string): { name: string; namespace: string; full: string } {
  const name = `${prefix}${making.counter++}`
  const namespace = pick(making.random, namespaces)
  return { name, namespace, full: namespace === '' ? name : `${namespace}.${name}` }
}

/** Later uses stand under the full name; those of the null namespace only where no namespace could catch them. */
function remember(making: Making, full: string, value: Node['value']): void {
  if (full.includes('.')) making.named.push({ schema: full, name: full, value })
}

function enumeration(making: Making): Node {
  const { random } = making
  const { full, ...given } = names(making, 'E')
  const symbols = ['A', 'B', 'C', 'D'].slice(0, 1 + random(4))
  const value = () => same(pick(random, symbols))
  remember(making, full, value)
  const more = random(3) === 0 ? { default: symbols[0]! } : {}
  return { schema: { type: 'enum', ...given, symbols, ...more }, name: full, value }
}

function fixed(making: Making): Node {
  const { full, ...given } = names(making, 'F')
  const size = making.random(5)
  const value = () => bytes(making.random, size)
  remember(making, full, value)
  return { schema: { type: 'fixed', ...given, size }, name: full, value }
}

function array(items: Node, random: Random): Node {
  const value = (depth: number): SampleValue => {
    const made = Array.from({ length: depth > 0 ? random(4) : 0 }, () => items.value(depth - 1))
    return { plain: made.map((each) => each.plain), avro: made.map((each) => each.avro) }
  }
  return { schema: { type: 'array', items: items.schema }, name: 'array', value }
}

function map(values: Node, random: Random): Node {
  const value = (depth: number): SampleValue => {
    const made = Array.from(
      { length: depth > 0 ? random(4) : 0 },
      (_, at) => [`key ${at}`, values.value(depth - 1)] as const,
    )
    return {
      plain: Object.fromEntries(made.map(([key, each]) => [key, each.plain])),
      avro: Object.fromEntries(made.map(([key, each]) => [key, each.avro])),
    }
  }
  return { schema: { type: 'map', values: values.schema }, name: 'map', value }
}

function union(making: Making, depth: number): Node {
  const { random } = making
  const branches: Node[] = [primitive(making)]
  for (let more = random(4); more > 0; more--) {
    const known = making.named.length
    const branch = node(making, depth)
    if (branch.name !== 'union' && !branches.some((each) => each.name === branch.name)) branches.push(branch)
    else making.named.splice(known)
  }
  return {
    schema: branches.map((each) => each.schema),
    name: 'union',
    value: (left) => branchValue(pick(random, branches), left),
  }
}

function branchValue(branch: Node, depth: number): SampleValue {
  const value = branch.value(depth)
  if (branch.name === 'null') return value
  return { plain: { [branch.name]: value.plain }, avro: { [branch.name]: value.avro } }
}

function record(making: Making, depth: number): Node {
  const { random } = making
  const { full, ...given } = names(making, 'R')
  const fields: { name: string; schema: Json; value: Node['value']; more: Record<string, Json> }[] = []
  const value = (left: number): SampleValue => {
    const made = fields.map((field) => [field.name, field.value(left - 1)] as const)
    return {
      plain: Object.fromEntries(made.map(([name, each]) => [name, each.plain])),
      avro: Object.fromEntries(made.map(([name, each]) => [name, each.avro])),
    }
  }
  for (let count = random(5); count > 0; count--) {
    const made = node(making, depth)
    const more = made.schema === 'long' && random(2) === 0 ? { default: 7 } : {}
    fields.push({ name: `f${count}`, schema: made.schema, value: made.value, more })
  }
  if (given.namespace !== '' && random(3) === 0) {
    const end = (left: number) =>
      left > 0 && random(2) === 0 ? branchValue({ schema: full, name: full, value }, left) : same(null)
    fields.push({ name: 'next', schema: ['null', full], value: end, more: { default: null } })
  }
  remember(making, full, value)
  const list = fields.map(({ name, schema, more }) => ({ name, type: schema, ...more }))
  return { schema: { type: 'record', ...given, fields: list }, name: full, value }
}
