// Bodies of requests that could be meant: names that are there beside names that are not, small numbers beside the edges.
import type { Field, Fields, Shape } from '../../src/protocol/notation.ts'
import { batchOf } from '../support/log-fixture.ts'
import { isPresent } from '../support/arbitrary-message.ts'
import type { Random } from './random.ts'

/** topics that the broker has when a run begins */
export const topicNames = ['orders', 'compacted', 'timely'] as const

const texts = [
  ...topicNames,
  'group',
  'member',
  'consumer',
  '',
  'nope',
  'sp ace',
  '.',
  '1',
  'retention.ms',
  'x'.repeat(300),
  'é\u0000',
]
const numbers = [0, 1, 2, 3, 4, 5, -1, -2, 100, 1000, 32_767]
const times = [0n, 1n, 2n, -1n, -2n, -3n, 1_700_000_000_000n, 2n ** 63n - 1n, -(2n ** 63n)]
const edges: Readonly<Record<string, readonly number[]>> = {
  int8: [127, -128],
  int16: [32_767, -32_768],
  int32: [2 ** 31 - 1, -(2 ** 31), 65_536],
}
/** how long a fetch or a join may wait, in ms: a run has many of them */
const briefly = [0, 1, 5, 20]
const waits = new Set(['maxWaitMs', 'rebalanceTimeoutMs', 'timeoutMs'])

function numberOf(kind: string, name: string, random: Random): number {
  if (waits.has(name)) return random.pick(briefly)
  const plain = kind === 'int8' ? numbers.filter((n) => n < 128) : numbers
  return random.oneIn(10) ? random.pick(edges[kind]!) : random.pick(plain)
}

function recordsOf(random: Random): Buffer {
  const batch = batchOf(
    Array.from({ length: 1 + random.below(3) }, () => ({})),
    random.below(5),
  )
  return random.oneIn(4) ? Buffer.concat([batch, batch]) : batch
}

function valueOf(shape: Shape, name: string, [version, random]: readonly [number, Random]): unknown {
  switch (shape.kind) {
    case 'array':
      return Array.from({ length: random.pick([0, 1, 1, 2, 3]) }, () => valueOf(shape.element, name, [version, random]))
    case 'struct':
      return bodyOf(shape.fields, version, random)
    case 'bool':
      return random.oneIn(2)
    case 'int64':
      return random.pick(times)
    case 'string':
      return random.pick(texts)
    case 'uuid':
      return random.bytes(16).toString('base64url')
    case 'bytes':
      return random.bytes(random.below(20))
    case 'records':
      return recordsOf(random)
    default:
      return numberOf(shape.kind, name, random)
  }
}

function isNull({ options }: Field, version: number, random: Random): boolean {
  return options.nullable !== undefined && version >= options.nullable && random.oneIn(4)
}

/** Values for the fields that a version has. */
export function bodyOf(fields: Fields, version: number, random: Random): Record<string, unknown> {
  const present = Object.entries(fields).filter(([, field]) => isPresent(field, version))
  return Object.fromEntries(
    present.map(([name, field]) => [
      name,
      isNull(field, version, random) ? null : valueOf(field.shape, name, [version, random]),
    ]),
  )
}
