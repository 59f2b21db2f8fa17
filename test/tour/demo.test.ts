// `npm start`: the whole path as a user sees it, on each runtime.
import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import { evplat } from '../support/evplat.ts'
import { missingForNative, skipNote } from '../support/native-runtime.ts'

const missing = missingForNative()
const demoFolders = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('evplat-demo-'))
const noJava = { PATH: '/nonexistent', JAVA_HOME: '', KAFKA_HOME: '' }

/** Plays the demo, and looks for what both runtimes have in common and for what is their own. */
async function play(args: readonly string[], env: Readonly<Record<string, string>>, own: readonly string[]) {
  const before = demoFolders()
  const { code, stdout, stderr } = await evplat(['demo', '--events', '2000', ...args], { env, timeoutMs: 300_000 })
  expect([code, stderr.includes('error')], stdout + stderr).toEqual([0, false])
  for (const part of [
    '$ evplat up',
    'Plan: 12 to create, 0 unchanged.',
    'Applied: 12 done.',
    '2000 records written to orders.placed',
    '2000 records\n',
    'passed  schemas',
    ...own,
  ])
    expect(stdout).toContain(part)
  expect(demoFolders()).toEqual(before)
}

test('the demo walks from up to down with nothing but Node, and leaves nothing', () =>
  play([], noJava, [
    '# start a Kafka broker and a Schema Registry, both within Node',
    'stopped kafka, schema-registry, faults',
  ]))

test.skipIf(missing !== undefined)(`it does so on Apache Kafka, too${skipNote(missing)}`, () =>
  play(['--runtime', 'native'], {}, [
    '# start Apache Kafka and a Schema Registry',
    'stopped schema-registry, kafka, zookeeper',
  ]),
)

test('on Apache Kafka without Java it says what is missing and how to get on, exit 1', async () => {
  const { code, stderr } = await evplat(['demo', '--runtime', 'native'], { env: noJava, timeoutMs: 120_000 })
  expect(code).toBe(1)
  expect(stderr).toContain('error[java-missing]')
  expect(stderr).not.toMatch(/^\s+at /m)
})
