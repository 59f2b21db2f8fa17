// The process of our Schema Registry, as it runs in a container: as process 1, which nothing but its own handler ends.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { networkInterfaces } from 'node:os'
import { afterEach, expect, test } from 'vitest'
import { startEmbedded } from '../../src/stack/embedded/start-embedded.ts'

let child: ChildProcess | undefined

afterEach(() => {
  child?.kill('SIGKILL')
})

function start(...args: string[]): ChildProcess {
  child = spawn(process.execPath, ['dist/stack/native/registry-process.js', ...args], { stdio: ['ignore', 'pipe', 2] })
  child.stdout!.setEncoding('utf8')
  return child
}

/** What a process prints until a line matches; where it ends before, all that it printed. */
async function output(process: ChildProcess, line: RegExp): Promise<string> {
  let text = ''
  for await (const part of process.stdout!.iterator({ destroyOnReturn: false })) if (line.test((text += part))) break
  return text
}

test('it ends with code 0 on SIGTERM while it still waits for a broker', async () => {
  const registry = start('--port', '0', '--bootstrap', '127.0.0.1:9')
  expect(await output(registry, /connects/)).toMatch(/INFO connects to 127\.0\.0\.1:9\n$/)
  registry.kill('SIGTERM')
  expect(await once(registry, 'exit')).toEqual([0, null])
})

const elsewhere = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4')?.address

test.skipIf(elsewhere === undefined)(
  'it listens on all addresses where it is told to (needs one beside loopback)',
  async () => {
    const stack = await startEmbedded()
    try {
      const registry = start('--host', '0.0.0.0', '--port', '0', '--bootstrap', stack.bootstrap)
      const url = /serves at (http:\S+)/.exec(await output(registry, /serves at/))?.[1]
      expect(url).toMatch(/^http:\/\/0\.0\.0\.0:\d+$/)
      const answer = await fetch(`${url!.replace('0.0.0.0', elsewhere!)}/subjects`)
      expect([answer.status, await answer.json()]).toEqual([200, []])
    } finally {
      await stack.close()
    }
  },
)
