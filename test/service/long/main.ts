// `npm run long:services -- --scenario sigterm|failures|rolling|kills --size N`: instances of a service are real processes, and every
// event that was acknowledged is accounted for in the end. Ends with the figures in one line of JSON, and with code 1 where one is
// lost, comes too often or in the wrong order.
import { parseArgs } from 'node:util'
import { play } from './scenarios.ts'

const { values } = parseArgs({
  options: { scenario: { type: 'string', default: 'sigterm' }, size: { type: 'string', default: '5' } },
})
const { figures, problems } = await play(values.scenario, Number(values.size))
process.stdout.write(
  `${JSON.stringify({ scenario: values.scenario, size: Number(values.size), ...figures, problems })}\n`,
)
process.exitCode = problems.length > 0 ? 1 : 0
