import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { interpolate } from './interpolate.ts'

const variables = { HOST: 'kafka', EMPTY: '', PRICE: '$5 ${HOST}' }

describe('interpolation', () => {
  test.each([
    ['plain', 'plain'],
    ['${HOST}:9092', 'kafka:9092'],
    ['${EMPTY}', ''],
    ['${EMPTY:-full}', 'full'],
    ['${NONE:-}', ''],
    ['${NONE:-a:b-c, d}', 'a:b-c, d'],
    ['${HOST:?needed}', 'kafka'],
    ['$$HOST $${HOST}', '$HOST ${HOST}'],
    ['^[a-z]+$', '^[a-z]+$'],
    ['$HOST', '$HOST'],
    ['${PRICE}', '$5 ${HOST}'],
  ])('%s is %s', (written, filled) => expect(interpolate(written, variables)).toEqual({ text: filled }))

  test.each([
    ['${NONE}', { name: 'NONE' }],
    ['${constructor}', { name: 'constructor' }],
    ['${NONE:?}', { name: 'NONE' }],
    ['${EMPTY:?needed for ${HOST}', { name: 'EMPTY', message: 'needed for ${HOST' }],
    ['${HOST}${NONE}${OTHER}', { name: 'NONE' }],
  ])('%s lacks a value', (written, missing) => expect(interpolate(written, variables).missing).toEqual(missing))

  test.each(['${', '${}', '${1A}', '${HOST-x}', '${HOST:x}', '${HOST!}'])('%s is malformed', (written) =>
    expect(interpolate(written, variables).malformed).toBe(true),
  )

  test('dollars that are doubled come out as they were', () =>
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('$', '{', '}', 'A', ':', '-') }), (text) => {
        const { text: filled } = interpolate(text.replaceAll('$', '$$$$'), {})
        expect(filled).toBe(text)
      }),
    ))
})
