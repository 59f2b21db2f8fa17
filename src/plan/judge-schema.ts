// Judges a declared schema by our own rules, where the registry can't be asked: under a level that is not in force yet.
import { inlinedText } from '../avro/canonical.ts'
import { checkLevel } from '../avro/compatibility-check.ts'
import { definedTypes } from '../avro/named-types.ts'
import { parseSchema } from '../avro/parse.ts'
import type { NamedSchema } from '../avro/schema.ts'
import type { Subject } from '../platform/platform.ts'

export type Level = NonNullable<Subject['compatibility']>

/** A registered version: its text, after the texts of the schemas that it refers to, innermost first. */
export interface RegisteredTexts {
  readonly version: number
  readonly texts: readonly string[]
}

/** Whether a level looks at every version, or at the latest only. */
export function isTransitive(level: Level): boolean {
  return level.endsWith('_TRANSITIVE')
}

/** The text of a declared schema with everything that it refers to inside, for a registry that does not know those yet. */
export function selfContainedText(subject: Subject): string {
  return inlinedText(subject.schema)
}

/** What speaks against a schema under a level; `earlier` is newest first. */
export function incompatibilitiesUnder(level: Level, subject: Subject, earlier: readonly RegisteredTexts[]): string[] {
  const parsed = earlier.map(({ version, texts }) => {
    const known = new Map<string, NamedSchema>()
    const schemas = texts.map((text) => {
      const schema = parseSchema(text, { known, lenient: true })
      for (const [name, type] of definedTypes(schema)) known.set(name, type)
      return schema
    })
    return { version, schema: schemas.at(-1)! }
  })
  return checkLevel(level, subject.schema, parsed).map((problem) => `version ${problem.version}: ${problem.message}`)
}
