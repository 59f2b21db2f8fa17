// Transactions of other programs: on Apache Kafka alone, the embedded broker has none.
import { expect } from 'vitest'
import type { Scenario } from './reading.ts'
import { numbered } from './world.ts'

export const transacting: Readonly<Record<string, Scenario>> = {
  'reads what was committed of transactions, and over their marks': async (world, driver) => {
    const send = async (values: readonly string[], isKept: boolean): Promise<void> => {
      const transaction = await world.transaction()
      const messages = values.map((value) => ({ value, partition: 0 }))
      await transaction.send({ topic: world.topic, messages })
      await (isKept ? transaction.commit() : transaction.abort())
    }
    await world.write(0, ['0'])
    await send(['1', '2'], true)
    await send(['rolled back'], false)
    const told = world.consume(driver)
    await told.sees(numbered(3), 0)
    await send(['3'], true)
    await world.write(0, ['4'])
    await told.sees(numbered(5), 0)
    // a mark stands behind each transaction; that of the last one may come after what was written next
    expect(told.records.slice(0, 4).map(({ offset }) => offset)).toEqual([0, 1, 2, 6])
  },
}
