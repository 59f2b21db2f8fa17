import { mkdtemp, readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { containerOf, smallEngine } from '../../../test/support/small-engine.ts'
import { stackSettings } from '../../../test/support/stack-settings.ts'
import { layoutOf } from '../layout.ts'
import { differenceOf } from './difference.ts'
import type { ContainerSummary, Engine } from './engine/engine.ts'
import { describeDocker } from './model/describe-docker.ts'
import { volumesOf } from './model/engine-names.ts'
import { labelsOf } from './model/labels.ts'
import { prepare } from './prepare.ts'

const settings = stackSettings({
  kafka: { coordination: 'kraft' },
  services: ['postgres'],
  databases: { postgres: ['orders'], mongodb: [] },
})
// ports of this machine that are free in any case do not matter: the containers have them
const ports = { brokers: [1], registry: 2, services: { postgres: 3 } }
const stack = describeDocker({ project: 'shop', settings, ports, packageRoot: '/evplat', version: '1' })
const held = [1, 2, 3]

const running = (): ContainerSummary[] =>
  stack.servers.map((server) => containerOf(server.name, labelsOf('shop', server, '/shop'), { image: server.image }))

async function setUp(
  containers: readonly ContainerSummary[],
  names: readonly string[],
  { pull = 'missing', instead = {} }: { pull?: 'missing' | 'always'; instead?: Partial<Engine> } = {},
) {
  const folder = await mkdtemp(join(tmpdir(), 'evplat-prepare-'))
  const volumes = stack.servers.flatMap((server) => volumesOf(stack, server, folder))
  const engine = smallEngine({ containers, volumes, instead })
  const steps = differenceOf(stack, containers).steps.filter(({ server }) => names.includes(server.name))
  const signal = new AbortController().signal
  const silent = { say: () => undefined, progress: () => undefined }
  const options = { held, layout: layoutOf(folder), stack, signal, pull, ...silent } as const
  return { done: engine.done, secrets: join(folder, '.evplat/secrets'), work: () => prepare(engine, steps, options) }
}

describe('the passwords of a stack whose .evplat has gone', () => {
  test('are not made anew by a start of other servers: the data would never take them', async () => {
    const { work, secrets } = await setUp([], ['kafka'])
    await work()
    await expect(readdir(secrets)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  test.each([
    ['that is to be started', []],
    ['that runs', running()],
  ])('are missed at once of a server %s', async (_, containers) => {
    const { work } = await setUp(containers, ['kafka', 'postgres'])
    await expect(work()).rejects.toMatchObject({
      code: 'stack-unreadable',
      message: expect.stringMatching(/^postgres has data in volume "shop_postgres-data", and its password .* is gone$/),
    })
  })
})

test('images are pulled always where that is asked for, and what runs of an older one is made anew', async () => {
  const [kafka] = stack.servers
  const images = () => Promise.resolve(new Map([[kafka!.image, 'second']]))
  const { work, done } = await setUp(running(), ['kafka', 'schema-registry'], { pull: 'always', instead: { images } })
  expect((await work()).map(({ action }) => action)).toEqual(['replace', 'keep'])
  expect(done).toEqual(stack.servers.slice(0, 2).map(({ image }) => `pull ${image}`))
  expect((await (await setUp(running(), ['kafka'])).work()).map(({ action }) => action)).toEqual(['keep'])
})
