// Kafka's own DumpLogSegments reads the files of our logs: batches, records and both sparse indexes, also after compaction.
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { diskFiles } from '../../src/broker/storage/disk-files.ts'
import { openStore } from '../../src/broker/storage/open-store.ts'
import type { PartitionLog } from '../../src/broker/storage/partition-log.ts'
import { waitFor } from '../../src/core/deadline.ts'
import { missingOf, needed } from '../support/found.ts'
import { appended, batchOf, compacted, consume, defaultConfig, logClock } from '../support/log-fixture.ts'
import { toolJars, toolVersions } from '../support/kafka-shell.ts'
import { skipNote } from '../support/native-runtime.ts'

const run = promisify(execFile)
const jars = await toolJars('3.9')
const missing = missingOf(jars)
const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** what the tool found wrong with the files that it read last */
let complaints = ''

/** What the tool prints of these files; it reads each file's kind from its name. */
async function dump(files: readonly string[], options: readonly string[]): Promise<string> {
  const args = ['-cp', needed(jars), 'kafka.tools.DumpLogSegments', ...options, '--files', files.join(',')]
  const { stdout, stderr } = await run('java', ['-Xmx256m', ...args], { timeout: 120_000, maxBuffer: 2 ** 26 })
  complaints = stderr.replace(/^log4j:.*\n/gm, '')
  return stdout
}

const clock = logClock()

/** A log of several segments in every codec, with and without an idempotent producer, closed. */
async function writeLog(config: Partial<typeof defaultConfig>): Promise<{ folder: string; log: PartitionLog }> {
  const root = mkdtempSync(join(tmpdir(), 'evplat-segments-'))
  folders.push(root)
  const store = openStore({ files: diskFiles(root), clock, durability: 'process' })
  const small = { 'segment.bytes': 4000, 'index.interval.bytes': 300 }
  const log = store.openPartition('id', 0, () => ({ ...defaultConfig, ...small, ...config }))
  for (let n = 0; n < 100; n++) {
    const records = [0, 1, 2].map((m) => ({
      key: `k${(n + m) % 9}`,
      value: `value ${n}`,
      timestamp: clock.now() + ((n * 7) % 50),
    }))
    const producer = {
      producerId: n % 2 === 0 ? 77n : -1n,
      epoch: n % 2 === 0 ? 0 : -1,
      sequence: n % 2 === 0 ? (n / 2) * 3 : -1,
    }
    appended(log, batchOf(records, n % 5, producer))
  }
  if (config['cleanup.policy']?.compact === true) {
    const look = (): Promise<true | undefined> => {
      store.clean() // what is not on the device yet is left to a later round
      clock.advance(0)
      const isCompact = clock.running === 0 && consume(log).length < log.endOffset / 2
      return Promise.resolve(isCompact ? true : undefined)
    }
    if (!(await waitFor(look, { timeoutMs: 60_000, everyMs: 5 }))) throw new Error('the log is not compacted')
  }
  await store.close()
  return { folder: join(root, 'logs/id-0'), log }
}

const filesOf = (folder: string, kind: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(kind))
    .toSorted()
    .map((name) => join(folder, name))

describe.skipIf(missing !== undefined)(`Kafka ${toolVersions['3.9']} reads our segments${skipNote(missing)}`, () => {
  test.each([
    ['as they were written', {}],
    ['after compaction', { ...compacted, 'min.cleanable.dirty.ratio': 0 }],
  ])('%s', { timeout: 240_000 }, async (_, config) => {
    const { folder, log } = await writeLog(config)
    const printed = await dump(filesOf(folder, '.log'), ['--deep-iteration', '--print-data-log'])
    // compaction leaves gaps, and the tool names them
    const gaps = /Non-consecutive offsets in .*\n(?: +\d+ is followed by \d+\n)+/g
    expect('cleanup.policy' in config ? complaints.replace(gaps, '').trim() : complaints).toBe('')
    const batches = printed.split('\n').filter((line) => line.startsWith('baseOffset:'))
    expect(batches.length).toBeGreaterThan(10)
    for (const line of batches) expect(line).toContain('isvalid: true')
    const records = [
      ...printed.matchAll(/offset: (\d+) (?:CreateTime|LogAppendTime): (\d+).* key: (\S+) payload: (.*)/g),
    ]
    // the log is closed; its files are read by a new one
    const again = openStore({ files: diskFiles(join(folder, '../..')), clock, durability: 'process' })
    const seen = consume(again.openPartition('id', 0, () => defaultConfig))
    await again.close()
    expect(
      records.map(([, offset, timestamp, key, value]) => ({
        offset: Number(offset),
        timestamp: Number(timestamp),
        key,
        value,
      })),
    ).toEqual(seen.map(({ offset, timestamp, key, value }) => ({ offset, timestamp, key, value })))
    if (!('cleanup.policy' in config)) expect(seen).toHaveLength(log.endOffset)
    else expect(seen.length).toBeLessThan(log.endOffset / 2)
    const indexes = [...filesOf(folder, '.index'), ...filesOf(folder, '.timeindex')]
    const checked = await dump(indexes, [])
    expect(complaints).toBe('')
    expect(checked.match(/^offset: \d+ position: \d+$/gm)?.length).toBeGreaterThan(3)
    expect(checked.match(/^timestamp: \d+ offset: \d+$/gm)?.length).toBeGreaterThan(1)
  })
})
