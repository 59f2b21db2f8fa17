// The scenarios on stacks of containers.
import { vi, beforeAll } from 'vitest'
import { needed } from '../support/found.ts'
import { type Playing, playScenarios } from '../support/play.ts'
import { labEngine } from './lab/lab-engine.ts'
import { labDocker, missingLab, onLab } from './lab-platform.ts'

/** As `playScenarios`, in containers on the engine of the laboratory. */
export function playInContainers(title: string, kafka: string, playing: Pick<Playing, 'more' | 'played'> = {}): void {
  const unless = missingLab()
  const ground = unless === undefined ? onLab() : undefined
  // commands of the scenarios find the engine as those of a user do
  beforeAll(() => void (unless === undefined && vi.stubEnv('DOCKER_HOST', needed(labEngine()).host)))
  playScenarios(`${title} in containers`, kafka, {
    ...ground,
    ...playing,
    unless,
    stopBroker: async () => void (await labDocker()(['stop', `${ground?.project}-kafka-1`])),
  })
}
