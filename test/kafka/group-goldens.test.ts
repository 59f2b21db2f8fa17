// What Apache Kafka 3.9 answers in the scenarios of groups: the goldens that the embedded broker is compared with.
// `npm run record:groups` writes them anew.
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { waitFor } from '../../src/core/deadline.ts'
import { joinGroup } from '../../src/protocol/messages/join-group.ts'
import { findCoordinator } from '../../src/protocol/messages/find-coordinator.ts'
import { openWire } from '../differential/wire.ts'
import { goldenOf, makeTopics, playedConfigs, scenarios, toText } from '../groups/scenarios.ts'
import { type Ground, play } from '../groups/stage.ts'
import { missingForNative, skipNote } from '../support/native-runtime.ts'
import { type SingleKafka, startSingleKafka } from '../support/single-kafka.ts'

const missing = missingForNative()

/** The coordinator is there when the topic behind it is: the first question creates it. */
async function awaitCoordinator(port: number): Promise<void> {
  const wire = await openWire('127.0.0.1', port)
  const ready = await waitFor(
    async () => {
      await wire.send(findCoordinator, 0, { key: 'warm-up' })
      const body = { groupId: 'warm-up', memberId: 'x', sessionTimeoutMs: 6_000, protocolType: 'x', protocols: [] }
      const reply = await wire.send(joinGroup, 0, body)
      const unknownMember = 25
      return 'answer' in reply && (reply.answer as { errorCode: number }).errorCode === unknownMember ? true : undefined
    },
    { timeoutMs: 60_000 },
  )
  wire.close()
  if (!ready) throw new Error('no coordinator of groups')
}

describe.skipIf(missing !== undefined)(`groups of Apache Kafka 3.9${skipNote(missing)}`, () => {
  let kafka: SingleKafka | undefined
  let ground: Ground
  beforeAll(async () => {
    const running = await startSingleKafka({
      javaOptions: ['-Xms64m', '-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'],
      // one partition: when it is loaded after a restart, all groups are
      configs: { ...playedConfigs, 'offsets.topic.num.partitions': '1' },
    })
    kafka = running
    const { port } = running
    const restart = async (): Promise<void> => {
      await running.restart()
      await awaitCoordinator(port)
    }
    await awaitCoordinator(port)
    // another process: nothing tells when it has read what was sent, so it gets time
    ground = { port, arrive: () => sleep(400), pass: sleep, restart }
    await play(makeTopics, ground)
  })
  afterAll(() => kafka?.close())

  test.each(scenarios)('$name', async (scenario) => {
    await expect(toText(await play(scenario, ground))).toMatchFileSnapshot(goldenOf(scenario))
  })
})
