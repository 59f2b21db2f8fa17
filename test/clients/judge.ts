// Runs the exercise of one client against an embedded broker of its own, and compares what it saw and what the broker then has.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTopics } from '../../src/kafka/admin/topics.ts'
import { type Embedded, startEmbedded } from '../../src/stack/embedded/start-embedded.ts'
import { skipNote } from '../support/native-runtime.ts'
import { withCluster } from '../support/records.ts'
import type { Client } from './clients.ts'
import {
  type Feature,
  type Report,
  codecCount,
  codecNames,
  codecValue,
  expected,
  features,
  onceCount,
} from './exercise.ts'
import { committedOffsetsOf, storedIn } from './stored.ts'

/** The topics that an exercise works on; "fresh" is the client's own to create. */
async function makeTopics(bootstrap: string): Promise<void> {
  const sizes = { things: 1, work: 6, once: 1, ...Object.fromEntries(codecNames.map((codec) => [`codec-${codec}`, 1])) }
  const topics = Object.entries(sizes).map(([name, partitions]) => ({ name, partitions, replication: 1, configs: [] }))
  await withCluster(bootstrap, (cluster) => createTopics(cluster, topics, false))
}

/**
 * A suite of one client. `play` does the exercise; `missing` is why this machine can't. What the table says that the client lacks has to
 * be missing from the report, too, so that no row claims less or more than was seen.
 */
export function judge(client: Client, play: (bootstrap: string) => Promise<Report>, missing?: string): void {
  describe.skipIf(missing !== undefined)(
    `${client.name} ${client.version} on the embedded broker${skipNote(missing)}`,
    () => {
      let data: string
      let embedded: Embedded
      let report: Report
      const troubles: string[] = []

      beforeAll(async () => {
        data = await mkdtemp(join(tmpdir(), 'evplat-client-'))
        embedded = await startEmbedded({ data, onTrouble: (message) => troubles.push(message) })
        await makeTopics(embedded.bootstrap)
        embedded.faults.add({ match: { api: 'Produce', topic: 'once' }, count: 2, do: 'disconnect-after' })
        report = await play(embedded.bootstrap)
      }, 240_000)
      afterAll(async () => {
        await embedded.close()
        await rm(data, { recursive: true, force: true })
      })

      const wanted = expected(client.codecs)
      const names = (Object.keys(features) as Feature[]).filter((feature) => !(feature in client.lacks))
      test.each(names.map((name) => [features[name], name] as const))('%s', (_, name) => {
        expect(report[name]).toEqual(wanted[name])
      })

      test('it does nothing more than the table says', () => {
        expect(Object.keys(report).toSorted()).toEqual(names.toSorted())
      })

      test.each(client.codecs)('what it wrote with codec %s is kept as it was sent', async (codec) => {
        const { values, codecs } = await storedIn(embedded.bootstrap, `codec-${codec}`)
        expect(values).toEqual(Array.from({ length: codecCount }, (_none, i) => codecValue(i)))
        expect(codecs).toEqual([codec])
      })

      if (names.includes('idempotence'))
        test('no record is doubled where answers were lost', async () => {
          const { values } = await storedIn(embedded.bootstrap, 'once')
          expect(values).toEqual(Array.from({ length: onceCount }, (_none, i) => String(i)))
          expect(embedded.faults.list()).toEqual([])
        })

      // who deletes its group can't be asked any more
      if (!names.includes('groupAdmin'))
        test('its group has committed all that was read', async () => {
          expect(await committedOffsetsOf(embedded.bootstrap, 'workers')).toEqual([30, 30, 30, 30, 30, 30])
        })

      test('the broker met no bug of its own', () => {
        expect(troubles).toEqual([])
      })
    },
  )
}
