import { expect, test } from 'vitest'
import { serverEnvironment } from './server-environment.ts'

test('a server gets the way to its programs, the language, and options for every JVM; no secret of the user', () => {
  const kept = { PATH: '/bin', HOME: '/home/ann', LC_ALL: 'C', TZ: 'UTC', JAVA_TOOL_OPTIONS: '-Dx=1', TMPDIR: '/tmp' }
  const left = {
    KAFKA_PASSWORD: 'hunter2',
    AWS_SECRET_ACCESS_KEY: 'hunter2',
    MY_PATH: '/secret',
    NODE_OPTIONS: '--inspect',
  }
  expect(serverEnvironment({ ...kept, ...left })).toEqual(kept)
})
