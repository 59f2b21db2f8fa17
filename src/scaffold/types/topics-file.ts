// A service of platform.yaml and its topics -> `topics.ts`: what the service is, and how its events are written.
import { inlinedText } from '../../avro/canonical.ts'
import { type Json, type JsonObject, parseJson } from '../../core/json.ts'
import type { Format, Service, Subject, Topic } from '../../platform/platform.ts'
import { docComment } from './declarations.ts'
import { keyText, literal, textLiteral } from './literal.ts'
import { header } from './types-file.ts'

/** The names in `types.ts` of the types of a subject. */
export type SubjectTypes = ReadonlyMap<string, { readonly given: string; readonly sent: string }>

/** What topics.ts is made of: the topics and subjects are those of the service. */
export interface TopicsInput {
  readonly service: Service
  readonly topics: readonly Topic[]
  readonly subjects: readonly Subject[]
  readonly types: SubjectTypes
}

/** The text of `topics.ts`. */
export function topicsFile(input: TopicsInput): string {
  const { service, subjects, topics } = input
  const imports = [
    `import type { DeclaredService${topics.length > 0 ? ', Topic' : ''} } from '@evplat/service'\n`,
    ...(subjects.length > 0 ? ["import type * as types from './types.ts'\n"] : []),
  ]
  const parts = [
    header + imports.join(''),
    `${docComment(['What platform.yaml declares of the service.'])}export const service: DeclaredService = ${literal(declared(service))}\n`,
    ...(subjects.length > 0 ? [schemasText(subjects)] : []),
    `${docComment(['The topics that the service produces or consumes.'])}export const topics = {${topics.map((topic) => topicText(topic, input)).join('')}${topics.length > 0 ? '\n' : ''}}\n`,
  ]
  return parts.join('\n')
}

function declared({ name, group, port, failures }: Service): JsonObject {
  return { name, group, ...(port !== undefined && { port }), ...(failures && { failures }) }
}

function schemasText(subjects: readonly Subject[]): string {
  const doc = docComment(['The Avro schemas by subject, each with every type that it needs.'])
  const entries = subjects.map(({ name, schema }) => `  ${keyText(name)}: ${literal(schemaJson(schema), '  ')},\n`)
  return `${doc}export const schemas = {\n${entries.join('')}}\n`
}

const schemaJson = (schema: Subject['schema']): Json => parseJson(inlinedText(schema))

function topicText(topic: Topic, { service, types }: TopicsInput): string {
  const key = typesOf(topic.key, types)
  const value = typesOf(topic.value, types)
  const parameters = [key.sent, value.given, ...(value.sent === value.given ? [] : [value.sent])]
  return `
  ${keyText(topic.name)}: {
    key: ${formatText(topic.key)},
    value: ${formatText(topic.value)},
    produced: ${service.produces.includes(topic.name)},
    consumed: ${service.consumes.includes(topic.name)},
  } as Topic<${parameters.join(', ')}>,`
}

function formatText(format: Format): string {
  if (format.kind !== 'avro') return `{ kind: '${format.kind}' }`
  const key = keyText(format.subject)
  const schema = key === format.subject ? `schemas.${key}` : `schemas[${key}]`
  return `{ kind: 'avro', subject: ${textLiteral(format.subject)}, schema: ${schema} }`
}

function typesOf(format: Format, types: SubjectTypes): { readonly given: string; readonly sent: string } {
  switch (format.kind) {
    case 'avro': {
      const { given, sent } = types.get(format.subject)!
      return { given: `types.${given}`, sent: `types.${sent}` }
    }
    case 'string':
      return { given: 'string', sent: 'string' }
    case 'json':
      return { given: 'unknown', sent: 'unknown' }
    case 'bytes':
      return { given: 'Buffer', sent: 'Buffer' }
  }
}
