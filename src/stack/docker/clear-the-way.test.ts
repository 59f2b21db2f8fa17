import { expect, test } from 'vitest'
import { dockerStacks } from '../../../test/support/docker-stacks.ts'
import { temporaryFolder } from '../../../test/support/evplat.ts'
import { containerOf, smallEngine } from '../../../test/support/small-engine.ts'
import { layoutOf, makeFolders } from '../layout.ts'
import { clearTheWay, stepsNow } from './clear-the-way.ts'
import { differenceOf } from './difference.ts'
import { describeDocker } from './model/describe-docker.ts'
import { labelsOf } from './model/labels.ts'

const stack = describeDocker(dockerStacks['zookeeper-one-broker']!)
const place = { project: 'shop', folder: '/home/ann/shop', hasRun: true }
const containers = stack.servers.map((server) =>
  containerOf(server.name, labelsOf('shop', server, place.folder), { image: server.image }),
)
const [zookeeper, kafka] = containers

test('a container that ended while images were pulled is started, one that went is made', async () => {
  const steps = differenceOf(stack, [zookeeper!, kafka!]).steps.filter(({ server }) => server.name !== 'zookeeper')
  expect(steps.map(({ action }) => action)).toEqual(['keep', 'create'])
  const now = async (there: typeof containers) =>
    (await stepsNow(smallEngine({ containers: there }), { stack, steps, place })).map(
      ({ server, action }) => `${action} ${server.name}`,
    )
  expect(await now([zookeeper!, kafka!])).toEqual(['keep kafka', 'create schema-registry'])
  expect(await now([zookeeper!, { ...kafka!, state: 'exited' }])).toEqual(['start kafka', 'create schema-registry'])
  expect(await now([])).toEqual(['create kafka', 'create schema-registry'])
})

test('where nothing is kept the engine is not asked again', async () => {
  const containersAsked = () => Promise.reject(new Error('the engine was asked'))
  const { steps } = differenceOf(stack, [])
  const engine = smallEngine({ instead: { containers: containersAsked } })
  expect(await stepsNow(engine, { stack, steps, place })).toBe(steps)
})

test('what is made anew goes before anything is started: its port may be that of another server by now', async () => {
  const [moved, ...others] = stack.servers
  const labels = { ...labelsOf('shop', moved!, place.folder), 'evplat.config': 'of another time' }
  const there = containers.map((container) => ({ ...container, labels }))
  const { steps } = differenceOf(stack, there)
  expect(steps.map(({ action }) => action)).toEqual(['replace', 'replace', 'replace'])
  const engine = smallEngine({ containers: there })
  const options = { signal: new AbortController().signal, progress: () => undefined }
  const folder = temporaryFolder()
  await makeFolders(layoutOf(folder))
  const left = await clearTheWay(engine, steps, { ...options, place: { ...place, folder } })
  expect(left).toEqual([moved, ...others].map((server) => ({ action: 'create', server })))
  expect(engine.done).toEqual(
    ['schema-registry', 'kafka', 'zookeeper'].flatMap((name) => [`stop ${name}`, `remove ${name}`]),
  )
})
