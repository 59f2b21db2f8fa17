import { agreementScenarios } from '../scenarios/agreement.ts'
import { topicScenarios } from '../scenarios/topics.ts'
import { tourScenarios } from '../scenarios/tour.ts'
import { playScenarios } from '../support/play.ts'

// records and groups go to the same brokers as with ZooKeeper; topics and configs to another controller
playScenarios('Kafka 3.9 with KRaft', 'version: "3.9", coordination: kraft', {
  played: [...tourScenarios, ...topicScenarios, ...agreementScenarios],
})
