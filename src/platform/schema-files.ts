// Schema files: found, read, and kept inside the platform's folder.
import { readdir, realpath } from 'node:fs/promises'
import { join, posix, relative, resolve, sep } from 'node:path'
import { mapBounded } from '../core/bounded.ts'
import { systemCode } from '../core/errors.ts'
import { isInside, isReallyInside } from '../core/files.ts'
import type { Place } from '../core/finding.ts'
import { failureText, readText } from '../yaml/read-text.ts'
import type { Report } from '../yaml/report.ts'
import { type Source, createSource } from '../yaml/source.ts'

/** the largest schema that a Schema Registry takes, and more */
const maxBytes = 1_000_000
const filesAtOnce = 16

export interface SchemaFolder {
  /** the folder of platform.yaml, absolute */
  readonly folder: string
  /** how findings name a file: from its path relative to the folder */
  readonly nameOf: (path: string) => string
  readonly report: Report
}

/** Where a schema file is asked for: the place, and the text of it as the user wrote it. */
export interface Asked {
  /** relative to the folder of platform.yaml, with `/` */
  readonly path: string
  readonly at: Place
  readonly shown: string
}

/** The path of a file relative to the folder, in one spelling. */
export function schemaPath(written: string): string {
  return posix.normalize(written.replaceAll('\\', '/'))
}

/** Reads what is asked for, each file once; what cannot be read is reported where it is asked for first. */
export async function readSchemaFiles(asked: readonly Asked[], to: SchemaFolder): Promise<Map<string, Source>> {
  const first = new Map(asked.toReversed().map((one) => [one.path, one]))
  const order = [...first.values()].toReversed()
  const sources = await mapBounded(order, filesAtOnce, (one) => readSchemaFile(one, to))
  return new Map(sources.flatMap((source, i) => (source ? [[order[i]!.path, source] as const] : [])))
}

async function readSchemaFile({ path, at, shown }: Asked, to: SchemaFolder): Promise<Source | undefined> {
  const absolute = resolve(to.folder, path)
  const outside = 'schema files lie below the folder of the platform, also when links are followed'
  const refuse = (
    code: 'file-missing' | 'file-outside' | 'schema-json',
    message: string,
    remedy: string,
  ): undefined => {
    to.report.error({ code, at, message: `the schema file ${shown} ${message}`, remedy })
    return undefined
  }
  if (!isInside(to.folder, absolute)) return refuse('file-outside', "lies outside the platform's folder", outside)
  const reading = await readText(absolute, maxBytes)
  if ('failure' in reading)
    return refuse('file-missing', failureText(reading.failure), 'paths start at the folder of the platform')
  if (!(await isReallyInside(to.folder, absolute)))
    return refuse('file-outside', "is a link out of the platform's folder", outside)
  if ('bytes' in reading) return refuse('schema-json', `has ${reading.bytes} bytes`, `at most ${maxBytes} are read`)
  if ('badAt' in reading) return refuse('schema-json', 'is not UTF-8', 'save it as UTF-8')
  return createSource(to.nameOf(path), reading.text)
}

/** Paths of all `*.avsc` below a folder, sorted, relative to the platform's folder; Node's code where it can't be read. */
export async function findSchemaFiles(dir: string, folder: string): Promise<string[] | { readonly failure: string }> {
  const start = resolve(folder, dir)
  try {
    const names = await readdir(await realpath(start), { recursive: true })
    const paths = names.filter((name) => name.endsWith('.avsc')).map((name) => relative(folder, join(start, name)))
    return paths.map((path) => schemaPath(path.split(sep).join('/'))).toSorted()
  } catch (thrown) {
    const failure = systemCode(thrown)
    if (failure === '') throw thrown
    return { failure }
  }
}
