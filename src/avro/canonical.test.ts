import { describe, expect, test } from 'vitest'
import { canonicalText, inlinedText } from './canonical.ts'
import { definedTypes } from './named-types.ts'
import { parseSchema } from './parse.ts'

const canonical = (text: string): string => canonicalText(parseSchema(text))
const order = (more: string, fields = ''): string => `{"type":"record","name":"shop.Order"${more},"fields":[${fields}]}`

describe('the canonical text', () => {
  test.each([
    ['white space', ' [ "null" ,\n"int" ] ', '["null","int"]'],
    ['a primitive as an object', '{"type":"int"}', '"int"'],
    ['the order of keys', '{"items":{"type":"int"},"type":"array"}', '{"type":"array","items":"int"}'],
    ['the spelling of a namespace', '{"name":"Order","fields":[],"namespace":"shop","type":"record"}', order('')],
    ['full names', order('', '{"name":"n","type":"shop.Order"}'), order('', '{"name":"n","type":"Order"}')],
    [
      'an order that is the usual one',
      order('', '{"name":"n","type":"int","order":"ascending"}'),
      order('', '{"name":"n","type":"int"}'),
    ],
    ['alias spelling', order(',"aliases":["Sale"]'), order(',"aliases":["shop.Sale"]')],
    [
      'the order of keys in properties',
      '{"type":"int","b":{"d":1,"c":2},"a":1}',
      '{"a":1,"b":{"c":2,"d":1},"type":"int"}',
    ],
    [
      'a name in the place of a type',
      order('', '{"name":"n","type":{"type":"Order"}}'),
      order('', '{"name":"n","type":"Order"}'),
    ],
  ])('does not tell %s', (_, one, other) => expect(canonical(one)).toBe(canonical(other)))

  test.each([
    ['documentation', order(',"doc":"x"')],
    ['aliases', order(',"aliases":["Sale"]')],
    ['custom properties', order(',"owner":"team"')],
    ['a namespace', order('').replace('shop.', '')],
    ['fields', order('', '{"name":"a","type":"int"}')],
    ['defaults', order('', '{"name":"a","type":"int","default":0}')],
    ['order', order('', '{"name":"a","type":"int","order":"ignore"}')],
    ['documentation of fields', order('', '{"name":"a","type":"int","doc":"x"}')],
    ['logical types', order('', '{"name":"a","type":{"type":"int","logicalType":"date"}}')],
    ['properties of fields', order('', '{"name":"a","type":"int","logicalType":"date"}')],
    ['error for record', order('').replace('record', 'error')],
  ])('tells %s', (_, text) => {
    const texts = [order(''), order('', '{"name":"a","type":"int"}')].filter((other) => other !== text)
    for (const other of texts) expect(canonical(text)).not.toBe(canonical(other))
  })

  test('has the form that registries keep', () => {
    const text = order(
      ',"doc":"d","aliases":["x.Sale"],"owner":"t"',
      '{"name":"k","type":{"type":"enum","name":"Kind","symbols":["A"],"default":"A"},"default":"A","doc":"e"},' +
        '{"name":"n","type":["null",{"type":"fixed","name":"h.F","size":2},{"type":"bytes","logicalType":"decimal","precision":4}],"aliases":["m"]}',
    )
    expect(canonical(text)).toBe(
      '{"type":"record","name":"Order","namespace":"shop","doc":"d","fields":[' +
        '{"name":"k","type":{"type":"enum","name":"Kind","symbols":["A"],"default":"A"},"doc":"e","default":"A"},' +
        '{"name":"n","type":["null",{"type":"fixed","name":"F","namespace":"h","size":2},' +
        '{"type":"bytes","logicalType":"decimal","precision":4}],"aliases":["m"]}],"owner":"t","aliases":["x.Sale"]}',
    )
  })

  test.each([
    order(
      '',
      '{"name":"a","type":{"type":"record","name":"Order","namespace":"","fields":[]}},{"name":"b","type":".Order"}',
    ),
    order('', '{"name":"a","type":{"type":"fixed","name":"shop.enum","size":1}},{"name":"b","type":"shop.enum"}'),
    order('', '{"name":"a","type":{"type":"fixed","name":"x.F","size":1,"aliases":[".G"]}},{"name":"b","type":"x.F"}'),
    order('', '{"name":"a","type":{"type":"fixed","name":"T","namespace":"","size":1}},{"name":"b","type":"T"}'),
    order('', '{"name":"a","type":"long","default":9223372036854775807}'),
  ])('is read back as the same schema: %s', (text) => {
    expect(parseSchema(canonical(text))).toEqual(parseSchema(text))
    expect(canonical(canonical(text))).toBe(canonical(text))
  })

  test('types of other schemas are written as names, or inlined', () => {
    const money = '{"type":"record","name":"com.Money","fields":[{"name":"cents","type":"long"}]}'
    const known = definedTypes(parseSchema(money))
    const text = order('', '{"name":"a","type":"com.Money"},{"name":"b","type":["null","com.Money"]}')
    const schema = parseSchema(text, { known })
    expect(canonicalText(schema, { external: new Set(['com.Money']) })).toBe(
      '{"type":"record","name":"Order","namespace":"shop","fields":[{"name":"a","type":"com.Money"},{"name":"b","type":["null","com.Money"]}]}',
    )
    expect(parseSchema(inlinedText(schema))).toEqual(schema)
    expect(inlinedText(schema)).toContain('{"type":"record","name":"Money","namespace":"com","fields":')
  })
})
