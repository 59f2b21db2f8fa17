import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { dockerStacks } from '../../../test/support/docker-stacks.ts'
import { EvplatError } from '../../core/errors.ts'
import { containerOf, smallEngine } from '../../../test/support/small-engine.ts'
import { layoutOf, makeFolders } from '../layout.ts'
import { downContainers } from './down.ts'
import type { Named } from './engine/engine.ts'
import { describeDocker } from './model/describe-docker.ts'
import { volumesOf } from './model/engine-names.ts'
import { labelsOf, platformHash } from './model/labels.ts'
import { containersOf, dataVolumesOf, requireOwnVolume } from './project.ts'

const stack = describeDocker(dockerStacks['kraft-three-brokers-everything']!)
const here = { project: 'shop', folder: '/home/ann/shop', hasRun: false }
const ours = { 'evplat.config': 'hash', 'evplat.platform': platformHash(here.folder) }
const volumesFrom = (folder: string): Named[] => stack.servers.flatMap((server) => volumesOf(stack, server, folder))

/** As compose makes it. */
const volumeByCompose = (name: string): Named => ({
  name: `shop_${name}`,
  labels: { 'com.docker.compose.project': 'shop', 'com.docker.compose.volume': name },
})

describe('the containers of a project', () => {
  test('what compose runs beside the stack under the same name is not of it', async () => {
    const engine = smallEngine({ containers: [containerOf('web', {}), containerOf('kafka', ours)] })
    expect((await containersOf(engine, here)).map(({ server }) => server)).toEqual(['kafka'])
  })

  test('a server that is not of evplat is not taken for one of the stack', async () => {
    const folder = { 'com.docker.compose.project.working_dir': here.folder }
    const engine = smallEngine({ containers: [containerOf('kafka', folder)] })
    await expect(containersOf(engine, here)).rejects.toMatchObject({
      code: 'project-taken',
      message:
        'the project "shop" of compose has a container of "kafka" that is not of evplat, that of "/home/ann/shop"',
    })
  })

  test('those that compose made of the file of evplat are, those of another folder are not', async () => {
    const { 'evplat.config': hash } = labelsOf('shop', stack.servers[0]!, here.folder)
    const byCompose = (folder: string) =>
      containerOf('kafka', { 'evplat.config': hash!, 'com.docker.compose.project.working_dir': folder })
    expect(await containersOf(smallEngine({ containers: [byCompose(`${here.folder}/docker`)] }), here)).toHaveLength(1)
    const engine = smallEngine({ containers: [byCompose('/home/bob/shop')] })
    await expect(containersOf(engine, here)).rejects.toMatchObject({ code: 'project-taken' })
  })
})

describe('the volumes of a project', () => {
  test('all of a stack are its data', async () => {
    const volumes = volumesFrom(here.folder)
    expect(await dataVolumesOf(smallEngine({ volumes }), here)).toEqual(volumes)
  })

  test('what compose keeps beside the stack, and the data of a platform in another folder, are not', async () => {
    const volumes = [volumeByCompose('uploads'), volumeByCompose('kafka-1-data'), ...volumesFrom('/home/bob/shop')]
    expect(await dataVolumesOf(smallEngine({ volumes }), here)).toEqual([volumeByCompose('kafka-1-data')])
  })

  test('data of another folder is not used', async () => {
    const [volume] = volumesFrom('/home/bob/shop')
    await expect(requireOwnVolume(volume!, here)).rejects.toMatchObject({
      code: 'project-taken',
      message: 'volume "shop_kafka-1-data" has the data of another platform "shop", that of "/home/bob/shop"',
    })
    await expect(requireOwnVolume(volumesFrom(here.folder)[0]!, here)).resolves.toBeUndefined()
    await expect(requireOwnVolume(volumeByCompose('kafka-1-data'), here)).resolves.toBeUndefined()
  })

  test('a platform whose folder was moved keeps its data; a copy does not have it', async () => {
    const before = await mkdtemp(join(tmpdir(), 'evplat-moved-'))
    const [volume] = volumesFrom(join(before, 'shop'))
    const moved = { ...here, hasRun: true }
    await expect(requireOwnVolume(volume!, moved)).resolves.toBeUndefined()
    expect(await dataVolumesOf(smallEngine({ volumes: [volume!] }), moved)).toHaveLength(1)
    expect(await dataVolumesOf(smallEngine({ volumes: [volume!] }), here)).toEqual([])
    const [original] = volumesFrom(before)
    await writeFile(join(before, 'platform.yaml'), '')
    await expect(requireOwnVolume(original!, moved)).rejects.toMatchObject({ code: 'project-taken' })
  })
})

describe('down', () => {
  const telling = async () => {
    const said: string[] = []
    const layout = layoutOf(await mkdtemp(join(tmpdir(), 'evplat-down-')))
    await makeFolders(layout)
    const options = { layout, project: 'shop', signal: new AbortController().signal, progress: () => undefined }
    return { said, options: { ...options, say: (message: string) => void said.push(message) } }
  }

  test('removes the containers, the network and the volumes that it is given, and nothing else', async () => {
    const containers = [containerOf('kafka', ours), containerOf('web', {})]
    const volumes = [volumeByCompose('kafka-1-data'), volumeByCompose('uploads')]
    const engine = smallEngine({ containers, volumes })
    const { options } = await telling()
    const given = { containers: await containersOf(engine, here), volumes: await dataVolumesOf(engine, here) }
    expect(await downContainers({ ...options, ...given, engine })).toEqual(['kafka'])
    expect(engine.done).toEqual([
      'stop kafka',
      'remove kafka',
      'remove network shop_default',
      'remove volume shop_kafka-1-data',
    ])
    expect(engine.there).toEqual({ containers: [containers[1]], volumes: [volumes[1]] })
  })

  test('leaves a network that containers of others are in, says so, and goes on', async () => {
    const said = 'error while removing network: network shop_default has active endpoints'
    const removeNetwork = () => Promise.reject(new EvplatError('engine-refused', 'Docker refused', { said }))
    const volumes = [volumeByCompose('kafka-1-data')]
    const engine = smallEngine({ volumes, instead: { removeNetwork } })
    const { said: told, options } = await telling()
    expect(await downContainers({ ...options, engine, containers: [], volumes })).toEqual([])
    expect(told).toEqual([`network "shop_default" stays: ${said}`])
    expect(engine.there.volumes).toEqual([])
    const away = () => Promise.reject(new EvplatError('engine-away', 'Docker does not answer any more'))
    const lost = smallEngine({ volumes, instead: { removeNetwork: away } })
    await expect(downContainers({ ...options, engine: lost, containers: [], volumes })).rejects.toThrow('any more')
  })
})
