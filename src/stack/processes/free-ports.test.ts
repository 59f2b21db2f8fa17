import { once } from 'node:events'
import { type Server, createServer } from 'node:net'
import { pid as ownPid } from 'node:process'
import { afterEach, describe, expect, test } from 'vitest'
import { stackSettings } from '../../../test/support/stack-settings.ts'
import { EvplatError } from '../../core/errors.ts'
import { choosePorts, isFree, requireFree } from './free-ports.ts'
import { firstEphemeralPort } from './operating-system.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

async function listen(host = '127.0.0.1'): Promise<number> {
  const server = createServer().listen(0, host)
  servers.push(server)
  await once(server, 'listening')
  return (server.address() as { port: number }).port
}

const auto = { kafka: 'auto', registry: 'auto' } as const

describe('a port', () => {
  test('is free when nobody listens, on loopback or on every address', async () => {
    expect(await isFree(await listen())).toBe(false)
    expect(await isFree(await listen('0.0.0.0'))).toBe(false)
    const port = await listen()
    servers.pop()!.close()
    expect(await isFree(port)).toBe(true)
  })

  test('that is taken is told with its holder', async () => {
    const port = await listen()
    const thrown = await requireFree('kafka', [port], 'stop it').catch((error: unknown) => error)
    expect(thrown).toBeInstanceOf(EvplatError)
    const { code, message, parts } = thrown as EvplatError
    expect(code).toBe('port-taken')
    expect(message).toMatch(new RegExp(`^port ${port} of kafka is taken by process ${ownPid} \\(.+\\)$`))
    expect(parts).toMatchObject({ hint: 'stop it', details: { port, pid: ownPid } })
  })
})

describe('the ports of a stack', () => {
  test('are three of the embedded runtime', async () => {
    const settings = stackSettings({ kafka: { coordination: 'kraft' }, ports: auto })
    const ports = await choosePorts('embedded', settings, undefined)
    expect(Object.keys(ports).toSorted()).toEqual(['brokers', 'faults', 'registry'])
    expect(await choosePorts('embedded', settings, ports)).toEqual(ports)
  })

  test('are those that are declared, and the next ones for more brokers', async () => {
    const settings = stackSettings({ kafka: { brokers: 3 }, ports: { kafka: 19_092, registry: 18_081 } })
    const ports = await choosePorts('native', settings, undefined)
    expect(ports).toMatchObject({ brokers: [19_092, 19_093, 19_094], registry: 18_081 })
    expect(ports.zookeeper).toBeGreaterThan(0)
    expect(ports).not.toHaveProperty('controllers')
  })

  test('are free ones below what connections are given, each once', async () => {
    const settings = stackSettings({ kafka: { brokers: 3, coordination: 'kraft' }, ports: auto })
    const { brokers, controllers = [], registry } = await choosePorts('native', settings, undefined)
    const all = [...brokers, ...controllers, registry]
    expect(new Set(all).size).toBe(7)
    expect(brokers).toEqual([brokers[0], brokers[0]! + 1, brokers[0]! + 2])
    for (const port of all) {
      expect(port).toBeLessThan(await firstEphemeralPort())
      expect(await isFree(port)).toBe(true)
    }
  })

  test('stay the same from one start to the next', async () => {
    const settings = stackSettings({ kafka: { coordination: 'kraft' }, ports: auto })
    const first = await choosePorts('native', settings, undefined)
    expect(await choosePorts('native', settings, first)).toEqual(first)
  })

  test('change where somebody else has taken one meanwhile, and only that one', async () => {
    const settings = stackSettings({ kafka: { coordination: 'kraft' }, ports: auto })
    const taken = await listen()
    const first = await choosePorts('native', settings, undefined)
    const again = await choosePorts('native', settings, { ...first, registry: taken })
    expect(again).toMatchObject({ brokers: first.brokers, controllers: first.controllers })
    expect(again.registry).not.toBe(taken)
  })

  test('that may be any keep away from declared ones', async () => {
    const kept = { brokers: [18_081], registry: 9, controllers: [18_081] }
    const settings = stackSettings({ kafka: { coordination: 'kraft' }, ports: { kafka: 'auto', registry: 18_081 } })
    const { brokers, controllers } = await choosePorts('native', settings, kept)
    expect([...brokers, ...controllers!]).not.toContain(18_081)
  })
})
