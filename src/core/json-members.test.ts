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

test('any object is found again in the texts of its members', () =>
  fc.assert(
    fc.property(
      fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ stringUnit: 'binary' }), { noNullPrototype: true }),
      fc.constantFrom(undefined, 1, '\t'),
      (object, indent) => {
        const texts = memberTexts(JSON.stringify(object, null, indent))
        const parsed = [...texts].map(([key, text]) => [key, JSON.parse(text) as unknown] as const)
        const written = JSON.parse(JSON.stringify(object)) as Record<string, unknown>
        expect(parsed).toEqual(Object.entries(written))
      },
    ),
  ))
