import { expect, test } from 'vitest'
import { openJournal } from '../../registry-server/journal.ts'
import { createArrayLog } from '../../../test/support/array-log.ts'
import { soleWriterLog } from './schemas-log.ts'

function partition() {
  const log = createArrayLog()
  let looks = 0
  /** done just before the next append: another writer that is quicker */
  const before: (() => void)[] = []
  return {
    records: log.records,
    fates: log.fates,
    before,
    looks: () => looks,
    append: (key: Buffer | null, value: Buffer | null) => {
      before.shift()?.()
      return log.append(key!, value)
    },
    end: () => {
      looks++
      return Promise.resolve(log.records.length)
    },
    read: async (
      from: number,
      each: (record: { offset: number; key: Buffer | null; value: Buffer | null }) => void,
    ) => {
      await log.read(from, each)
      return log.records.length
    },
  }
}

const a = Buffer.from('a')

test('the only writer reads to the end and goes on from there', async () => {
  const log = partition()
  log.records.push({ offset: 0, key: a, value: null })
  const writer = soleWriterLog(log)
  const seen: number[] = []
  await writer.read(0, ({ offset }) => seen.push(offset))
  expect([await writer.append(a, a), await writer.append(a, null)]).toEqual([1, 2])
  expect(seen).toEqual([0])
})

test('a record of another writer is noticed before anything is written', async () => {
  const log = partition()
  const writer = soleWriterLog(log)
  await writer.read(0, () => undefined)
  await writer.append(a, a)
  log.records.push({ offset: 1, key: a, value: a })
  await expect(writer.append(a, a)).rejects.toMatchObject({ code: 'registry-topic-unusable' })
  expect(log.records).toHaveLength(2)
  // the no-op that a registry writes before it reads again may stand anywhere
  expect(await writer.append(a, null)).toBe(2)
  await writer.read(1, () => undefined)
  expect(await writer.append(a, a)).toBe(3)
})

test('a record of another writer that slips in is noticed by the offset', async () => {
  const log = partition()
  const writer = soleWriterLog(log)
  await writer.read(0, () => undefined)
  log.before.push(() => log.records.push({ offset: 0, key: a, value: a }))
  await expect(writer.append(a, a)).rejects.toMatchObject({ code: 'registry-topic-unusable' })
})

test('a registry on a log that moved answers from what is in it, and never twice with one id', async () => {
  const log = partition()
  const journal = await openJournal(soleWriterLog(log), { timeoutMs: 5000 })
  const version = (subject: string, id: number) => ({
    kind: 'schema' as const,
    version: { subject, version: 1, id, deleted: false, content: { type: 'AVRO', schema: '"int"', references: [] } },
  })
  const other = await openJournal(soleWriterLog(log), { timeoutMs: 5000 })
  await other.write(() => ({ records: [version('theirs', 1)], answer: 1 }))
  const register = (subject: string) =>
    journal.write((state) => {
      const id = 1 + Math.max(0, ...[...state.subjects.values()].flatMap((s) => [...s.values()].map((v) => v.id)))
      return { records: [version(subject, id)], answer: id }
    })
  await expect(register('ours')).rejects.toMatchObject({ message: expect.stringContaining('another program writes') })
  expect(await register('ours')).toBe(2)
})
