// Long lists, page by page. Some registries know no pages and send all at once, some ignore the prefix, some have no list of schemas.
import { mapBounded } from '../core/bounded.ts'
import { maybeNoEndpoint } from './absence.ts'
import type { Asking } from './asking.ts'
import type { SchemaVersion } from './registry.ts'
import { type Reader, listOf, readNames, readVersion } from './replies.ts'
import type { Ask } from './transport.ts'

/** what Confluent's registry gives at most at once, unless configured otherwise */
const pageSize = 1000

export interface ListOptions {
  readonly prefix?: string
  readonly deleted?: boolean
}

/** Names of subjects that begin with the prefix. */
export async function listSubjects(asking: Asking, { prefix, deleted }: ListOptions = {}): Promise<string[]> {
  const query = { subjectPrefix: prefix, deleted: deleted || undefined }
  const ask: Ask = { method: 'GET', path: ['subjects'], query, what: 'the list of subjects' }
  const names = (await allPages(asking, ask, { page: readNames, keyOf: (name) => name })) ?? []
  return names.filter((name) => name.startsWith(prefix ?? ''))
}

/** The newest version of every subject whose name begins with the prefix. */
export async function listLatestVersions(asking: Asking, { prefix }: ListOptions = {}): Promise<SchemaVersion[]> {
  const query = { latestOnly: true, subjectPrefix: prefix }
  const ask: Ask = { method: 'GET', path: ['schemas'], query, what: 'the list of schemas' }
  if (asking.lacks.has('schema-list')) return latestOneByOne(asking, prefix)
  const keyOf = (version: SchemaVersion): string => `${version.version} ${version.subject}`
  const versions = await allPages(asking, ask, { page: listOf(readVersion), keyOf, optional: true })
  if (!versions) {
    asking.lacks.add('schema-list')
    return latestOneByOne(asking, prefix)
  }
  const newest = new Map<string, SchemaVersion>()
  for (const version of versions)
    if (version.version > (newest.get(version.subject)?.version ?? 0)) newest.set(version.subject, version)
  return [...newest.values()].filter(({ subject }) => subject.startsWith(prefix ?? ''))
}

async function latestOneByOne(asking: Asking, prefix: string | undefined): Promise<SchemaVersion[]> {
  const subjects = await listSubjects(asking, prefix === undefined ? {} : { prefix })
  const found = await mapBounded(subjects, 16, (subject) => {
    const path = ['subjects', subject, 'versions', 'latest']
    return asking.found({ method: 'GET', path, what: `the latest version of subject "${subject}"` }, readVersion)
  })
  return found.filter((version) => version !== undefined)
}

interface Paging<T> {
  readonly page: Reader<T[]>
  /** what makes an item the same as one of another page */
  readonly keyOf: (item: T) => string
  /** not every registry has the list */
  readonly optional?: boolean
}

/** The items of all pages, each once; undefined where an optional list is missing. */
async function allPages<T>(asking: Asking, ask: Ask, paging: Paging<T>): Promise<T[] | undefined> {
  const items = new Map<string, T>()
  for (let offset = 0; ; offset += pageSize) {
    const paged = { ...ask, query: { ...ask.query, offset, limit: pageSize } }
    const reply = await asking.reply(paged)
    if (paging.optional && maybeNoEndpoint(reply)) return undefined
    const page = asking.read(paged, reply, paging.page)
    const before = items.size
    for (const item of page) items.set(paging.keyOf(item), item)
    // More than was asked for: all of it. Nothing new: the offset is ignored.
    if (page.length !== pageSize || items.size === before) return [...items.values()]
  }
}
