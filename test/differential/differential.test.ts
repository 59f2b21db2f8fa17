// The embedded broker answers as Kafka 3.9 did when its answers were recorded (`npm run record:differential`).
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Difference, acceptedBy, differencesOf } from './compare.ts'
import { type AcceptedDifference, acceptedDifferences } from './differences.ts'
import { type RunningTarget, startEmbeddedTarget } from './embedded.ts'
import { readGolden } from './goldens.ts'
import { type Json, normalise } from './normalise.ts'
import { play } from './play.ts'
import { allScenarios } from './scenarios/all.ts'

const shown = new Set<AcceptedDifference>()
const bugs: unknown[] = []
let ours: RunningTarget

beforeAll(async () => {
  ours = await startEmbeddedTarget((thrown) => bugs.push(thrown))
})
afterAll(() => ours.close())

function unexpected(scenario: string, kafka: Json | undefined, played: Json): Difference[] {
  return differencesOf(kafka, played).filter((difference) => {
    const accepted = acceptedBy(scenario, difference)
    if (accepted) shown.add(accepted)
    return !accepted
  })
}

describe.each(Object.entries(allScenarios))('%s', (file, scenarios) => {
  const golden = readGolden(file)

  test('every scenario has recorded answers, under a name of its own', () => {
    expect(Object.keys(golden)).toEqual(scenarios.map(({ name }) => name))
  })

  test.each(scenarios.map((each) => [each.name, each] as const))('%s', async (name, scenario) => {
    const played = normalise(await play(scenario, ours))
    expect(unexpected(name, golden[name], played)).toEqual([])
    expect(bugs).toEqual([])
  })
})

test('every accepted difference is still there', () => {
  expect(acceptedDifferences.filter((each) => !shown.has(each))).toEqual([])
})
