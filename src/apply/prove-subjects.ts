// The proof for schemas: the registry is writable, the text is valid to it, and it is compatible with every version that the level
// names. A level that this plan changes is not in force yet, so the registry can't be asked: our own rules judge then.
import { mapBounded } from '../core/bounded.ts'
import { EvplatError } from '../core/errors.ts'
import { incompatibilitiesUnder, isTransitive, type Level, selfContainedText } from '../plan/judge-schema.ts'
import { mayDelete } from '../plan/make-plan.ts'
import { type Blocked, type Change, type Plan, after } from '../plan/plan.ts'
import type { Platform, Subject } from '../platform/platform.ts'
import type { RegistryPort } from './ports.ts'
import { registeredTexts } from './registered-texts.ts'

const width = 16

/** The subject changes of a plan by name, blocked where the registry would refuse them. */
export async function proveSubjects(
  plan: Plan,
  platform: Platform,
  registry: RegistryPort,
): Promise<ReadonlyMap<string, Change>> {
  const changes = plan.changes.filter((change) => change.kind === 'subject' && !change.blocked)
  const declared = new Map(platform.subjects.map((subject) => [subject.name, subject]))
  const offersDeletes = mayDelete(platform)
  const verdicts = await mapBounded(changes, width, async (change) => {
    const blocked = await judge(change, declared.get(change.name)!, registry)
    return blocked?.code === 'incompatible' && offersDeletes ? { ...blocked, remedy: remedyFor(change.name) } : blocked
  })
  const proven = new Map<string, Change>()
  changes.forEach((change, i) => {
    const own = verdicts[i] ?? blockedReference(declared.get(change.name)!, proven)
    proven.set(change.name, own ? { ...change, blocked: own } : change)
  })
  return proven
}

function remedyFor(subject: string): string {
  return `change the schema, or begin the subject anew: \`evplat schemas delete ${subject}\``
}

/** Changes come after what they refer to, so a reference that is blocked is known by now. */
function blockedReference({ references }: Subject, proven: ReadonlyMap<string, Change>): Blocked | undefined {
  const stuck = references.find((reference) => proven.get(reference.subject)?.blocked)
  return stuck && { code: 'reference-blocked', message: `it refers to "${stuck.subject}", which is blocked` }
}

async function judge(change: Change, subject: Subject, registry: RegistryPort): Promise<Blocked | undefined> {
  try {
    if (await registry.isReadOnly(subject.name)) {
      const message = `the registry takes no changes of subject "${subject.name}": its mode is READONLY`
      return { code: 'registry-read-only', message }
    }
    if (after(change, 'schema') === undefined) return undefined
    // self-contained, because what it refers to may not be registered yet
    const schema = { text: selfContainedText(subject), references: [] }
    const { compatible, messages } = await registry.check(subject.name, schema)
    const newLevel = after(change, 'compatibility') as Level | undefined
    if (newLevel !== undefined) return await judgeUnderNewLevel(subject, newLevel, registry)
    return compatible
      ? undefined
      : { code: 'incompatible', message: messages.join('\n') || 'the registry calls it incompatible' }
  } catch (thrown) {
    if (!(thrown instanceof EvplatError)) throw thrown
    if (thrown.code === 'registry-refused')
      return { code: 'registry-refused', message: thrown.parts.said ?? thrown.message }
    if (thrown.code === 'registry-unauthorised')
      return { code: 'not-authorised', message: thrown.parts.said ?? thrown.message }
    throw thrown
  }
}

async function judgeUnderNewLevel(
  subject: Subject,
  level: Level,
  registry: RegistryPort,
): Promise<Blocked | undefined> {
  if (level === 'NONE') return undefined
  const versions = (await registry.versions(subject.name)).toReversed()
  const named = isTransitive(level) ? versions : versions.slice(0, 1)
  const earlier = await mapBounded(named, width, (version) => registeredTexts(registry, subject.name, version))
  const problems = incompatibilitiesUnder(level, subject, earlier)
  return problems.length === 0 ? undefined : { code: 'incompatible', message: problems.join('\n') }
}
