import { expect, test } from 'vitest'
import { containerOf, smallEngine } from '../../../test/support/small-engine.ts'
import type { ContainerEvent, Engine } from './engine/engine.ts'
import { followContainerLogs } from './follow-logs.ts'

const at = (second: number, text: string): string => `2026-11-23T10:00:0${second}.000000000Z ${text}`

/** An engine whose containers write what they have written, and end; `starts` tells that one is started, with more written. */
function talking(written: Record<string, string[]>) {
  const waiting: ((event: ContainerEvent) => void)[] = []
  const instead: Partial<Engine> = {
    async *logs(id) {
      yield* written[id] ?? []
    },
    events: async (_, signal) =>
      (async function* () {
        while (!signal.aborted)
          yield await new Promise<ContainerEvent>((resolve, reject) => {
            waiting.push(resolve)
            signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true })
          })
      })(),
  }
  const starts = (id: string, ...more: string[]): void => {
    written[id] = [...(written[id] ?? []), ...more]
    waiting.shift()?.({ id, action: 'start' })
  }
  return { instead, starts }
}

test('logs are followed through restarts and to containers that take the place of others, until the signal', async () => {
  const [kafka, registry] = ['kafka', 'schema-registry'].map((name) => containerOf(name, {}))
  const { instead, starts } = talking({
    'kafka-id': [at(1, 'one'), at(2, 'two')],
    'schema-registry-id': [at(3, 'other')],
  })
  const engine = smallEngine({ containers: [kafka!, registry!], instead })
  const stop = new AbortController()
  const look = () => engine.containers({})
  const lines: string[] = []
  const following = (async () => {
    const servers = ['kafka']
    for await (const some of followContainerLogs({ engine, labels: {}, look, servers, count: 9, signal: stop.signal }))
      lines.push(...some.map(({ server, line }) => `${server} ${line}`))
  })()
  await expect.poll(() => lines).toEqual(['kafka one', 'kafka two'])
  starts('kafka-id', at(4, 'three'))
  await expect.poll(() => lines).toEqual(['kafka one', 'kafka two', 'kafka three'])
  engine.there.containers = [{ ...kafka!, id: 'new-id' }, registry!]
  starts('new-id', at(1, 'anew'))
  await expect.poll(() => lines.slice(3)).toEqual(['kafka anew'])
  stop.abort()
  await following
})

test('an engine that goes away ends it with its error', async () => {
  const { instead } = talking({})
  const logs = (): AsyncIterable<string> => {
    throw new Error('gone')
  }
  const engine = smallEngine({ containers: [containerOf('kafka', {})], instead: { ...instead, logs } })
  const signal = new AbortController().signal
  const follow = followContainerLogs({
    engine,
    labels: {},
    look: () => engine.containers({}),
    servers: ['kafka'],
    count: 9,
    signal,
  })
  await expect(follow.next()).rejects.toThrow('gone')
})
