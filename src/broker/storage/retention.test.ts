// Retention by time and by size.
import { describe, expect, test } from 'vitest'
import { appended, batchOf, compacted } from '../../../test/support/log-fixture.ts'
import { offsets, openLog } from '../../../test/support/opened-log.ts'

const start = 1_700_000_000_000

describe('retention', () => {
  test('by time drops whole segments whose newest record is too old', () => {
    const { store, log, clock } = openLog({ 'segment.bytes': 150, 'retention.ms': 1000 })
    for (let n = 0; n < 10; n++) appended(log, batchOf([{ timestamp: start + n * 100 }]))
    clock.advance(1350)
    store.clean()
    expect(log.startOffset).toBe(4)
    expect(offsets(log)).toEqual([4, 5, 6, 7, 8, 9])
  })

  test('by time empties a log whose newest record is too old, and offsets go on', () => {
    const { store, log, clock } = openLog({ 'retention.ms': 1000 })
    for (let n = 0; n < 3; n++) appended(log, batchOf([{ timestamp: start }]))
    clock.advance(1001)
    store.clean()
    expect(log).toMatchObject({ startOffset: 3, endOffset: 3, size: 0 })
    store.clean()
    expect(appended(log, batchOf([{}])).baseOffset).toBe(3)
    expect(offsets(log)).toEqual([3])
  })

  test('records without a time are as old as their segment', () => {
    const { store, log, clock } = openLog({ 'retention.ms': 1000 })
    appended(log, batchOf([{ timestamp: -1 }]))
    clock.advance(1000)
    store.clean()
    expect(log.startOffset).toBe(0)
    clock.advance(1)
    store.clean()
    expect(log.startOffset).toBe(1)
  })

  test('by size keeps at least what is allowed', () => {
    const { store, log } = openLog({ 'segment.bytes': 150, 'retention.bytes': 300, 'retention.ms': -1 })
    for (let n = 0; n < 20; n++) appended(log, batchOf([{}]))
    store.clean()
    expect(log.size).toBeGreaterThanOrEqual(300)
    expect(log.size).toBeLessThan(300 + 150)
    expect(log.startOffset).toBeGreaterThan(10)
  })

  test('is off for a topic that is only compacted', () => {
    const { store, log, clock } = openLog({
      ...compacted,
      'segment.bytes': 150,
      'retention.ms': 1000,
      'retention.bytes': 1,
    })
    for (let n = 0; n < 4; n++) appended(log, batchOf([{ key: `${n}` }]))
    clock.advance(100_000)
    store.clean()
    expect(log.startOffset).toBe(0)
  })

  test('listeners hear of it, and it is there after a restart', async () => {
    const first = openLog({ 'segment.bytes': 150, 'retention.ms': 1000 }, { durability: 'process' })
    for (let n = 0; n < 4; n++) appended(first.log, batchOf([{ timestamp: start + n * 1000 }]))
    let heard = 0
    first.log.onMove(() => heard++)
    first.clock.advance(2500)
    first.store.clean()
    expect(heard).toBe(1)
    expect(first.log.startOffset).toBe(2)
    const crashed = openLog({}, { files: first.files, durability: 'process' })
    expect(offsets(crashed.log)).toEqual([2, 3])
    await crashed.store.close()
    expect(offsets(openLog({}, { files: first.files, durability: 'process' }).log)).toEqual([2, 3])
  })
})
