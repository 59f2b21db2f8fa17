// More brokers do not copy what is there: topics that were made for one broker still have one copy.
import { counted } from '../../core/counted.ts'
import { type TopicShape, readTopicShapes } from '../../kafka/admin/topics.ts'
import { Cluster } from '../../kafka/cluster.ts'

/** so many are named */
const shownNames = 10

const isSingle = ({ partitions }: TopicShape): boolean => partitions.some(({ replicas }) => replicas.length === 1)

/** One line for topics that have a single copy though there are several brokers; undefined where there are none. */
export async function singleCopiesNote(bootstrap: readonly string[]): Promise<string | undefined> {
  const cluster = await Cluster.connect({ bootstrap }, {})
  try {
    const shapes = await readTopicShapes(cluster, null)
    const single = [...shapes.values()].filter(isSingle).map(({ name }) => name)
    if (single.length === 0) return undefined
    const names = single.toSorted().slice(0, shownNames).join(', ')
    const more = single.length > shownNames ? ' and more' : ''
    return `${counted(single.length, 'topic')} still at replication 1: ${names}${more}`
  } finally {
    cluster.close()
  }
}
