// `npm start`: the whole path as a user sees it, on each runtime.
import { expect, test } from 'vitest'
import { playDemo } from '../support/demo.ts'
import { evplat } from '../support/evplat.ts'
import { missingForNative, skipNote } from '../support/native-runtime.ts'

const missing = missingForNative()
const noJava = { PATH: '/nonexistent', JAVA_HOME: '', KAFKA_HOME: '' }

test('the demo walks from up to down with nothing but Node, and leaves nothing', () =>
  playDemo([], noJava, [
    '# start a Kafka broker and a Schema Registry, both within Node',
    'stopped kafka, schema-registry, faults',
  ]))

test.skipIf(missing !== undefined)(`it does so on Apache Kafka, too${skipNote(missing)}`, () =>
  playDemo(['--runtime', 'native'], {}, [
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
