// Plays the scenarios on a stack that the program itself starts.
import { afterAll, beforeAll, describe, test } from 'vitest'
import { scenarios } from '../scenarios/all.ts'
import { type Scenario, setStage } from '../scenarios/stage.ts'
import { skipNote } from './native-runtime.ts'
import { type TestStack, stackIsMissing, startStack } from './test-stack.ts'

interface Playing {
  readonly runtime?: 'native' | 'embedded'
  /** all by default */
  readonly played?: readonly Scenario[]
}

/** A suite of scenarios on one kind of stack; `kafka` is what stands in `stack.kafka`. */
export function playScenarios(title: string, kafka: string, { runtime, played = scenarios }: Playing = {}): void {
  const missing = stackIsMissing()

  describe.skipIf(missing !== undefined)(`scenarios on ${title}${skipNote(missing)}`, () => {
    let stack: TestStack
    beforeAll(async () => {
      stack = await startStack(kafka, runtime)
    })
    afterAll(() => stack.close())
    test.each(played.map((scenario) => [scenario.name, scenario] as const))('%s', async (_, { slug, play }) => {
      await play(setStage(stack, slug))
    })
  })
}
