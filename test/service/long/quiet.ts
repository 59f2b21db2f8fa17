// Whether a group is done: so that what is handled once more is counted, too.
import { setTimeout as sleep } from 'node:timers/promises'
import { committedOffsets } from '../../../src/kafka/admin/coordinator.ts'
import type { Cluster } from '../../../src/kafka/cluster.ts'
import { listOffsets } from '../../../src/kafka/read/list-offsets.ts'
import { partitions, readTopics, serviceName } from './contract.ts'

/** how long nothing may happen in the end, and how long there may be no progress */
const [quietMs, patienceMs] = [2000, 60_000]

/**
 * Waits until the group has committed the end of every partition that it reads, and `count` stays as it is. Resolves with partitions that
 * are not committed to their end when there was no progress for a minute.
 */
export async function untilQuiet(cluster: Cluster, count: () => number): Promise<string[]> {
  let [before, since] = ['', Date.now()]
  for (;;) {
    const behind = await behindEnd(cluster)
    const now = `${count()} ${behind.join()}`
    if (now !== before) [before, since] = [now, Date.now()]
    const quiet = Date.now() - since
    if (quiet >= (behind.length === 0 ? quietMs : patienceMs)) return behind
    await sleep(250)
  }
}

async function behindEnd(cluster: Cluster): Promise<string[]> {
  const committed = new Map(
    (await committedOffsets(cluster, serviceName)).map((one) => [`${one.topic}-${one.partition}`, one.committed]),
  )
  const all = Array.from({ length: partitions }, (_, i) => i)
  const behind: string[] = []
  for (const topic of readTopics)
    for (const [partition, end] of await listOffsets(cluster, {
      topic,
      partitions: all,
      at: 'end',
      readCommitted: true,
    })) {
      const at = committed.get(`${topic}-${partition}`) ?? 0
      if (at < end) behind.push(`${topic}-${partition} is at ${at} of ${end}`)
    }
  return behind
}
