import { describe, expect, test } from 'vitest'
import { type AppendFate, createArrayLog } from '../../test/support/array-log.ts'
import { openJournal } from './journal.ts'
import type { Refusal } from './refusals.ts'
import { register } from './registration.ts'
import { versionsOf } from './state.ts'

const text = (name: string): string => JSON.stringify({ type: 'enum', name, symbols: ['A'] })
const request = (name: string) => ({ content: { type: 'AVRO', schema: text(name), references: [] } })
const codeOf = (thrown: unknown): number => (thrown as Refusal).code

describe.each<AppendFate>(['lost', 'done-but-rejected', 'silent', 'done-but-silent'])(
  'an append that ends %s',
  (fate) => {
    const happened = fate.startsWith('done')

    test('is refused, is not visible, and the next write finds out what became of it', async () => {
      const log = createArrayLog()
      const journal = await openJournal(log, { timeoutMs: 300 })
      const put = (subject: string, name: string) => journal.write((state) => register(state, subject, request(name)))
      expect(await put('orders', 'One')).toBe(1)
      log.fates.push(fate)
      expect(await put('orders', 'One')).toBe(1)
      await expect(put('payments', 'Two').catch(codeOf)).resolves.toBe(fate.endsWith('silent') ? 50002 : 50001)
      expect(versionsOf(journal.state, 'payments')).toEqual([])
      // Its id is taken if and only if it is in the log.
      expect(await put('refunds', 'Three')).toBe(happened ? 3 : 2)
      expect(versionsOf(journal.state, 'payments')).toHaveLength(happened ? 1 : 0)
      expect(await put('payments', 'Two')).toBe(happened ? 2 : 3)
    })

    test('is, after a restart, either wholly there or wholly not; nothing acknowledged is missing', async () => {
      const log = createArrayLog()
      const journal = await openJournal(log, { timeoutMs: 300 })
      const acknowledged = new Map<string, number>()
      for (const name of ['A', 'B', 'C', 'D', 'E']) {
        if (name === 'C') log.fates.push(fate)
        const id = await journal
          .write((state) => register(state, `subject-${name}`, request(name)))
          .catch(() => undefined)
        if (id !== undefined) acknowledged.set(`subject-${name}`, id)
      }
      expect(acknowledged.size).toBe(4)
      const again = await openJournal(log.reopened(), { timeoutMs: 300 })
      const found = new Map([...again.state.subjects].map(([subject, versions]) => [subject, versions.get(1)!.id]))
      for (const [subject, id] of acknowledged) expect(found.get(subject)).toBe(id)
      expect(found.size).toBe(happened ? 5 : 4)
      expect(new Set(found.values()).size).toBe(found.size)
    })
  },
)

test('a process that dies after any number of appends leaves a log that makes sense', async () => {
  const log = createArrayLog()
  const journal = await openJournal(log, { timeoutMs: 1000 })
  const acknowledgedAt = new Map<number, number>()
  for (let i = 1; i <= 12; i++) {
    const id = await journal.write((state) => register(state, `s${i % 4}`, request(`N${i % 6}`))).catch(() => undefined)
    if (id !== undefined) acknowledgedAt.set(log.records.length, id)
  }
  for (let cut = 0; cut <= log.records.length; cut++) {
    const again = await openJournal(createArrayLog(log.records.slice(0, cut)), { timeoutMs: 1000 })
    const highest = Math.max(0, ...[...acknowledgedAt].filter(([length]) => length <= cut).map(([, id]) => id))
    expect(again.state.maxId).toBe(highest)
    expect(await again.write((state) => register(state, 'fresh', request('Fresh')))).toBe(highest + 1)
  }
})

test('of several records all are seen or none, also when the second one fails', async () => {
  const log = createArrayLog()
  const journal = await openJournal(log, { timeoutMs: 300 })
  const modes = (): unknown => Object.fromEntries(journal.state.modes)
  log.fates.push('done', 'lost')
  const both = journal.write(() => ({
    records: [
      { kind: 'mode', scope: 'a', mode: 'READONLY' },
      { kind: 'mode', scope: 'b', mode: 'READONLY' },
    ],
    answer: undefined,
  }))
  await expect(both.catch(codeOf)).resolves.toBe(50001)
  expect(modes()).toEqual({})
  await journal.write(() => ({ records: [], answer: undefined }))
  expect(modes()).toEqual({ a: 'READONLY' })
})

test('while the log is silent every write is answered, and none of them happens later', async () => {
  const log = createArrayLog()
  let silent = false
  const append: typeof log.append = (key, value) => (silent ? new Promise(() => undefined) : log.append(key, value))
  const journal = await openJournal({ ...log, append }, { timeoutMs: 300 })
  const put = (name: string) => journal.write((state) => register(state, name, request(name)))
  silent = true
  const codes = await Promise.all(['A', 'B', 'C', 'D'].map((name) => put(name).catch(codeOf)))
  expect(codes).toEqual([50002, 50002, 50002, 50002])
  expect(await put('E').catch(codeOf)).toBe(50002)
  silent = false
  expect(await put('F')).toBe(1)
  expect([...journal.state.subjects.keys()]).toEqual(['F'])
})

test('an append that answers when it was given up already changes nothing more', async () => {
  const log = createArrayLog()
  const waiting: (() => void)[] = []
  let slow = false
  const gated = {
    ...log,
    append: async (key: Buffer, value: Buffer | null): Promise<number> => {
      const offset = await log.append(key, value)
      if (slow) await new Promise<void>((resolve) => waiting.push(resolve))
      return offset
    },
  }
  const journal = await openJournal(gated, { timeoutMs: 300 })
  slow = true
  const first = journal.write(() => ({
    records: [
      { kind: 'mode', scope: 'a', mode: 'READONLY' },
      { kind: 'mode', scope: 'b', mode: 'READONLY' },
    ],
    answer: undefined,
  }))
  await expect(first.catch(codeOf)).resolves.toBe(50002)
  slow = false
  await journal.write(() => ({ records: [{ kind: 'mode', scope: 'c', mode: 'IMPORT' }], answer: undefined }))
  waiting.forEach((go) => go())
  await journal.write(() => ({ records: [{ kind: 'mode', scope: 'a', mode: null }], answer: undefined }))
  expect([...journal.state.modes]).toEqual([['c', 'IMPORT']])
  const again = await openJournal(log.reopened(), { timeoutMs: 300 })
  expect([...again.state.modes]).toEqual([...journal.state.modes])
})

test('a log that can not be written to, or not be read, starts no registry', async () => {
  const log = createArrayLog()
  log.fates.push('lost')
  await expect(openJournal(log, { timeoutMs: 300 })).rejects.toThrow('the log is not to be reached')
  const unreadable = { ...createArrayLog(), read: () => Promise.reject(new Error('the disk is gone')) }
  await expect(openJournal(unreadable, { timeoutMs: 300 })).rejects.toThrow('the disk is gone')
})

test('records that can not be understood are counted and passed over', async () => {
  const log = createArrayLog()
  await log.append(Buffer.from('{"keytype":"SCHEMA","subject":"a","version":1}'), Buffer.from('{'))
  await log.append(Buffer.from('{"keytype":"OTHER"}'), Buffer.from('{}'))
  const journal = await openJournal(log, { timeoutMs: 300 })
  expect(journal.unreadable()).toBe(1)
})

test('a reader that was given up and goes on later changes nothing more', async () => {
  const log = createArrayLog()
  let late = (): void => undefined
  let hold = false
  const held: typeof log.read = (from, each) => {
    if (!hold) return log.read(from, each)
    const now = [...log.records]
    late = () => now.filter(({ offset }) => offset >= from).forEach(each)
    return new Promise(() => undefined)
  }
  const journal = await openJournal({ ...log, read: held }, { timeoutMs: 300 })
  const setMode = (mode: 'READONLY' | 'IMPORT' | null) =>
    journal.write(() => ({ records: [{ kind: 'mode', scope: 'a', mode }], answer: undefined }))
  log.fates.push('done-but-rejected')
  await setMode('READONLY').catch(codeOf)
  hold = true
  expect(await setMode('IMPORT').catch(codeOf)).toBe(50002)
  hold = false
  await setMode(null)
  late()
  expect([...journal.state.modes]).toEqual([])
})
