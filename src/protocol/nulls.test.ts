// A null goes only where the version has a place for it: it never becomes a zero or a message that nobody can read.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { allApis, versionsOf } from '../../test/support/all-apis.ts'
import { arbitraryFields, isPresent } from '../../test/support/arbitrary-message.ts'
import type { Api } from './api.ts'
import { type Wire, compile } from './compile.ts'
import { encodeRequest, encodeResponse } from './frames.ts'
import { listOffsets } from './messages/list-offsets.ts'
import { metadata } from './messages/metadata.ts'
import { type Field, type Fields, type Shape, array, int32, string } from './notation.ts'
import { Writer } from './writer.ts'

type Values = Record<string, unknown>
interface Place {
  readonly name: string
  readonly isNullable: boolean
  /** the message with a null there */
  readonly withNull: unknown
}

function placesInShape(shape: Shape, value: unknown, version: number): Place[] {
  if (shape.kind === 'struct') return value === null ? [] : placesIn(shape.fields, value as Values, version)
  if (shape.kind !== 'array' || value === null) return []
  const items = value as unknown[]
  return items.flatMap((item, n) =>
    placesInShape(shape.element, item, version).map((place) => ({ ...place, withNull: items.with(n, place.withNull) })),
  )
}

function placesOfField(name: string, { shape, options }: Field, value: unknown, version: number): Place[] {
  const isNullable = options.nullable !== undefined && version >= options.nullable
  const own = { name, isNullable, withNull: null }
  const items = shape.kind === 'array' && value !== null ? (value as unknown[]) : []
  const ofItems = items.map((_, n) => ({ name, isNullable: false, withNull: items.with(n, null) }))
  return [own, ...ofItems, ...placesInShape(shape, value, version)]
}

/** Every place of a message where a null could stand: its fields, the elements of its arrays, and theirs. */
function placesIn(fields: Fields, value: Values, version: number): Place[] {
  const present = Object.entries(fields).filter(([, field]) => isPresent(field, version))
  return present.flatMap(([name, field]) =>
    placesOfField(name, field, value[name], version).map((place) => ({
      ...place,
      withNull: { ...value, [name]: place.withNull },
    })),
  )
}

function refusal(api: Api, side: 'request' | 'response', wire: Wire, value: unknown): string | undefined {
  try {
    compile(api[side], wire).write(new Writer(), value as never)
    return undefined
  } catch (thrown) {
    return (thrown as Error).message
  }
}

describe.each(Array.from((await allApis()).values(), (api) => ({ name: api.name, api })))('$name', ({ name, api }) => {
  test.each(['request', 'response'] as const)('every null that has no place in a %s is refused', (side) => {
    for (const version of versionsOf(api)) {
      const wire = { version, flexible: version >= api.flexible, message: name }
      const property = fc.property(arbitraryFields(api[side], version), (value) => {
        for (const place of placesIn(api[side], value, version)) {
          const expected = `"${place.name}" of ${name} can not be null in version ${version}`
          expect(refusal(api, side, wire, place.withNull)).toBe(place.isNullable ? undefined : expected)
        }
      })
      fc.assert(property, { numRuns: 5 })
    }
  })
})

test('whoever writes a frame hears of which message it is', () => {
  const header = { version: 0, correlationId: 1, clientId: 'me' }
  const expected = { code: 'malformed-message', message: '"topics" of Metadata can not be null in version 0' }
  expect(() => encodeRequest(metadata, header, { topics: null })).toThrow(expect.objectContaining(expected) as Error)
  const broken = { topics: [{ name: null, partitions: [] }] } as never
  expect(() => encodeResponse(listOffsets, { ...header, version: 1 }, broken)).toThrow(
    '"name" of ListOffsets can not be null in version 1',
  )
})

test('a default that is null has no place either where null has none', () => {
  const fields = { since1: string({ nullable: 1, default: null }), numbers: array(int32()) }
  const write = (version: number): void =>
    compile(fields, { version, flexible: false }).write(new Writer(), { numbers: [] })
  expect(() => write(0)).toThrow('"since1" of a message can not be null in version 0')
  expect(() => write(1)).not.toThrow()
})
