import { agreementScenarios } from './agreement.ts'
import { consumeScenarios } from './consume.ts'
import { groupScenarios } from './groups.ts'
import { produceScenarios } from './produce.ts'
import { schemaScenarios } from './schemas.ts'
import type { Scenario } from './stage.ts'
import { topicScenarios } from './topics.ts'
import { tourScenarios } from './tour.ts'
import { verifyScenarios } from './verify.ts'

/** What holds on every runtime: the list is played whole on each. */
export const scenarios: readonly Scenario[] = [
  ...tourScenarios,
  ...topicScenarios,
  ...agreementScenarios,
  ...schemaScenarios,
  ...verifyScenarios,
  ...produceScenarios,
  ...consumeScenarios,
  ...groupScenarios,
]
