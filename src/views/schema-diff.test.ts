import { expect, test } from 'vitest'
import { schemaDiffLines } from './schema-diff.ts'

const line = (more: object, ...fields: readonly object[]): string =>
  JSON.stringify({ type: 'record', name: 'Line', namespace: 'shop', ...more, fields })

test('tells fields that come, go and change', () => {
  const before = line({}, { name: 'id', type: 'int' }, { name: 'note', type: ['null', 'string'], default: null })
  const after = line({}, { name: 'id', type: 'long' }, { name: 'tags', type: { type: 'map', values: 'string' } })
  expect(schemaDiffLines(before, after)).toEqual([
    '~ field id: int -> id: long',
    '+ field tags: map of string',
    '- field note: null | string = null',
  ])
})

test('the same type by its short and its full name is no difference', () => {
  const short = line({}, { name: 'price', type: 'Money' }, { name: 'all', type: { type: 'array', items: 'Money' } })
  const full = line(
    { name: 'shop.Line', namespace: undefined },
    { name: 'price', type: 'shop.Money' },
    { name: 'all', type: { type: 'array', items: 'shop.Money' } },
  )
  expect(schemaDiffLines(short, full)).toEqual([])
  const elsewhere = line({}, { name: 'price', type: 'shop.old.Money' }, { name: 'all', type: 'string' })
  expect(schemaDiffLines(short, elsewhere)).toEqual([
    '~ field price: Money -> price: shop.old.Money',
    '~ field all: array of Money -> all: string',
  ])
})
