import { counted } from '../../core/counted.ts'
import { EvplatError } from '../../core/errors.ts'
import { deleteTopics, readTopicShapes } from '../../kafka/admin/topics.ts'
import type { Cluster } from '../../kafka/cluster.ts'
import { listOffsets } from '../../kafka/read/list-offsets.ts'
import { findLeaders } from '../../kafka/topic-partitions.ts'
import { withCluster } from '../connections.ts'
import type { Context, Outcome } from '../context.ts'
import { confirmDeletion, deletionOutcome, refuseByPolicy } from '../deletion.ts'
import type { TargetInput } from '../addresses.ts'
import { target } from '../target.ts'

interface DeleteInput extends TargetInput {
  readonly words: readonly string[]
  readonly yes: boolean
}

function refuseInternal(names: readonly string[]): void {
  const internal = names.find((name) => name.startsWith('__') || name === '_schemas')
  if (internal !== undefined)
    throw new EvplatError(
      'protected',
      `topic "${internal}" belongs to the cluster itself and is not deleted by evplat`,
      {
        ...(internal === '_schemas' && {
          hint: 'it holds the schemas of the registry: `evplat schemas delete` deletes those',
        }),
      },
    )
}

async function preview(cluster: Cluster, name: string): Promise<string> {
  const shape = (await readTopicShapes(cluster, [name])).get(name)!
  const query = { topic: name, partitions: shape.partitions.map((p) => p.id), readCommitted: false }
  const [starts, ends] = await Promise.all([
    listOffsets(cluster, { ...query, at: 'start' }),
    listOffsets(cluster, { ...query, at: 'end' }),
  ])
  const records = [...ends].reduce((sum, [partition, end]) => sum + end - (starts.get(partition) ?? 0), 0)
  return `topic ${name}: ${counted(shape.partitions.length, 'partition')}, about ${counted(records, 'record')}`
}

/** Deletes topics by name, after showing what is in them and asking for the name. */
export async function run(input: DeleteInput, context: Context): Promise<Outcome> {
  const names = [...new Set(input.words)]
  refuseInternal(names)
  const to = await target(input, context)
  refuseByPolicy(to.platform)
  return withCluster(to, context, async (cluster) => {
    for (const name of names) await findLeaders(cluster, name)
    const previews = input.yes ? [] : await Promise.all(names.map((name) => preview(cluster, name)))
    await confirmDeletion(names, previews, input.yes, context)
    const outcomes = await deleteTopics(cluster, names)
    return deletionOutcome('topic', outcomes)
  })
}
