import { readTopicShapes } from '../../kafka/admin/topics.ts'
import { columnLines } from '../../views/table.ts'
import { withCluster } from '../connections.ts'
import type { Context, Outcome } from '../context.ts'
import type { TargetInput } from '../addresses.ts'
import { target } from '../target.ts'

interface ListInput extends TargetInput {
  readonly internal: boolean
}

/** The topics of the cluster by name, with their size and what is out of sync. */
export async function run(input: ListInput, context: Context): Promise<Outcome> {
  const to = await target(input, context)
  const shapes = await withCluster(to, context, (cluster) => readTopicShapes(cluster, null))
  const declared = new Set(to.platform?.topics.map((topic) => topic.name))
  const topics = [...shapes.values()]
    .filter((shape) => input.internal || !(shape.isInternal || shape.name === '_schemas'))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, partitions }) => ({
      name,
      partitions: partitions.length,
      replication: Math.max(0, ...partitions.map((p) => p.replicas.length)),
      outOfSync: partitions.filter((p) => p.inSync.length < p.replicas.length).length,
      ...(to.platform && { declared: declared.has(name) }),
    }))
  const table = {
    head: ['TOPIC', 'PARTITIONS', 'REPLICATION', 'OUT OF SYNC', ...(to.platform ? ['DECLARED'] : [])],
    rows: topics.map((topic) =>
      Object.values(topic).map((cell) => (cell === true ? 'yes' : cell === false ? 'no' : String(cell))),
    ),
  }
  return { value: topics, table, text: () => columnLines(table).join('\n') + '\n' }
}
