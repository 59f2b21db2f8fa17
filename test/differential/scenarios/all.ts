// All scenarios, by the name of the file that their recorded answers are in.
import type { Scenario } from '../scenario.ts'
import { clusterScenarios } from './cluster.ts'
import { compressionScenarios } from './compression.ts'
import { configScenarios } from './configs.ts'
import { differenceScenarios } from './differences.ts'
import { fetchScenarios } from './fetch.ts'
import { idempotenceScenarios } from './idempotence.ts'
import { metadataScenarios } from './metadata.ts'
import { offsetScenarios } from './offsets.ts'
import { produceScenarios } from './produce.ts'
import { topicScenarios } from './topics.ts'
import { versionScenarios } from './versions.ts'

export const allScenarios: Readonly<Record<string, readonly Scenario[]>> = {
  topics: topicScenarios,
  configs: configScenarios,
  cluster: clusterScenarios,
  versions: versionScenarios,
  metadata: metadataScenarios,
  produce: produceScenarios,
  idempotence: idempotenceScenarios,
  compression: compressionScenarios,
  fetch: fetchScenarios,
  offsets: offsetScenarios,
  differences: differenceScenarios,
}
