// `npm run record:differential [FILE...]`: plays the scenarios on a real Kafka 3.9 and writes down its answers.
import { type Json, normalise } from './normalise.ts'
import { writeGolden } from './goldens.ts'
import { startKafkaTarget } from './kafka.ts'
import { play } from './play.ts'
import { allScenarios } from './scenarios/all.ts'

const wanted = process.argv.slice(2)
const kafka = await startKafkaTarget()
try {
  for (const [file, scenarios] of Object.entries(allScenarios)) {
    if (wanted.length > 0 && !wanted.includes(file)) continue
    const answers: Record<string, Json> = {}
    for (const scenario of scenarios) answers[scenario.name] = normalise(await play(scenario, kafka))
    process.stdout.write(`${scenarios.length} scenarios: ${await writeGolden(file, answers)}\n`)
  }
} finally {
  await kafka.close()
}
