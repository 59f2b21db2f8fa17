// A container engine that is a few lists in memory: for the decisions of the life cycle, which a real one would make slow to provoke.
import { EvplatError } from '../../src/core/errors.ts'
import type { ContainerEvent, ContainerSummary, Engine, Named } from '../../src/stack/docker/engine/engine.ts'

export interface SmallEngine extends Engine {
  /** what it was told to do, in order: `stop kafka`, `remove volume shop_kafka-1-data` */
  readonly done: readonly string[]
  /** what is there now */
  readonly there: { containers: readonly ContainerSummary[]; volumes: readonly Named[] }
}

interface Start {
  readonly containers?: readonly ContainerSummary[]
  readonly volumes?: readonly Named[]
  /** in the place of what it would do else */
  readonly instead?: Partial<Engine>
}

/** A running container of a server as the engine lists it. */
export function containerOf(
  server: string,
  labels: Readonly<Record<string, string>>,
  more: Partial<ContainerSummary> = {},
): ContainerSummary {
  const whole = { 'com.docker.compose.project': 'shop', 'com.docker.compose.service': server, ...labels }
  const name = `shop-${server}-1`
  const image = { image: `${server}:1`, imageId: 'first' }
  return { id: `${server}-id`, name, server, labels: whole, ...image, state: 'running', ports: [], ...more }
}

/** An engine that has these containers and volumes. */
export function smallEngine({ containers = [], volumes = [], instead = {} }: Start = {}): SmallEngine {
  const there = { containers, volumes }
  const done: string[] = []
  const has =
    (labels: Readonly<Record<string, string>>) =>
    (one: { readonly labels: Readonly<Record<string, string>> }): boolean =>
      Object.entries(labels).every(([name, value]) => one.labels[name] === value)
  const nameOf = (id: string): string => there.containers.find((one) => one.id === id)?.server ?? id
  const change = (id: string, state: ContainerSummary['state']): void => {
    there.containers = there.containers.map((one) => (one.id === id ? { ...one, state } : one))
  }
  const engine: Engine = {
    title: 'Docker 1 at unix:///small.sock',
    containers: (labels) => Promise.resolve(there.containers.filter(has(labels))),
    inspect: () => Promise.resolve({ exitCode: 0, wasOutOfMemory: false, error: '', restarts: 0 }),
    images: () => Promise.resolve(new Map()),
    pull: (image) => Promise.resolve(void done.push(`pull ${image}`)),
    build: ({ image }) => Promise.resolve(void done.push(`build ${image}`)),
    createNetwork: ({ name }) => Promise.resolve(void done.push(`network ${name}`)),
    removeNetwork: (name) => Promise.resolve(void done.push(`remove network ${name}`)),
    createVolume: (volume) => {
      const known = there.volumes.find(({ name }) => name === volume.name)
      if (!known) there.volumes = [...there.volumes, volume]
      return Promise.resolve(known ?? volume)
    },
    volumes: (labels) => Promise.resolve(there.volumes.filter(has(labels))),
    removeVolume: (name) => {
      there.volumes = there.volumes.filter((volume) => volume.name !== name)
      return Promise.resolve(void done.push(`remove volume ${name}`))
    },
    create: ({ name, hostname, image, labels, ports }) => {
      if (there.containers.some((one) => one.name === name))
        return Promise.reject(new EvplatError('name-taken', `there is another container "${name}"`))
      const container = { id: `new-${hostname}-id`, name, server: hostname, labels, image, imageId: 'first', ports }
      there.containers = [...there.containers, { ...container, state: 'created' }]
      return Promise.resolve(container.id)
    },
    start: (id) => {
      change(id, 'running')
      return Promise.resolve(void done.push(`start ${nameOf(id)}`))
    },
    stop: (id) => {
      change(id, 'exited')
      return Promise.resolve(void done.push(`stop ${nameOf(id)}`))
    },
    remove: (id) => {
      done.push(`remove ${nameOf(id)}`)
      there.containers = there.containers.filter((one) => one.id !== id)
      return Promise.resolve()
    },
    logs: () => lines([]),
    events: (_, signal) => Promise.resolve(silence(signal)),
    memory: () => Promise.resolve(undefined),
  }
  return Object.assign({ ...engine, ...instead }, { done, there })
}

/** Lines as the log of a container has them. */
export async function* lines(texts: readonly string[]): AsyncGenerator<string> {
  yield* texts
}

/** No event, until the signal. */
async function* silence(signal: AbortSignal): AsyncGenerator<ContainerEvent> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
  yield* []
}
