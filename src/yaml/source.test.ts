import { describe, expect, test } from 'vitest'
import { createSource, placeIn } from './source.ts'

const lineOf = (text: string, offset = 0): string | undefined => placeIn(createSource('f', text), offset).text

describe('places', () => {
  const source = createSource('f', 'one: 1\r\ntwo: 22\n\nend')

  test('count lines and columns from 1, without carriage returns', () =>
    expect(placeIn(source, 13, 15)).toEqual({ file: 'f', line: 2, column: 6, length: 2, text: 'two: 22' }))

  test('end with their line', () => expect(placeIn(source, 0, 15)).toMatchObject({ line: 1, column: 1, length: 6 }))

  test('are at least one character long, also at the end of the file', () => {
    expect(placeIn(source, 16, 16)).toEqual({ file: 'f', line: 3, column: 1, length: 1, text: '' })
    expect(placeIn(source, source.text.length, source.text.length)).toMatchObject({ line: 4, column: 4, length: 1 })
  })
})

describe('the line of a place', () => {
  test.each([
    ['sasl: { mechanism: x, password: hunter2 }', 'sasl: { mechanism: x, password: ******* *'],
    ['password: "hun ter2" # mine', 'password: **** ***** # mine'],
    ["pasword: 'it''s'", 'pasword: *******'],
    ['  token: abc', '  token: ***'],
    ['client_secret: abc', 'client_secret: ***'],
    ['password: ${PW:-hunter2}', 'password: **************'],
    ['password: ${PW}hunter2', 'password: ************'],
    ['url: https://me:hunter2@host/x', 'url: https://**********@host/x'],
    ['url: https://${USER}:hunter2@host', 'url: https://${USER}********@host'],
  ])('hides what looks secret: %s', (written, shown) => expect(lineOf(written)).toBe(shown))

  test.each([
    'password: ${KAFKA_PASSWORD}',
    'password: ${KAFKA_PASSWORD:?ask the team}',
    'url: https://${USER}@host',
    'passed.exams: { partitions: 3 }',
    'orders.token: { key: string }',
    'url: https://registry.example/a@b',
  ])('shows everything else: %s', (line) => expect(lineOf(line)).toBe(line))

  test('hides the line below a secret key', () => {
    const text = 'password: |\n  hunter2\nname: x'
    expect(lineOf(text)).toBe('password: |')
    expect(lineOf(text, 14)).toBe('  *******')
    expect(lineOf(text, 22)).toBe('name: x')
  })
})
