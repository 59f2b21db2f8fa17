import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isoDurationText, parseBase64, parseIsoDuration, parseUuid, uuidText } from './byte-texts.ts'
import { calendarDay, daysSince1970 } from './calendar.ts'
import { decimalText, fromBytes, parseDecimal, toBytes, unscaledAt } from './decimal.ts'
import { dateText, parseDate, parseTime, parseTimestamp, timeText, timestampText } from './iso-time.ts'
import type { Digits } from './logical-type.ts'
import { shortestFloat, toFloat } from './number-forms.ts'

const digits = fc.constantFrom<Digits>(3, 6, 9)
const long = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
/** As the binary encoding gives a long. */
const exact = (n: bigint): number | bigint => (Number.isSafeInteger(Number(n)) ? Number(n) : n)

describe('times', () => {
  test('agree with Date as far as that goes', () =>
    fc.assert(
      fc.property(fc.date({ noInvalidDate: true }), (date) => {
        const text = timestampText(date.getTime(), 3)
        expect(`${text}Z`).toBe(date.toISOString())
        expect(parseTimestamp(date.toISOString(), 3, true)).toBe(date.getTime())
      }),
    ))

  test('are read back from their text, however long the count', () =>
    fc.assert(
      fc.property(long, digits, fc.boolean(), (n, precision, zoned) => {
        const text = timestampText(exact(n), precision)
        if (text === undefined) return
        expect(parseTimestamp(zoned ? `${text}Z` : text, precision, zoned)).toBe(exact(n))
      }),
    ))

  test('days are counted without gaps, over leap years and eras', () =>
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), (days) => {
        expect(daysSince1970(calendarDay(days))).toBe(days)
        const { year, month, day } = calendarDay(days + 1)
        if (day !== 1) expect(calendarDay(days)).toEqual({ year, month, day: day - 1 })
      }),
    ))

  test.each<[string, Digits, number | bigint]>([
    ['1970-01-01T00:00:00Z', 3, 0],
    ['1969-12-31T23:59:59.999Z', 3, -1],
    ['2026-01-31T12:00Z', 3, 1769860800000],
    ['2026-01-31 13:30:00.5+01:30', 3, 1769860800500],
    ['2026-01-31T12:00:00.123456Z', 6, 1769860800123456],
    ['2026-01-31T12:00:00.123456789Z', 9, 1769860800123456789n],
    ['2026-01-31T12:00:00.1230000Z', 3, 1769860800123],
    ['2024-02-29T00:00:00-0100', 3, 1709168400000],
    ['+012345-01-01T00:00:00Z', 3, 327403382400000],
    ['-000001-12-31T00:00:00Z', 3, -62167305600000],
  ])('%s', (text, precision, count) => expect(parseTimestamp(text, precision, true)).toBe(count))

  test.each([
    '2026-01-31T12:00:00',
    '2026-02-30T12:00:00Z',
    '2025-02-29T12:00:00Z',
    '2026-13-01T12:00:00Z',
    '2026-01-00T12:00:00Z',
    '2026-01-31T24:00:00Z',
    '2026-01-31T12:60:00Z',
    '2026-01-31T12:00:60Z',
    '2026-01-31T12:00:00.1234Z',
    '2026-01-31T12:00:00+25:00',
    '2026-1-31T12:00:00Z',
    'yesterday',
    '',
  ])('%j is none in milliseconds', (text) => expect(parseTimestamp(text, 3, true)).toBeUndefined())

  test('a time without a zone may not have one', () => {
    expect(parseTimestamp('2026-01-31T12:00:00', 3, false)).toBe(1769860800000)
    expect(parseTimestamp('2026-01-31T12:00:00Z', 3, false)).toBeUndefined()
  })

  test('dates and times of day', () => {
    expect([dateText(0), dateText(-1), dateText(20_484)]).toEqual(['1970-01-01', '1969-12-31', '2026-01-31'])
    expect([parseDate('2026-01-31'), parseDate('2026-01-32'), parseDate('2026-01')]).toEqual([
      20_484,
      undefined,
      undefined,
    ])
    expect([timeText(0, 3), timeText(86_399_999, 3), timeText(1, 6)]).toEqual([
      '00:00:00.000',
      '23:59:59.999',
      '00:00:00.000001',
    ])
    expect([timeText(-1, 3), timeText(86_400_000, 3), timeText(2n ** 60n, 6)]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    expect([parseTime('12:00', 3), parseTime('12:00:00.5', 6), parseTime('25:00', 3)]).toEqual([
      43_200_000,
      43_200_500_000,
      undefined,
    ])
    expect(dateText(2 ** 31 - 1)).toBeUndefined()
  })
})

describe('decimals', () => {
  test.each([
    [1230n, 2, '12.30'],
    [-5n, 3, '-0.005'],
    [0n, 2, '0.00'],
    [7n, 0, '7'],
    [12n, -3, '12E+3'],
    [1n, 2_000_000_000, '1E-2000000000'],
  ])('%d with scale %d is %s', (unscaled, scale, text) => {
    expect(decimalText({ unscaled, scale })).toBe(text)
    expect(parseDecimal(text)).toEqual({ unscaled, scale })
  })

  test.each(['', '.5', '5.', '1,5', '0x10', '1e', 'NaN', '1e12345678901'])('%j is none', (text) =>
    expect(parseDecimal(text)).toBeUndefined(),
  )

  test.each<[string, number, number, bigint | undefined]>([
    ['12.3', 4, 2, 1230n],
    ['12.300', 4, 2, 1230n],
    ['12.345', 9, 2, undefined],
    ['123.4', 4, 2, undefined],
    ['1e2', 5, 2, 10_000n],
    ['-0', 1, 1, 0n],
    ['1e999999999', 2 ** 31 - 1, 0, undefined],
  ])('%s in %d digits with scale %d', (text, precision, scale, unscaled) =>
    expect(unscaledAt(parseDecimal(text)!, precision, scale)).toBe(unscaled),
  )

  test('bytes are as few as hold the number and its sign', () => {
    expect([0n, 127n, 128n, -128n, -129n, 255n].map((n) => toBytes(n)!.toString('hex'))).toEqual([
      '00',
      '7f',
      '0080',
      '80',
      'ff7f',
      '00ff',
    ])
    expect([toBytes(-1n, 3)?.toString('hex'), toBytes(128n, 1)]).toEqual(['ffffff', undefined])
    fc.assert(fc.property(fc.bigInt(), (n) => fromBytes(toBytes(n)!) === n))
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 95n), max: 2n ** 95n - 1n }), (n) => fromBytes(toBytes(n, 12)!) === n),
    )
  })
})

describe('texts of bytes', () => {
  test.each(['AAE', 'AA==E', 'A A=', '_w==', 'AB==', '='])('%j is no base64', (text) =>
    expect(parseBase64(text)).toBeUndefined(),
  )

  test('base64 is read back', () =>
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => parseBase64(Buffer.from(bytes).toString('base64'))!.equals(bytes)),
    ))

  test('a UUID is 16 bytes', () => {
    const text = '123e4567-e89b-12d3-a456-426614174000'
    expect(uuidText(parseUuid(text.toUpperCase())!)).toBe(text)
    expect(parseUuid(text.slice(1))).toBeUndefined()
  })

  test.each([
    ['P1M2DT3.004S', [1, 2, 3004]],
    ['PT0S', [0, 0, 0]],
    ['P3D', [0, 3, 0]],
    ['PT0.001S', [0, 0, 1]],
  ])('the duration %s', (text, parts) => {
    const bytes = parseIsoDuration(text)!
    expect([0, 4, 8].map((at) => bytes.readUInt32LE(at))).toEqual(parts)
    expect(isoDurationText(bytes)).toBe(text)
  })

  test('units of durations add up', () => {
    expect(isoDurationText(parseIsoDuration('P1Y2M1W1DT1H1M1S')!)).toBe('P14M8DT3661S')
    for (const text of ['P', 'PT', 'P1', '1D', 'P-1D', 'P1DT', 'P9999999999D', 'PT0.0001S'])
      expect(parseIsoDuration(text)).toBeUndefined()
  })
})

describe('floats', () => {
  test('have the shortest text that reads back the same', () => {
    expect(
      [0.1, 16777216, 3.4028234663852886e38, 1e-45, 1 / 3, 123456.7].map((n) => shortestFloat(Math.fround(n))),
    ).toEqual([0.1, 16777216, 3.4028235e38, 1e-45, 0.33333334, 123456.7])
    fc.assert(fc.property(fc.float({ noNaN: true }), (n) => Object.is(Math.fround(shortestFloat(n)), n)))
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999_999 }), fc.integer({ min: -40, max: 32 }), (n, exponent) => {
        const short = Number(`${n}e${exponent}`)
        const float = Math.fround(short)
        return float < 2 ** -126 || shortestFloat(float) === short
      }),
    )
  })

  test('a long is rounded to a float once', () => {
    // half way between two floats but for the last bit, which a double loses
    expect(toFloat(2n ** 62n + 2n ** 38n + 1n)).toBe(2 ** 62 + 2 ** 39)
    expect(toFloat(-(2n ** 62n + 2n ** 38n + 1n))).toBe(-(2 ** 62 + 2 ** 39))
    expect(toFloat(2n ** 62n + 2n ** 38n)).toBe(2 ** 62)
  })
})
