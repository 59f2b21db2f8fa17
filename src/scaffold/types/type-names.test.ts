import { expect, test } from 'vitest'
import { namedTypesIn } from '../../avro/named-types.ts'
import { parseSchema } from '../../avro/parse.ts'
import { capitalised, createNames, nameTypes } from './type-names.ts'

function namesOf(...fullNames: readonly string[]): [string, string][] {
  const schema = parseSchema(JSON.stringify(fullNames.map((name) => ({ type: 'fixed', name, size: 1 }))))
  return [...nameTypes(namedTypesIn(schema), createNames())]
}

test('a type has its short name, and its namespace where two have the same', () =>
  expect(namesOf('shop.Order', 'shop.State', 'bank.eu.State', 'State')).toEqual([
    ['shop.Order', 'Order'],
    ['shop.State', 'ShopState'],
    ['bank.eu.State', 'BankEuState'],
    ['State', 'State'],
  ]))

test('a name that came about is not that of another type', () =>
  expect(new Map(namesOf('a.Item', 'b.Item', 'shop.AItem'))).toEqual(
    new Map([
      ['shop.AItem', 'AItem'],
      ['a.Item', 'AItem_'],
      ['b.Item', 'BItem'],
    ]),
  ))

test('words of TypeScript are no names', () =>
  expect(namesOf('shop.any', 'shop.class').map(([, name]) => name)).toEqual(['any_', 'class_']))

test('the words of a topic are one name', () =>
  expect([
    capitalised('orders.placed', 'value'),
    capitalised('a-b_c', 'key'),
    capitalised('2026.orders', 'value'),
  ]).toEqual(['OrdersPlacedValue', 'AB_cKey', '_2026OrdersValue']))
