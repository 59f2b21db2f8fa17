// `npm start`: the whole path on a real Kafka, as a user sees it.
import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import { evplat } from '../support/evplat.ts'
import { missingForNative, skipNote } from '../support/native-runtime.ts'

const missing = missingForNative()
const demoFolders = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('evplat-demo-'))

test.skipIf(missing !== undefined)(
  `the demo walks from up to down and leaves nothing${skipNote(missing)}`,
  async () => {
    const before = demoFolders()
    const { code, stdout, stderr } = await evplat(['demo', '--events', '2000'], { timeoutMs: 300_000 })
    expect([code, stderr.includes('error')], stdout + stderr).toEqual([0, false])
    for (const part of [
      '$ evplat up',
      'Plan: 12 to create, 0 unchanged.',
      'Applied: 12 done.',
      '2000 records written to orders.placed',
      '2000 records\n',
      'passed  schemas',
      'stopped schema-registry, kafka, zookeeper',
    ])
      expect(stdout).toContain(part)
    expect(demoFolders()).toEqual(before)
  },
)

test('without Java it says what is missing and how to get on, exit 1', async () => {
  const { code, stderr } = await evplat(['demo'], {
    env: { PATH: '/nonexistent', JAVA_HOME: '', KAFKA_HOME: '' },
    timeoutMs: 120_000,
  })
  expect(code).toBe(1)
  expect(stderr).toContain('error[java-missing]')
  expect(stderr).not.toMatch(/^\s+at /m)
})
