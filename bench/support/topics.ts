import { awaitTopics, createTopics, deleteTopics } from '../../src/kafka/admin/topics.ts'
import { withCluster } from '../../test/support/records.ts'

/** Creates topics by one request, and waits until the brokers know them. */
export function makeTopics(bootstrap: string, names: readonly string[], partitions = 1): Promise<void> {
  return withCluster(bootstrap, async (cluster) => {
    const outcomes = await createTopics(
      cluster,
      names.map((name) => ({ name, partitions, replication: 1, configs: [] })),
      false,
    )
    if (outcomes.some(({ error }) => error !== undefined)) throw new Error('not every topic was created')
    const missing = await awaitTopics(cluster, names, 60_000)
    if (missing.length > 0) throw new Error(`${missing.length} topics did not come`)
  })
}

export function removeTopic(bootstrap: string, name: string): Promise<unknown> {
  return withCluster(bootstrap, (cluster) => deleteTopics(cluster, [name]))
}
