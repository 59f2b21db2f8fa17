// Sequences, epochs and times of one partition's records (KIP-98, KIP-360).
import { expect, test } from 'vitest'
import { batchAt } from '../../protocol/records/batch.ts'
import { Lane, type LaneBatch } from './lane.ts'

const fresh = { producerId: 7n, epoch: 0 }

class Bench {
  readonly lane = new Lane('orders', 3)
  readonly told: string[] = []

  add(names: string, deadline = 1000): void {
    for (const name of names)
      this.lane.add({
        key: null,
        value: Buffer.from(name),
        headers: [],
        timestamp: 5,
        partition: undefined,
        bytes: 33,
        deadline,
        done: (partition, offset, timestamp) => this.told.push(`${name} ${partition} ${offset} ${timestamp}`),
        failed: (error) => this.told.push(`${name} failed: ${(error as Error).message}`),
      })
  }

  take(): LaneBatch {
    return this.lane.take(fresh)
  }
}

/** epoch, first sequence and count of a batch */
const numbersOf = ({ bytes }: LaneBatch): number[] => [
  bytes.readInt16BE(batchAt.producerEpoch),
  bytes.readInt32BE(batchAt.baseSequence),
  bytes.readInt32BE(batchAt.count),
]

test('batches follow each other without a gap, and one at a time is under way', () => {
  const bench = new Bench()
  bench.add('abc')
  const first = bench.take()
  expect(bench.lane.isReady).toBe(false)
  bench.add('de')
  bench.lane.written(first, 40, -1)
  expect(bench.told).toEqual(['a 3 40 5', 'b 3 41 5', 'c 3 42 5'])
  const second = bench.take()
  expect(numbersOf(second)).toEqual([0, 3, 2])
  bench.lane.written(second, 43, 99)
  expect(bench.told.slice(3)).toEqual(['d 3 43 99', 'e 3 44 99'])
  expect(bench.lane.isEmpty).toBe(true)
})

test('a batch that a broker may have goes again as it was', () => {
  const bench = new Bench()
  bench.add('ab')
  const first = bench.take()
  bench.lane.again(first, 'lost', false)
  bench.add('c')
  expect(bench.take()).toBe(first)
  bench.lane.again(first, 'refused', true)
  expect(bench.take()).toBe(first)
})

test('a batch that no broker has had is built anew, without what is over its time', () => {
  const bench = new Bench()
  bench.add('a', 10)
  bench.add('b', 20)
  bench.lane.again(bench.take(), 'nobody listens', true)
  bench.lane.expire(10)
  expect(bench.told).toEqual(['a failed: topic "orders" was not written within the delivery time: nobody listens'])
  expect(numbersOf(bench.take())).toEqual([0, 0, 1])
})

test('what is given up in doubt raises the epoch, and its late answer says nothing', () => {
  const bench = new Bench()
  bench.add('a', 10)
  bench.add('b', 20)
  const doubtful = bench.take()
  bench.add('c', 30)
  bench.lane.expire(10)
  expect(bench.told.map((line) => line.slice(0, 8))).toEqual(['a failed', 'b failed'])
  bench.lane.written(doubtful, 7, -1)
  expect(bench.told).toHaveLength(2)
  expect(numbersOf(bench.take())).toEqual([1, 0, 1])
})

test('what is refused at once leaves no gap', () => {
  const bench = new Bench()
  bench.add('a')
  bench.lane.refused(bench.take(), new Error('no'))
  bench.add('b')
  expect(numbersOf(bench.take())).toEqual([0, 0, 1])
  expect(bench.told).toEqual(['a failed: no'])
})

test('smaller batches find the one that is too large, in order', () => {
  const bench = new Bench()
  bench.add('abcd')
  const sizes: number[] = []
  for (let offset = 0; bench.lane.isReady;) {
    const batch = bench.take()
    sizes.push(batch.records.length)
    if (!batch.records.some(({ value }) => String(value) === 'b')) {
      bench.lane.written(batch, offset, -1)
      offset += batch.records.length
    } else if (batch.records.length > 1) bench.lane.split(batch)
    else bench.lane.refused(batch, new Error('too large'))
  }
  expect(bench.told).toEqual(['a 3 0 5', 'b failed: too large', 'c 3 1 5', 'd 3 2 5'])
})

test('a producer that the broker does not know goes on under the next epoch, or as another one', () => {
  const bench = new Bench()
  bench.add('ab')
  bench.lane.written(bench.take(), 0, -1)
  bench.add('c')
  bench.lane.renumber(bench.take(), false)
  expect(numbersOf(bench.take())).toEqual([1, 0, 1])
  const other = new Bench()
  other.add('a')
  other.lane.renumber(other.take(), true)
  expect(numbersOf(other.lane.take({ producerId: 8n, epoch: 4 }))).toEqual([4, 0, 1])
})
