import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { parseArchive } from '../../test/support/txtar.ts'
import { editorSchema } from './editor-schema.ts'
import { topicConfigs } from './topic-configs.ts'

const schema = JSON.parse(editorSchema()) as { definitions: { configs: { properties: object } } }
const accepts = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(schema)

/** flow maps with bare variables are no YAML for editors: see shieldVariables */
const quoted = (text: string): string => text.replaceAll(/([\s[])(\$\{[^}]*\})/g, '$1"$2"')

test.each(['platform.yaml', 'src/platform/golden/shop.yaml'])('editors accept %s', (file) => {
  accepts(parse(quoted(readFileSync(file, 'utf8'))))
  expect(accepts.errors).toBeNull()
})

test('editors know every config of a topic', () =>
  expect(Object.keys(schema.definitions.configs.properties)).toEqual([...topicConfigs.keys()]))

test('everything that can be written is described', () => {
  const bare: string[] = []
  const visit = (node: unknown, path: string): void => {
    if (typeof node !== 'object' || node === null) return
    for (const [key, value] of Object.entries(node)) {
      if (key === 'properties' && path !== '')
        for (const [name, property] of Object.entries(value as object))
          if (!('description' in property) && !('not' in property)) bare.push(`${path}.${name}`)
      visit(value, ['properties', 'anyOf', 'items'].includes(key) ? path : `${path}.${key}`)
    }
  }
  visit(schema, '')
  expect(bare).toEqual([])
})

describe('what editors see of the broken files', () => {
  const folder = 'src/verify/golden'
  const byShape = ['unknown-key', 'missing-key', 'invalid-value', 'not-in-this-version', 'api-version', 'invalid-name']
  test.each(readdirSync(folder).filter((name) => byShape.includes(name.replace('.txtar', ''))))(
    '%s is refused',
    (name) => {
      const text = parseArchive(readFileSync(join(folder, name), 'utf8')).files.get('platform.yaml')!
      expect(accepts(parse(quoted(text)))).toBe(false)
    },
  )
})
