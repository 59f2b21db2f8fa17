// The scenarios on stacks of containers.
import { beforeAll, vi } from 'vitest'
import { needed } from '../support/found.ts'
import { type Playing, playScenarios } from '../support/play.ts'
import type { Ground } from '../support/test-stack.ts'
import { playThreeBrokers } from '../support/three-brokers.ts'
import { labEngine } from './lab/lab-engine.ts'
import { labDocker, missingLab, onLab } from './lab-platform.ts'

interface Containers extends Ground {
  readonly unless: string | undefined
  /** the container of a server */
  readonly container: (server: string) => string
}

/** Commands of the scenarios find the engine as those of a user do. */
function inContainers(): Containers {
  const unless = missingLab()
  const ground = unless === undefined ? onLab() : undefined
  beforeAll(() => void (unless === undefined && vi.stubEnv('DOCKER_HOST', needed(labEngine()).host)))
  return { ...ground, unless, container: (server) => `${ground?.project}-${server}-1` }
}

export interface PlayingInContainers extends Pick<Playing, 'more' | 'played'> {
  /** the one that is restarted */
  readonly broker?: string
}

/** As `playScenarios`, in containers on the engine of the laboratory. */
export function playInContainers(title: string, kafka: string, playing: PlayingInContainers = {}): void {
  const { container, ...ground } = inContainers()
  const { broker = 'kafka', ...more } = playing
  playScenarios(`${title} in containers`, kafka, {
    ...ground,
    ...more,
    stopBroker: async () => void (await labDocker()(['stop', container(broker)])),
  })
}

/** As `playThreeBrokers`, in containers on the engine of the laboratory. */
export function playThreeInContainers(title: string, kafka: string): void {
  const { container, ...ground } = inContainers()
  playThreeBrokers(`${title} in containers`, kafka, {
    ...ground,
    killBroker: async (server) => void (await labDocker()(['kill', container(server)])),
  })
}
