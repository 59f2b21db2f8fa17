// Maps and lists of platform.yaml, as the parts of the shape are put together.
import * as z from 'zod/mini'
import { editor, variable } from './leaf.ts'
import type { TopicConfig } from './topic-configs.ts'

/** A map with these keys and no others. Its issues carry the known keys, one a line, as their message. */
export function keyed<T extends z.core.$ZodLooseShape>(shape: T): z.ZodMiniObject<T, z.core.$strict> {
  return z.strictObject(shape, { error: () => Object.keys(shape).join('\n') })
}

/** A map whose keys are names that the user gives. */
export function named<T extends z.ZodMiniType>(value: T): z.ZodMiniRecord<z.ZodMiniString, T> {
  return z.record(z.string(), value)
}

/** What may stand there without a value: `topics:` and nothing behind it. */
export const maybe = z.nullable
export const optional = z.exactOptional

/** A value of a Kafka config: text, or a list of it. */
export function configValue(): z.ZodMiniTransform<string | string[], unknown> {
  const schema = z.transform((input: unknown, context): string | string[] => {
    if (typeof input === 'string') return input
    if (Array.isArray(input) && input.every((item) => typeof item === 'string')) return input
    context.issues.push({ code: 'custom', input, params: { expected: 'a value, or a list of values', example: '7d' } })
    return z.NEVER
  })
  const scalar = { type: ['string', 'number', 'boolean'] }
  editor.add(schema, { anyOf: [scalar, { type: 'array', items: scalar }] })
  return schema
}

/** How an editor checks one known config. Exact bounds are left to the loader. */
export function configJson(config: TopicConfig): Record<string, unknown> {
  const description = `${config.onlyBefore4 ? 'Not in Kafka 4. ' : ''}Default: ${config.default === '' ? 'empty' : config.default}`
  switch (config.kind) {
    case 'boolean':
      return { description, anyOf: [{ type: 'boolean' }, { enum: ['true', 'false'] }, variable] }
    case 'choice':
      return { description, anyOf: [{ enum: config.choices }, variable] }
    case 'list': {
      const item = config.choices ? { enum: config.choices } : { type: 'string' }
      return { description, anyOf: [item, { type: 'string' }, { type: 'array', items: item }] }
    }
    case 'text':
      return { description, type: ['string', 'number'] }
    case 'duration':
    case 'size':
    case 'int':
    case 'long':
    case 'ratio':
      return { description, type: ['string', 'number'], pattern: String.raw`^-?[\d.]|\$\{` }
  }
}
