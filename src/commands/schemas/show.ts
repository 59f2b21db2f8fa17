import { EvplatError } from '../../core/errors.ts'
import { parseJson, stringifyJson } from '../../core/json.ts'
import { withRegistry } from '../connections.ts'
import type { Context, Outcome } from '../context.ts'
import type { TargetInput } from '../addresses.ts'
import { registryTarget } from '../target.ts'
import { missingSubject } from './missing-subject.ts'

interface ShowInput extends TargetInput {
  readonly words: readonly string[]
  readonly schemaVersion: number | undefined
}

/** The text of a schema laid out for reading; what is not JSON stays as it is. */
function pretty(schema: string, type: string): string {
  return type === 'PROTOBUF' ? schema : JSON.stringify(JSON.parse(stringifyJson(parseJson(schema))), null, 2)
}

/** One version of a subject, the latest when none is named. */
export async function run(input: ShowInput, context: Context): Promise<Outcome> {
  const subject = input.words[0]!
  const to = await registryTarget(input, context)
  return withRegistry(to, context, async (registry) => {
    const versions = await registry.versions(subject)
    if (!versions) throw await missingSubject(registry, subject)
    const found = await registry.version(subject, input.schemaVersion ?? 'latest')
    if (!found)
      throw new EvplatError('subject-missing', `subject "${subject}" has no version ${input.schemaVersion}`, {
        hint: `it has ${versions.join(', ')}`,
      })
    const level = await registry.level(subject)
    const { version, id, type, schema, references } = found
    return {
      value: {
        name: subject,
        version,
        id,
        type,
        versions,
        compatibility: level ?? (await registry.globalLevel()),
        schema,
        references,
      },
      text: (style) => {
        const uses = references.map((r) => `  uses ${r.name} (${r.subject} version ${r.version})\n`).join('')
        return `${style.bold(subject)}  version ${version} of ${versions.join(', ')}, id ${id}\n${uses}${pretty(schema, type)}\n`
      },
    }
  })
}
