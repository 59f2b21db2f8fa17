import { describe, expect, test } from 'vitest'
import { stackSettings } from '../../../test/support/stack-settings.ts'
import { differenceOf, withImages } from './difference.ts'
import type { ContainerSummary } from './engine/engine.ts'
import { describeDocker } from './model/describe-docker.ts'
import type { DockerStack } from './model/docker-stack.ts'
import { labelsOf } from './model/labels.ts'

function stackOf(brokers: 1 | 3): DockerStack {
  const ports = { brokers: [9092, 9093, 9094].slice(0, brokers), registry: 8081 }
  const settings = stackSettings({ kafka: { coordination: 'kraft', brokers } })
  return describeDocker({ project: 'shop', settings, ports, packageRoot: '/evplat', version: '1' })
}

/** The containers of a stack, all running. */
function containersOf({ project, servers }: DockerStack): ContainerSummary[] {
  return servers.map((server) => ({
    id: `${server.name}-id`,
    name: `${project}-${server.name}-1`,
    server: server.name,
    labels: labelsOf(project, server, '/shop'),
    image: server.image,
    imageId: 'first',
    state: 'running',
    ports: server.ports,
  }))
}

const actionsOf = (stack: DockerStack, containers: readonly ContainerSummary[]): string[][] =>
  differenceOf(stack, containers).steps.map((step) => [
    step.server.name,
    step.action,
    ...('container' in step ? [step.container.server] : []),
  ])

describe('the difference between a stack and its containers', () => {
  test('what is there as it is wanted is kept, what has ended is started, what is missing is made', () => {
    const stack = stackOf(1)
    const [kafka, registry] = containersOf(stack)
    expect(actionsOf(stack, [kafka!, registry!])).toEqual([
      ['kafka', 'keep', 'kafka'],
      ['schema-registry', 'keep', 'schema-registry'],
    ])
    expect(actionsOf(stack, [{ ...kafka!, state: 'exited' }])).toEqual([
      ['kafka', 'start', 'kafka'],
      ['schema-registry', 'create'],
    ])
  })

  test('what is made of something else, or in no state to be started, is made anew', () => {
    const stack = stackOf(1)
    const [kafka, registry] = containersOf(stack)
    const other = { ...kafka!, labels: { ...kafka!.labels, 'evplat.config': 'of another time' } }
    expect(actionsOf(stack, [other, { ...registry!, state: 'dead' }])).toEqual([
      ['kafka', 'replace', 'kafka'],
      ['schema-registry', 'replace', 'schema-registry'],
    ])
  })

  test('a broker that was alone is the first of three, and no orphan', () => {
    const [before, after] = [containersOf(stackOf(1)), stackOf(3)]
    expect(actionsOf(after, before)).toEqual([
      ['kafka-1', 'replace', 'kafka'],
      ['kafka-2', 'create'],
      ['kafka-3', 'create'],
      ['schema-registry', 'replace', 'schema-registry'],
    ])
    expect(differenceOf(after, before).orphans).toEqual([])
  })

  test('a container of no server is an orphan', () => {
    const stack = stackOf(1)
    const all = containersOf(stack)
    const others = ['kafka-ui', 'web', 'kafka-2'].map((server) => ({ ...all[0]!, id: server, server }))
    expect(differenceOf(stack, [...others, ...all]).orphans).toEqual(others)
  })
})

test('with the images that are there now, containers of older ones are made anew', () => {
  const stack = stackOf(1)
  const [kafka, registry] = containersOf(stack)
  const { steps } = differenceOf(stack, [{ ...kafka!, state: 'exited' }, registry!])
  const images = (id: string) => new Map([[kafka!.image, id]])
  expect(withImages(steps, images('first'))).toEqual(steps)
  expect(withImages(steps, images('second')).map(({ action }) => action)).toEqual(['replace', 'keep'])
})
