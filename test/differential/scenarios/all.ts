// All scenarios, by the name of the file that their recorded answers are in.
import type { Scenario } from '../scenario.ts'
import { clusterScenarios } from './cluster.ts'
import { configScenarios } from './configs.ts'
import { differenceScenarios } from './differences.ts'
import { topicScenarios } from './topics.ts'

export const allScenarios: Readonly<Record<string, readonly Scenario[]>> = {
  topics: topicScenarios,
  configs: configScenarios,
  cluster: clusterScenarios,
  differences: differenceScenarios,
}
