import { describe, expect, test } from 'vitest'
import { type ProducerBatch, Producers, sequenceAfter } from './producers.ts'

const max = 2 ** 31 - 1

function batch(baseSequence: number, count = 1, producerEpoch = 0, producerId = 7n): ProducerBatch {
  return { producerId, producerEpoch, baseSequence, count }
}

/** Checks and adds, with offsets that go on; answers what `check` said where nothing is written. */
function sender(producers = new Producers()): (sent: ProducerBatch) => unknown {
  let offset = 100
  return (sent) => {
    const said = producers.check(sent)
    if (said !== undefined) return typeof said === 'string' ? said : `again at ${said.firstOffset}`
    producers.add(sent, offset, offset + sent.count - 1, 1000 + offset)
    offset += sent.count
    return offset - sent.count
  }
}

describe('an idempotent producer', () => {
  test('writes in order; what it sends again is found by the exact range among the last five batches', () => {
    const send = sender()
    expect([0, 3, 6, 9, 12, 15].map((sequence) => send(batch(sequence, 3)))).toEqual([100, 103, 106, 109, 112, 115])
    expect(send(batch(15, 3))).toBe('again at 115')
    expect(send(batch(3, 3))).toBe('again at 103')
    expect(send(batch(0, 3))).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER')
    expect(send(batch(15, 2))).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER')
    expect(send(batch(19))).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER')
    expect(send(batch(18))).toBe(118)
  })

  test('starts a new epoch at 0, and an old epoch is refused', () => {
    const send = sender()
    send(batch(0, 5))
    expect(send(batch(5, 1, 1))).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER')
    expect(send(batch(0, 1, 1))).toBe(105)
    expect(send(batch(5, 1, 0))).toBe('INVALID_PRODUCER_EPOCH')
    expect(send(batch(0, 5, 0))).toBe('INVALID_PRODUCER_EPOCH')
    expect(send(batch(0, 1, 1))).toBe('again at 105')
  })

  test('that is not known may begin anywhere', () => {
    const send = sender()
    expect(send(batch(42))).toBe(100)
    expect(send(batch(44))).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER')
    expect(send(batch(9, 1, 0, 8n))).toBe(101)
  })

  test('goes on at 0 behind the largest sequence, also within a batch', () => {
    expect([sequenceAfter(max, 1), sequenceAfter(max - 1, 3), sequenceAfter(5, 0)]).toEqual([0, 1, 5])
    const send = sender()
    expect(send(batch(max - 1, 2))).toBe(100)
    expect(send(batch(0))).toBe(102)
    const wrapping = sender()
    expect(wrapping(batch(max - 1, 4))).toBe(100)
    expect(wrapping(batch(max - 1, 4))).toBe('again at 100')
    expect(wrapping(batch(2))).toBe(104)
  })

  test('is forgotten when it has not written for long', () => {
    const producers = new Producers()
    const send = sender(producers)
    send(batch(0))
    send(batch(0, 1, 0, 8n))
    producers.expire(1100)
    expect(producers.count).toBe(1)
    expect(send(batch(5))).toBe(102)
    expect(send(batch(5, 1, 0, 8n))).toBe('OUT_OF_ORDER_SEQUENCE_NUMBER')
  })

  test('is the same after encoding and decoding', () => {
    const producers = new Producers()
    const send = sender(producers)
    send(batch(0, 3))
    send(batch(0, 3, 2, 2n ** 62n))
    const again = Producers.decode(producers.encode())
    expect(again.encode()).toEqual(producers.encode())
    expect(again.isLastOf(7n, 102)).toBe(true)
    expect(again.isLastOf(7n, 101)).toBe(false)
    expect(sender(again)(batch(0, 3, 2, 2n ** 62n))).toBe('again at 103')
  })
})
