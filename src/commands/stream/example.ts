import { exampleValue } from '../../avro/example.ts'
import { EvplatError } from '../../core/errors.ts'
import { stringifyJson } from '../../core/json.ts'
import type { Platform } from '../../platform/platform.ts'
import type { RegistryClient } from '../../registry/registry.ts'
import type { Outcome } from '../context.ts'
import { declaredTopic, writingSchema } from './formats.ts'

/** A valid value of the topic's schema, on one line, ready to be edited and typed in. The declared schema needs no registry. */
export async function exampleText(
  platform: Platform | undefined,
  topic: string,
  client: RegistryClient | undefined,
): Promise<Outcome> {
  const format = declaredTopic(platform, topic)?.value
  const declared =
    format?.kind === 'avro' ? platform?.subjects.find((subject) => subject.name === format.subject)?.schema : undefined
  const schema = declared ?? (await writingSchema({ platform, topic, client }, 'value'))?.schema
  if (!schema) throw new EvplatError('usage', `topic "${topic}" has no schema to make an example of`)
  const text = stringifyJson(exampleValue(schema))
  return { value: JSON.parse(text), text: () => `${text}\n` }
}
