// The schemas of a platform -> subjects in the order of registration.
import { canonicalText } from '../avro/canonical.ts'
import type { CompatibilityLevel } from '../avro/compatibility-level.ts'
import type { Place } from '../core/finding.ts'
import { type Located, keyPlaceOf, placeOf, shown, shownAt } from './located.ts'
import type { Subject } from './platform.ts'
import { type Asked, type SchemaFolder, findSchemaFiles, readSchemaFiles, schemaPath } from './schema-files.ts'
import { failureText } from '../yaml/read-text.ts'
import { indexTypes, reportDifferentTwins } from './schema-index.ts'
import { type ResolvedFile, type Resolver, resolveFile } from './schema-resolver.ts'
import type { Problem } from '../yaml/report.ts'
import type { PlatformInput } from './shape.ts'
import { subjectOf } from './topics.ts'
import type { Path } from '../yaml/tree.ts'

/** A schema as a topic names it. */
interface Declared {
  readonly subject: string
  readonly path: string
  readonly compatibility?: CompatibilityLevel
  readonly at: Place
  readonly shown: string
  /** for messages: what in the file names it */
  readonly user: string
}

/** Every schema that topics name, and what these use; each problem is reported. */
export async function readSubjects(input: PlatformInput, file: Located, to: SchemaFolder): Promise<Subject[]> {
  const declared = declaredSchemas(input, file)
  if (declared.length === 0) return []
  const found = await schemasInDir(input.schemas?.dir, file, to)
  const sources = await readSchemaFiles([...declared, ...found], to)
  const paths = found.map(({ path }) => path)
  const resolver: Resolver = { sources, index: indexTypes(paths, sources), report: to.report, done: new Map() }
  for (const { path, user } of declared) resolveFile(resolver, path, user)
  for (const path of paths) resolveFile(resolver, path, 'it lies where "schemas.dir" says')
  const resolved = [...resolver.done.values()].filter((one) => one !== undefined)
  reportDifferentTwins(resolved, to.report)
  const kept = withoutClashes(declared, resolver, to)
  return inOrder(kept, resolver)
}

function declaredSchemas(input: PlatformInput, file: Located): Declared[] {
  return Object.entries(input.topics ?? {}).flatMap(([topic, fields]) =>
    (['key', 'value'] as const).flatMap((part): Declared[] => {
      const format = fields?.[part]
      if (typeof format !== 'object') return []
      const path: Path = ['topics', topic, part, 'schema']
      const at = placeOf(file, path)
      const subject = subjectOf(topic, part, format)
      const { compatibility } = format
      return [
        {
          subject,
          path: schemaPath(format.schema),
          ...(compatibility !== undefined && { compatibility }),
          at,
          shown: shownAt(file, path),
          user: `"${part}" of "${topic}" in ${at.file}:${at.line} uses it`,
        },
      ]
    }),
  )
}

async function schemasInDir(dir: string | undefined, file: Located, to: SchemaFolder): Promise<Asked[]> {
  const paths = await findSchemaFiles(dir ?? 'schemas', to.folder)
  const isList = Array.isArray(paths)
  if (!isList && dir !== undefined)
    to.report.error({
      code: 'file-missing',
      at: placeOf(file, ['schemas', 'dir']),
      message: `the folder ${shownAt(file, ['schemas', 'dir'])} ${failureText(paths.failure)}`,
      remedy: 'name a folder below the one of the platform',
    })
  const at = keyPlaceOf(file, ['schemas', 'dir'])
  return (isList ? paths : []).map((path) => ({ path, at, shown: shown(path) }))
}

/** One declaration for each subject. Others of the same subject must say the same, a type that is registered there too. */
function withoutClashes(declared: readonly Declared[], resolver: Resolver, { report }: SchemaFolder): Declared[] {
  const first = new Map<string, Declared>()
  const used = new Set([...resolver.done.values()].flatMap((file) => file?.uses ?? []))
  for (const one of declared) {
    const type = used.has(one.subject) ? resolver.index.get(one.subject) : undefined
    const clash = clashWith(one, first.get(one.subject), type, resolver.done)
    if (clash) report.error({ code: 'subject-clash', at: one.at, ...clash })
    first.set(one.subject, first.get(one.subject) ?? one)
  }
  return [...first.values()]
}

type Clash = Pick<Problem, 'message' | 'remedy'>

/** What is wrong with a second declaration of a subject, or with one where the type of the file `type` is registered. */
function clashWith(
  one: Declared,
  other: Declared | undefined,
  type: string | undefined,
  done: Resolver['done'],
): Clash | undefined {
  const { subject } = one
  const differs = (path: string): boolean => {
    const [mine, others] = [done.get(one.path), done.get(path)]
    return mine !== undefined && others !== undefined && canonicalText(mine.schema) !== canonicalText(others.schema)
  }
  const remedy = 'give one of them another `subject`'
  if (other && differs(other.path))
    return { message: `the subject "${subject}" has another schema in line ${other.at.line}`, remedy }
  if (other && other.compatibility !== one.compatibility)
    return {
      message: `the subject "${subject}" has another compatibility in line ${other.at.line}`,
      remedy: 'say the same level in both places',
    }
  if (type !== undefined && differs(type))
    return {
      message: `the type "${subject}" of "${type}" is registered as the subject that this schema wants`,
      remedy: 'give this one another `subject`',
    }
  return undefined
}

/** Declared subjects, each after the types that it uses; these are registered under their full names. */
function inOrder(declared: readonly Declared[], resolver: Resolver): Subject[] {
  const subjects = new Map<string, Subject>()
  const bySubject = new Map(declared.map((one) => [one.subject, one]))
  const add = (name: string, file: ResolvedFile, one: Declared | undefined): void => {
    if (subjects.has(name)) return
    for (const used of file.uses) {
      const other = resolver.done.get(resolver.index.get(used) ?? '')
      if (other) add(used, other, bySubject.get(used))
    }
    subjects.set(name, {
      name,
      at: one?.at ?? { file: file.source.file, line: 1, column: 1 },
      file: file.path,
      text: file.source.text,
      schema: file.schema,
      references: file.uses.map((used) => ({ name: used, subject: used })),
      ...(one?.compatibility !== undefined && { compatibility: one.compatibility }),
    })
  }
  for (const one of declared) {
    const file = resolver.done.get(one.path)
    if (file) add(one.subject, file, one)
  }
  return [...subjects.values()]
}
