// The values of all dead letters.
import { ownDriver } from '../../../src/kafka/driver/own-driver.ts'
import { deadLetters, partitions } from './contract.ts'

export async function deadLettersOf(bootstrap: string): Promise<string[]> {
  const settings = { bootstrap: [bootstrap] }
  const all = new Map([[deadLetters, Array.from({ length: partitions }, (_, i) => i)]])
  const ends = (await ownDriver.offsetsAt(settings, all, 'latest')).get(deadLetters) ?? new Map<number, number>()
  const expected = [...ends.values()].reduce((sum, end) => sum + end, 0)
  const values: string[] = []
  const consumer = ownDriver.consume(
    settings,
    { group: 'audit', topics: [deadLetters], startFrom: 'earliest', sessionMs: 6000, rebalanceMs: 10_000 },
    {
      assigned: () => undefined,
      records: (records) => void values.push(...records.map(({ value }) => `${value}`)),
      revoked: () => Promise.resolve(),
      lost: () => undefined,
      trouble: () => undefined,
    },
  )
  for (const end = Date.now() + 15_000; values.length < expected && Date.now() < end;)
    await new Promise((resolve) => setTimeout(resolve, 100))
  await consumer.stop(5000)
  return values
}
