// Services on Apache Kafka 3.9 as real processes: scenarios of test/service/long at a small size.
import { describe, expect, test } from 'vitest'
import { play } from '../service/long/scenarios.ts'
import { missingForNative, skipNote } from '../support/native-runtime.ts'

const missing = missingForNative()

describe.skipIf(missing !== undefined)(`services, Apache Kafka 3.9${skipNote(missing)}`, () => {
  test('rolling restart of three instances: nothing lost, order per key kept, those that stay are ready', async () => {
    const { seed, problems } = await play('rolling', { size: 1, perSecond: 1000, runtime: 'native' })
    expect({ seed, problems }).toEqual({ seed, problems: [] })
  })
})
