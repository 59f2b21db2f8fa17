// Makes the changes of a plan, in batches, and says of each what became of it. Runs nothing that is blocked and nothing beyond the plan.
import type { Level } from '../plan/judge-schema.ts'
import { EvplatError } from '../core/errors.ts'
import { type Change, type Plan, type PlannedReference, after, configsOf } from '../plan/plan.ts'
import type { ItemOutcome, Ports, RegistryPort } from './ports.ts'
import { newTopicOf } from './topic-changes.ts'

export interface ChangeResult {
  readonly kind: Change['kind']
  readonly name: string
  readonly outcome: 'done' | 'failed' | 'skipped'
  /** why, in the words of whoever refused it */
  readonly error?: string
}

export interface RunOptions {
  readonly signal: AbortSignal
  /** told before each step, for a progress line */
  readonly onStep: (text: string) => void
}

/** Runs a plan. Never throws for a change that fails: its result says so, and the others go on. */
export async function run(plan: Plan, ports: Ports, options: RunOptions): Promise<ChangeResult[]> {
  const results = new Map<Change, ChangeResult>()
  const topics = plan.changes.filter((change) => change.kind === 'topic')
  await runTopics(topics, ports, options, results)
  const versions = new Map<string, number>()
  for (const change of plan.changes.filter((c) => c.kind === 'subject')) {
    if (options.signal.aborted || !ports.registry) break
    options.onStep(`subject ${change.name}`)
    results.set(change, await runSubject(change, ports.registry, versions))
  }
  return plan.changes.map(
    (change) => results.get(change) ?? { kind: change.kind, name: change.name, outcome: 'skipped' },
  )
}

async function runTopics(
  changes: readonly Change[],
  ports: Ports,
  options: RunOptions,
  results: Map<Change, ChangeResult>,
): Promise<void> {
  const creates = changes.filter((change) => change.action === 'create')
  const altered = changes.filter((change) => change.action === 'update' && configsOf(change).length > 0)
  const growing = changes.filter(
    (change) => change.action === 'update' && typeof after(change, 'partitions') === 'number',
  )
  const { cluster } = ports
  const step = async (
    title: string,
    these: readonly Change[],
    send: () => Promise<readonly ItemOutcome[]>,
  ): Promise<void> => {
    if (these.length === 0 || options.signal.aborted) return
    options.onStep(`${title} ${these.length === 1 ? 'a topic' : `${these.length} topics`}`)
    note(these, await attempt(these, send), results)
  }
  await step('creating', creates, () => cluster.createTopics(creates.map(newTopicOf), false))
  await step('configuring', altered, () =>
    cluster.alterConfigs(
      altered.map((c) => ({ name: c.name, set: configsOf(c) })),
      false,
    ),
  )
  const grow = (): Promise<readonly ItemOutcome[]> =>
    cluster.createPartitions(
      growing.map((c) => ({ name: c.name, count: Number(after(c, 'partitions')) })),
      false,
    )
  await step('adding partitions to', growing, grow)
  const created = creates.filter((change) => results.get(change)?.outcome === 'done')
  await step('waiting for', created, async () => {
    const missing = new Set(await cluster.awaitTopics(created.map((change) => change.name)))
    const error = { code: 'broker-refused', message: 'it was created, and no broker leads it yet' } as const
    return created.map(({ name }) => (missing.has(name) ? { name, error } : { name }))
  })
}

/** how a request ends that was sent, and may have been heard */
const unanswered: ReadonlySet<unknown> = new Set(['closed', 'ECONNRESET', 'EPIPE', 'timeout', 'lost'])

/** A request that was on its way when the user interrupted, or its connection broke, may have been heard. */
function whyUnanswered({ code, message, parts }: EvplatError): string {
  if (code === 'interrupted') return 'stopped before it was answered, so it may be done'
  if (unanswered.has(parts.details?.['reason'])) return `${message}, so it may be done`
  return parts.said ?? message
}

/** A request that fails as a whole fails for each of its items. */
async function attempt(
  changes: readonly Change[],
  send: () => Promise<readonly ItemOutcome[]>,
): Promise<readonly ItemOutcome[]> {
  try {
    return await send()
  } catch (thrown) {
    if (!(thrown instanceof EvplatError)) throw thrown
    return changes.map(({ name }) => ({ name, error: { code: 'broker-refused', message: whyUnanswered(thrown) } }))
  }
}

/** One failed step makes the change failed, whatever the other steps of it did. */
function note(changes: readonly Change[], outcomes: readonly ItemOutcome[], results: Map<Change, ChangeResult>): void {
  const errors = new Map(outcomes.map(({ name, error }) => [name, error?.message]))
  for (const change of changes) {
    if (results.get(change)?.outcome === 'failed') continue
    const error = errors.get(change.name)
    const { kind, name } = change
    results.set(
      change,
      error === undefined ? { kind, name, outcome: 'done' } : { kind, name, outcome: 'failed', error },
    )
  }
}

/** Sets the level before the schema is registered, because the registry judges the schema under it. */
async function runSubject(
  change: Change,
  registry: RegistryPort,
  versions: Map<string, number>,
): Promise<ChangeResult> {
  const { kind, name } = change
  try {
    const references = resolve(change, versions)
    if (typeof references === 'string') return { kind, name, outcome: 'skipped', error: references }
    const level = after(change, 'compatibility')
    if (level !== undefined) await registry.setLevel(name, level as Level)
    const text = after(change, 'schema')
    if (typeof text === 'string') versions.set(name, await registry.register(name, { text, references }))
    return { kind, name, outcome: 'done' }
  } catch (thrown) {
    if (!(thrown instanceof EvplatError)) throw thrown
    return { kind, name, outcome: 'failed', error: whyUnanswered(thrown) }
  }
}

/** References with the versions that this run registered; a text when one of them was not. */
function resolve(
  change: Change,
  versions: ReadonlyMap<string, number>,
): { name: string; subject: string; version: number }[] | string {
  const planned = (after(change, 'references') ?? []) as readonly PlannedReference[]
  const missing = planned.find(({ subject, version }) => version === null && !versions.has(subject))
  if (missing) return `"${missing.subject}", which it refers to, was not registered`
  return planned.map(({ name, subject, version }) => ({ name, subject, version: version ?? versions.get(subject)! }))
}
