// The client: one function per question to a registry. What a call may be refused with, and what is an ordinary "not there".
import type { RegistrySettings } from '../core/connection-settings.ts'
import type { Json, JsonObject } from '../core/json.ts'
import { isAbsent, isDeletedAlready } from './absence.ts'
import { type Asking, createAsking } from './asking.ts'
import { checkAll, checkOne } from './check.ts'
import type { Reply } from './failures.ts'
import { listSubjects, listLatestVersions } from './lists.ts'
import type { RegistryClient, SchemaById, SchemaText } from './registry.ts'
import { readId, readLevel, readMode, readNumber, readNumbers, readSchema, readVersion } from './replies.ts'
import { targetOf } from './target.ts'
import { type Ask, createTransport } from './transport.ts'

export interface ClientOptions {
  /** for one call, in milliseconds; 15 seconds unless given */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

/**
 * A client of the registry at the address of the settings; it opens connections when it is asked something.
 * Throws `usage` for an address that is no http or https URL.
 */
export function createRegistryClient(settings: RegistrySettings, options: ClientOptions = {}): RegistryClient {
  const target = targetOf(settings)
  const transport = createTransport(target, { ...options, timeoutMs: options.timeoutMs ?? 15_000 })
  const asking = createAsking(target, transport)
  return {
    url: target.url,
    ...reading(asking),
    ...writing(asking),
    ...settingsCalls(asking),
    close: () => transport.close(),
  }
}

const quoted = (subject: string): string => `subject "${subject}"`

function reading(asking: Asking) {
  const schemas = new Map<number, Promise<SchemaById | undefined>>()
  const { found } = asking
  const fetchSchema = async (id: number): Promise<SchemaById | undefined> => {
    const ask: Ask = { method: 'GET', path: ['schemas', 'ids', id], what: `the schema with id ${id}` }
    try {
      const schema = await found(ask, readSchema(id))
      if (!schema) schemas.delete(id)
      return schema
    } catch (thrown) {
      schemas.delete(id)
      throw thrown
    }
  }
  return {
    subjects: (options) => listSubjects(asking, options),
    latestVersions: (options) => listLatestVersions(asking, options),
    versions: (subject) =>
      found(
        { method: 'GET', path: ['subjects', subject, 'versions'], what: `the versions of ${quoted(subject)}` },
        readNumbers,
      ),
    version: (subject, version) => {
      const what = `version ${version} of ${quoted(subject)}`
      return found({ method: 'GET', path: ['subjects', subject, 'versions', version], what }, readVersion)
    },
    schema: (id) => {
      const known = schemas.get(id) ?? fetchSchema(id)
      schemas.set(id, known)
      return known
    },
    lookup: (subject, schema) => {
      const what = `a schema in ${quoted(subject)}`
      return found({ method: 'POST', path: ['subjects', subject], body: bodyOf(schema), what }, readVersion)
    },
    referencedBy: async (subject, version) => {
      const path = ['subjects', subject, 'versions', version, 'referencedby']
      const what = `what refers to version ${version} of ${quoted(subject)}`
      return (await found({ method: 'GET', path, what }, readNumbers)) ?? []
    },
  } satisfies Partial<RegistryClient>
}

function writing(asking: Asking) {
  const absent = (reply: Reply): boolean => isAbsent(reply) || isDeletedAlready(reply)
  const permanently = (how: 'soft' | 'permanent'): { permanent: boolean | undefined } => ({
    permanent: how === 'permanent' || undefined,
  })
  return {
    register: (subject, schema) => {
      const ask = { method: 'POST', path: ['subjects', subject, 'versions'], body: bodyOf(schema) } as const
      return asking.value({ ...ask, what: `the registration of a schema in ${quoted(subject)}` }, readId)
    },
    check: (subject, schema, versions) =>
      versions === 'all'
        ? checkAll(asking, subject, bodyOf(schema))
        : checkOne(asking, subject, bodyOf(schema), versions),
    deleteSubject: (subject, how) => {
      const what = `the ${how} deletion of ${quoted(subject)}`
      return asking.found(
        { method: 'DELETE', path: ['subjects', subject], query: permanently(how), what },
        readNumbers,
        absent,
      )
    },
    deleteVersion: (subject, version, how) => {
      const what = `the ${how} deletion of version ${version} of ${quoted(subject)}`
      const path = ['subjects', subject, 'versions', version]
      return asking.found({ method: 'DELETE', path, query: permanently(how), what }, readNumber, absent)
    },
  } satisfies Partial<RegistryClient>
}

function settingsCalls({ value, found }: Asking) {
  return {
    level: async (subject) => {
      const what = `the compatibility level of ${quoted(subject)}`
      return (await found({ method: 'GET', path: ['config', subject], what }, readLevel)) ?? undefined
    },
    globalLevel: async () => {
      const what = 'the global compatibility level'
      return (await value({ method: 'GET', path: ['config'], what }, readLevel)) ?? 'BACKWARD'
    },
    setLevel: async (subject, level) => {
      const what = `a change of the ${subject === undefined ? 'global compatibility level' : `level of ${quoted(subject)}`}`
      const path = subject === undefined ? ['config'] : ['config', subject]
      await value({ method: 'PUT', path, body: { compatibility: level }, what }, (body: Json) => body)
    },
    mode: async (subject) => {
      const whole = await value({ method: 'GET', path: ['mode'], what: 'the mode of the registry' }, readMode)
      if (subject === undefined || whole === 'READONLY_OVERRIDE') return whole
      const what = `the mode of ${quoted(subject)}`
      return (await found({ method: 'GET', path: ['mode', subject], what }, readMode)) ?? whole
    },
  } satisfies Partial<RegistryClient>
}

function bodyOf({ schema, references = [] }: SchemaText): JsonObject {
  const plain = references.map(({ name, subject, version }) => ({ name, subject, version }))
  return { schema, ...(plain.length > 0 && { references: plain }) }
}
