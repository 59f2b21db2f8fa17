// Asks the cluster and the registry whether they would make every change of a plan, without making any. What they would refuse
// becomes BLOCKED, in their own words: so a plan that is not blocked can be applied.
import { type Blocked, type Change, type Plan, after, configsOf } from '../plan/plan.ts'
import type { Platform } from '../platform/platform.ts'
import type { ItemOutcome, Ports } from './ports.ts'
import { proveSubjects } from './prove-subjects.ts'
import { newTopicOf } from './topic-changes.ts'

/** The same plan, with `blocked` on every change that would be refused. */
export async function prove(plan: Plan, platform: Platform, ports: Ports): Promise<Plan> {
  const open = plan.changes.filter((change) => !change.blocked)
  const topics = open.filter((change) => change.kind === 'topic')
  const [refused, subjects] = await Promise.all([
    refusedTopics(topics, ports),
    ports.registry ? proveSubjects(plan, platform, ports.registry) : new Map<string, Change>(),
  ])
  const changes = plan.changes.map((change) => {
    if (change.blocked) return change
    if (change.kind === 'subject') return subjects.get(change.name) ?? change
    const error = refused.get(change.name)
    return error ? { ...change, blocked: error } : change
  })
  return { ...plan, changes }
}

/** What is refused for want of a right, with the right that it takes. */
function refusals(outcomes: readonly ItemOutcome[], right: string): (readonly [name: string, blocked: Blocked])[] {
  const remedy = `the user needs ${right}`
  return outcomes.flatMap(({ name, error }) =>
    error ? [[name, error.code === 'not-authorised' ? { ...error, remedy } : error] as const] : [],
  )
}

async function refusedTopics(topics: readonly Change[], { cluster }: Ports): Promise<ReadonlyMap<string, Blocked>> {
  const creates = topics.filter((change) => change.action === 'create').map(newTopicOf)
  const updates = topics.filter((change) => change.action === 'update')
  const growing = updates.flatMap((change) => {
    const count = after(change, 'partitions')
    return typeof count === 'number' ? [{ name: change.name, count }] : []
  })
  const altered = updates
    .map((change) => ({ name: change.name, set: configsOf(change) }))
    .filter((item) => item.set.length > 0)
  const [created, grown, configured] = await Promise.all([
    creates.length > 0 ? cluster.createTopics(creates, true) : [],
    growing.length > 0 ? cluster.createPartitions(growing, true) : [],
    altered.length > 0 ? cluster.alterConfigs(altered, true) : [],
  ])
  return new Map([
    ...refusals(created, 'CREATE on the topic or on the cluster'),
    ...refusals(grown, 'ALTER on the topic'),
    ...refusals(configured, 'ALTER_CONFIGS on the topic'),
  ])
}
