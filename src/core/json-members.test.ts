import fc from 'fast-check'
import { expect, test } from 'vitest'
import { memberTexts } from './json-members.ts'

test('the texts of members are what they were written as', () => {
  const text = ' { "a" : 1.50 ,"b\\"\\\\":[1,{"x":"}\\",]"}], "" :"\\\\","c":{"d":{}},"n":-0\n}\n'
  expect([...memberTexts(text)]).toEqual([
    ['a', '1.50'],
    ['b"\\', '[1,{"x":"}\\",]"}]'],
    ['', '"\\\\"'],
    ['c', '{"d":{}}'],
    ['n', '-0'],
  ])
  expect([...memberTexts(' {} ')]).toEqual([])
  expect(memberTexts('{"a":1,"a":2}').get('a')).toBe('2')
})

const text = fc.string({
  unit: fc.constantFrom('a', '"', '\\', '{', '}', '[', ']', ',', ':', ' ', '\n', '\u0000', 'é', '🌍'),
})

test('any object is found again in the texts of its members', () =>
  fc.assert(
    fc.property(
      fc.array(fc.tuple(text, fc.oneof(text, fc.array(text), fc.dictionary(text, text), fc.integer()))),
      fc.constantFrom(undefined, 1, '\t'),
      (entries, indent) => {
        const object = Object.fromEntries(entries)
        const texts = [...memberTexts(JSON.stringify(object, null, indent))]
        const expected = Object.entries(object).map(([key, value]) => [key, JSON.stringify(value)])
        expect(texts.map(([key, written]) => [key, JSON.stringify(JSON.parse(written))])).toEqual(expected)
      },
    ),
  ))
