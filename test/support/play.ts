// Plays the scenarios on a stack that the program itself starts.
import { afterAll, beforeAll, describe, test } from 'vitest'
import { scenarios } from '../scenarios/all.ts'
import { type Scenario, setStage } from '../scenarios/stage.ts'
import { skipNote } from './native-runtime.ts'
import { type Ground, type TestStack, stackIsMissing, startStack } from './test-stack.ts'

export interface Playing extends Ground {
  /** why it can't be played here, where it needs more than the tools */
  readonly unless?: string | undefined
  /** all by default */
  readonly played?: readonly Scenario[]
}

/** A suite of scenarios on one kind of stack; `kafka` is what stands in `stack.kafka`. */
export function playScenarios(title: string, kafka: string, playing: Playing = {}): void {
  const { unless, played = scenarios, ...ground } = playing
  const missing = unless ?? stackIsMissing()

  describe.skipIf(missing !== undefined)(`scenarios on ${title}${skipNote(missing)}`, () => {
    let stack: TestStack
    beforeAll(async () => {
      stack = await startStack(kafka, ground)
    })
    afterAll(() => stack?.close())
    test.each(played.map((scenario) => [scenario.name, scenario] as const))('%s', async (_, { slug, play }) => {
      await play(setStage(stack, slug))
    })
  })
}
