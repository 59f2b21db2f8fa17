import { expect, test } from 'vitest'
import { batchesIn } from '../../protocol/records/batch.ts'
import { BatchBuilder } from '../../protocol/records/batch-builder.ts'
import { KeptRecords } from './kept-records.ts'
import { Readings, handOver } from './readings.ts'

/** What a fetch brings: so many records, from that offset on. */
function fetched(first: number, count: number): KeptRecords {
  const builder = new BatchBuilder()
  for (let i = 0; i < count; i++) builder.add({ key: null, value: Buffer.from(`${i}`), headers: [], timestamp: 5 })
  const bytes = builder.finish()
  bytes.writeBigInt64BE(BigInt(first), 0)
  const batches = [...batchesIn(bytes)]
  return new KeptRecords({ topic: 'orders', partition: 0, from: first, next: first + count, batches })
}

function reading() {
  const readings = new Readings()
  readings.add(new Map([['orders', [0]]]))
  const only = readings.get('orders', 0)!
  only.kept.push(fetched(0, 600), fetched(600, 3))
  return only
}

test('records are handed over a few at a time and in order, none of them left', () => {
  const only = reading()
  const sizes: number[] = []
  const offsets: number[] = []
  handOver(only, (records) => {
    sizes.push(records.length)
    offsets.push(...records.map(({ offset }) => offset))
  })
  expect(sizes).toEqual([256, 256, 88, 3])
  expect(offsets).toEqual(Array.from({ length: 603 }, (_, i) => i))
  expect(only.kept).toEqual([])
})

test('who pauses finds the next record where it stopped, also between two fetches', () => {
  const only = reading()
  const stops: (number | undefined)[] = []
  while (stops.length < 4) {
    only.isPaused = false
    handOver(only, () => {
      only.isPaused = true
    })
    stops.push(only.kept[0]?.offset)
  }
  expect(stops).toEqual([256, 512, 600, undefined])
})

test('a partition that goes while it is handed over gives nothing more', () => {
  const only = reading()
  let count = 0
  handOver(only, () => {
    count++
    only.kept = []
  })
  expect(count).toBe(1)
})
