// A stack through its life, with each Kafka that there is: start, nothing to do, stop, start with its data, a killed broker.
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { waitFor } from '../../src/core/deadline.ts'
import { missingForNative, skipNote } from '../support/native-runtime.ts'
import { type Platform, leftovers, newPlatform, removePlatforms } from '../support/platforms.ts'
import { readValues, writeValues } from '../support/records.ts'

const missing = missingForNative()
afterEach(removePlatforms)

const statesOf = async (platform: Platform): Promise<Record<string, string>> =>
  Object.fromEntries((await platform.status()).servers.map(({ name, state }) => [name, state]))

/** A kill shows at once, its exit code a moment later. */
const failedDetail = (platform: Platform, server: string): Promise<string | undefined> =>
  waitFor(
    async () => {
      const { state, detail } = (await platform.status()).servers.find(({ name }) => name === server)!
      return state === 'failed' && detail?.includes('exit code') === true ? detail : undefined
    },
    { timeoutMs: 20_000 },
  )

describe.skipIf(missing !== undefined)(`a stack${skipNote(missing)}`, () => {
  test.each([
    ['Kafka 3.9 with ZooKeeper', 'version: "3.9", coordination: zookeeper', ['kafka', 'schema-registry', 'zookeeper']],
    ['Kafka 3.9 with KRaft', 'version: "3.9", coordination: kraft', ['kafka', 'schema-registry']],
    ['Kafka 4.3', 'version: "4.3"', ['kafka', 'schema-registry']],
  ])('%s', async (_, kafka, servers) => {
    // what Java and Kafka might stumble over in the name of a folder
    const platform = await newPlatform({ kafka, name: 'ü x,y-' })
    const all = (state: string): Record<string, string> => Object.fromEntries(servers.map((name) => [name, state]))
    expect(await statesOf(platform)).toEqual(all('stopped'))

    const first = await platform.succeed('up', '-o', 'json')
    expect(JSON.parse(first.stdout)).toEqual(await platform.status())
    expect(await statesOf(platform)).toEqual(all('ready'))
    for (const name of servers) expect(first.stderr).toMatch(new RegExp(`^${name} is ready at `, 'm'))
    const endpoint = await platform.endpoint('kafka')
    await writeValues(endpoint, 'orders', ['one', 'two'])

    const stateFile = join(platform.folder, '.evplat/stack.json')
    const before = [await platform.record(), (await stat(stateFile)).mtimeMs]
    expect((await platform.succeed('up')).stderr).toBe('')
    expect([await platform.record(), (await stat(stateFile)).mtimeMs]).toEqual(before)

    expect((await platform.succeed('down')).stdout).toMatch(/^stopped schema-registry, kafka/)
    expect(await leftovers(platform)).toEqual([])
    expect(await statesOf(platform)).toEqual(all('stopped'))
    expect((await platform.succeed('down')).stdout).toBe('nothing was running\n')

    await platform.succeed('up')
    expect(await platform.endpoint('kafka')).toBe(endpoint)
    expect(await readValues(endpoint, 'orders')).toEqual(['one', 'two'])

    process.kill(await platform.pidOf('kafka'), 'SIGKILL')
    expect(await failedDetail(platform, 'kafka')).toBe('exit code 137 (SIGKILL)')
    const registryPid = await platform.pidOf('schema-registry')
    expect((await platform.succeed('up')).stderr).toMatch(/^kafka was killed; /m)
    expect(await platform.pidOf('schema-registry')).toBe(registryPid)
    await writeValues(endpoint, 'orders', ['three'])
    expect(await readValues(endpoint, 'orders')).toEqual(['one', 'two', 'three'])

    const end = await platform.succeed('down', '--volumes', '--yes', '-o', 'json')
    expect(JSON.parse(end.stdout)).toMatchObject({ stopped: expect.arrayContaining(servers) })
    expect(await leftovers(platform)).toEqual([])
    await expect(platform.record()).rejects.toMatchObject({ code: 'ENOENT' })
  })
})
