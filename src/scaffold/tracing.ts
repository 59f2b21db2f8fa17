// What a service needs to record spans: a file of its own, packages, and two lines of its main.ts.
import { readFile } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { type OwnedFile, ownershipOf } from './ownership.ts'
import { renderFile } from './render.ts'

type Versions = Readonly<Record<string, string>>

/** The lines of src/main.ts, for authors whose file evplat can't edit. */
export const tracedLines = ["import { traced } from './tracing.ts'", 'await run(traced(service))'] as const

/** `src/tracing.ts` of the service in `dir`; `root` is the folder of the package. */
export async function tracingFile(dir: string, root: string): Promise<OwnedFile> {
  const path = posix.join(dir, 'src/tracing.ts')
  const file = await renderFile(join(root, 'templates/tracing/src/tracing.ts'), path, {})
  return { ...file, ownership: ownershipOf('src/tracing.ts'), template: 'tracing' }
}

/** The packages that it imports, with the versions that go together. */
export async function tracingPackages(root: string): Promise<Versions> {
  const text = await readFile(join(root, 'templates/tracing/package.json'), 'utf8')
  const { dependencies }: { dependencies: Versions } = JSON.parse(text)
  return dependencies
}

/**
 * The text of a package.json with the dependencies that it does not name yet, in npm's order, indented as it is. What it names keeps
 * its version. The same text where nothing is missing.
 */
export function withDependencies(text: string, packages: Versions): string {
  const before: Readonly<Record<string, unknown>> & { readonly dependencies?: Versions } = JSON.parse(text)
  const { dependencies = {} } = before
  if (Object.keys(packages).every((name) => name in dependencies)) return text
  const all = Object.entries({ ...packages, ...dependencies }).toSorted(([a], [b]) => (a < b ? -1 : 1))
  const indent = /^\{\r?\n([ \t]+)/.exec(text)?.[1] ?? 2
  const ending = /\s*$/.exec(text)![0]
  return `${JSON.stringify({ ...before, dependencies: Object.fromEntries(all) }, null, indent)}${ending}`
}

/**
 * The text of src/main.ts that runs the service with its spans; the same text where it imports them. Undefined where it is not in the
 * form that evplat wrote it in: then its author adds the lines.
 */
export function withTracing(text: string): string | undefined {
  if (/from ['"]\.\/tracing\.ts['"]/.test(text)) return text
  const first = text.search(/^import /m)
  const runs = text.match(/^await run\(service\)/gm)
  if (first === -1 || runs?.length !== 1) return undefined
  const [imported, call] = tracedLines
  const before = text.slice(0, first)
  return `${before}${imported}\n${text.slice(first).replace(/^await run\(service\)/m, () => call)}`
}
