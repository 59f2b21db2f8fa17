// Reads of the cluster and the registry what the plan compares: only what the platform names.
import type { Level } from '../plan/judge-schema.ts'
import { mapBounded } from '../core/bounded.ts'
import type { Actual, ActualSubject, RegisteredReference } from '../plan/actual.ts'
import type { Platform, Subject } from '../platform/platform.ts'
import type { Ports, RegistryPort } from './ports.ts'

/** How many requests to a registry may be under way at once. */
const registryWidth = 16

export interface ReadOptions {
  readonly only?: 'topic' | 'subject'
}

/** What is there of the platform's topics and subjects. Errors of the ports pass through. */
export async function readActual(platform: Platform, ports: Ports, { only }: ReadOptions = {}): Promise<Actual> {
  const names = only === 'subject' ? [] : platform.topics.map((topic) => topic.name)
  const [{ clusterId, topics }, registered] = await Promise.all([
    ports.cluster.readTopics(names),
    only === 'topic' || !ports.registry ? nothingRegistered : readSubjects(platform.subjects, ports.registry),
  ])
  return { clusterId, topics, ...registered }
}

type Registered = Pick<Actual, 'subjects' | 'levels' | 'globalLevel'>

const nothingRegistered: Registered = { subjects: new Map(), levels: new Map(), globalLevel: 'BACKWARD' }

async function readSubjects(declared: readonly Subject[], registry: RegistryPort): Promise<Registered> {
  if (declared.length === 0) return nothingRegistered
  const globalLevel = await registry.globalLevel()
  const subjects = new Map<string, ActualSubject>()
  const levels = new Map<string, Level>()
  for (const wave of wavesOf(declared))
    await mapBounded(wave, registryWidth, async (subject) => {
      const found = await readSubject(subject, registry, subjects)
      if (found) subjects.set(subject.name, found)
      const level = subject.compatibility === undefined ? undefined : await registry.level(subject.name)
      if (level !== undefined) levels.set(subject.name, level)
    })
  return { subjects, levels, globalLevel }
}

/** Subjects that can be read at once: what a subject refers to stands in an earlier wave, because its version is needed. */
function wavesOf(subjects: readonly Subject[]): Subject[][] {
  const depth = new Map<string, number>()
  const waves: Subject[][] = []
  for (const subject of subjects) {
    const own = Math.max(0, ...subject.references.map((reference) => (depth.get(reference.subject) ?? -1) + 1))
    depth.set(subject.name, own)
    ;(waves[own] ??= []).push(subject)
  }
  return waves
}

async function readSubject(
  subject: Subject,
  registry: RegistryPort,
  known: ReadonlyMap<string, ActualSubject>,
): Promise<ActualSubject | undefined> {
  const latestVersion = (await registry.versions(subject.name)).at(-1)
  if (latestVersion === undefined) return undefined
  const latest = await registry.version(subject.name, latestVersion)
  if (!latest) return undefined
  const references = resolveReferences(subject, known)
  const matchingVersion = references && (await registry.lookup(subject.name, { text: subject.text, references }))
  return { name: subject.name, latest, ...(matchingVersion !== undefined && { matchingVersion }) }
}

/** The registered versions of what a schema refers to; undefined when one of them is not registered as declared. */
function resolveReferences(
  { references }: Subject,
  known: ReadonlyMap<string, ActualSubject>,
): RegisteredReference[] | undefined {
  const resolved: RegisteredReference[] = []
  for (const { name, subject } of references) {
    const version = known.get(subject)?.matchingVersion
    if (version === undefined) return undefined
    resolved.push({ name, subject, version })
  }
  return resolved
}
