import { writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../../../test/support/evplat.ts'
import { readValues, writeValues } from '../../../test/support/records.ts'
import { openWire } from '../../../test/differential/wire.ts'
import type { ResponseOf } from '../../protocol/api.ts'
import { describeConfigs } from '../../protocol/messages/describe-configs.ts'
import { describeLogDirs } from '../../protocol/messages/describe-log-dirs.ts'
import type { EmbeddedOptions } from './options.ts'
import { type Embedded, startEmbedded } from './start-embedded.ts'

async function start(options?: EmbeddedOptions): Promise<Embedded> {
  const embedded = await startEmbedded(options)
  onTestFinished(() => embedded.close())
  return embedded
}

const register = (registryUrl: string): Promise<Response> =>
  fetch(`${registryUrl}/subjects/orders-value/versions`, {
    method: 'POST',
    headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
    body: JSON.stringify({ schema: '"string"' }),
  })

describe('startEmbedded', () => {
  test('serves records and schemas, and keeps them where it has a folder', async () => {
    const data = join(temporaryFolder(), 'new/data')
    const first = await start({ data })
    await writeValues(first.bootstrap, 'orders', ['one', 'two'])
    expect(await (await register(first.registryUrl)).json()).toMatchObject({ id: 1 })
    await first.close()

    const second = await start({ data, durability: 'disk' })
    expect(await readValues(second.bootstrap, 'orders')).toEqual(['one', 'two'])
    expect(await (await fetch(`${second.registryUrl}/subjects`)).json()).toEqual(['orders-value'])
  })

  test('keeps nothing without one, and several do not meet', async () => {
    const [one, two] = [await start(), await start()]
    await writeValues(one.bootstrap, 'orders', ['of one'])
    await writeValues(two.bootstrap, 'orders', ['of two'])
    expect(await readValues(one.bootstrap, 'orders')).toEqual(['of one'])
  })

  test('tells clients where its data is', async () => {
    const data = temporaryFolder()
    const folders = async ({ bootstrap }: Embedded): Promise<(string | null)[]> => {
      const wire = await openWire('127.0.0.1', Number(bootstrap.split(':')[1]))
      onTestFinished(() => wire.close())
      const dirs = await wire.send(describeLogDirs, 4, { topics: null })
      const resources = [{ resourceType: 4, resourceName: '1', configurationKeys: ['log.dirs'] }]
      const configs = await wire.send(describeConfigs, 4, { resources })
      const { results: found } = (dirs as { answer: ResponseOf<typeof describeLogDirs> }).answer
      const { results: told } = (configs as { answer: ResponseOf<typeof describeConfigs> }).answer
      return [...found.map(({ logDir }) => logDir), ...told.flatMap((each) => each.configs.map(({ value }) => value))]
    }
    expect(await folders(await start({ data }))).toEqual([data, data])
    expect(await folders(await start())).toEqual(['memory', 'memory'])
  })

  test('takes fault rules, and refuses what is none', async () => {
    const { bootstrap, faults } = await start()
    await writeValues(bootstrap, 'orders', [])
    const rule = { match: { api: 'Produce' }, count: 1, do: 'error', value: 'TOPIC_AUTHORIZATION_FAILED' } as const
    expect(faults.add(rule)).toEqual({ id: '1', ...rule, met: 0 })
    await expect(writeValues(bootstrap, 'orders', ['one'])).rejects.toThrow()
    expect([faults.list(), faults.remove('1')]).toEqual([[], false])
    expect(() => faults.add({ match: { api: 'Produse' }, do: 'drop' })).toThrow(
      expect.objectContaining({ code: 'fault-invalid' }) as Error,
    )
  })
})

describe('what startEmbedded can not start is told', () => {
  test('data that is open already', async () => {
    const data = temporaryFolder()
    await start({ data })
    await expect(startEmbedded({ data })).rejects.toMatchObject({ code: 'data-locked' })
  })

  test('a folder that is a file', async () => {
    const data = join(temporaryFolder(), 'data')
    writeFileSync(data, '')
    await expect(startEmbedded({ data })).rejects.toMatchObject({ code: 'file-unusable' })
  })

  test('a port that is taken; what was started before is given up', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void server.close())
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const data = temporaryFolder()
    await expect(startEmbedded({ data, ports: { kafka: port } })).rejects.toMatchObject({ code: 'port-taken' })
    await expect(startEmbedded({ data, ports: { registry: port } })).rejects.toMatchObject({ code: 'port-taken' })
    await start({ data })
  })

  test('a config that there is not, or a value that it can not have', async () => {
    const refusal = (configs: Record<string, string>): Promise<unknown> =>
      startEmbedded({ configs }).catch((e: unknown) => e)
    expect(await refusal({ 'num.partition': '3' })).toMatchObject({ code: 'broker-refused' })
    expect(await refusal({ 'num.partitions': 'x' })).toMatchObject({ code: 'broker-refused' })
  })
})
