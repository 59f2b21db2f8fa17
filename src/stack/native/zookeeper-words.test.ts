import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { askZooKeeper, isServing, liveBrokers } from './zookeeper-words.ts'

const dump = `SessionTracker dump:
Session Sets (2)/(1):
0 expire at Mon Nov 23 14:20:24 UTC 2026:
1 expire at Mon Nov 23 14:20:30 UTC 2026:
	0x10000b8a3f40000
ephemeral nodes dump:
Sessions with Ephemerals (1):
0x10000b8a3f40000:
	/brokers/ids/1
	/controller
	/brokers/ids/12
Connections dump:
`

test('the brokers that are believed alive stand among the ephemeral nodes', () => {
  expect(liveBrokers(dump)).toEqual([1, 12])
  expect(liveBrokers('ephemeral nodes dump:\nSessions with Ephemerals (0):\n')).toEqual([])
})

test('a server serves when it tells its mode', () => {
  expect(isServing('Zookeeper version: 3.8.6\nLatency min/avg/max: 0/0.0/0\nMode: standalone\nNode count: 5\n')).toBe(
    true,
  )
  expect(isServing('This ZooKeeper instance is not currently serving requests\n')).toBe(false)
  expect(isServing('srvr is not executed because it is not in the whitelist.\n')).toBe(false)
})

test('a word is sent and everything that comes until the end is the answer', async () => {
  const server = createServer((socket) =>
    socket.once('data', (word) => socket.write(`you said ${word}`, () => setTimeout(() => socket.end(', I think'), 5))),
  ).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  expect(await askZooKeeper(port, 'srvr', 5000)).toBe('you said srvr, I think')
  server.close()
  await once(server, 'close')
  await expect(askZooKeeper(port, 'srvr', 5000)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})

test('a server that says nothing is not waited for', async () => {
  const server = createServer(() => undefined).listen(0, '127.0.0.1')
  await once(server, 'listening')
  await expect(askZooKeeper((server.address() as { port: number }).port, 'dump', 30)).rejects.toThrow('within 30 ms')
  server.close()
})
