// `npm run long:services -- --scenario NAME --size N [--rate EVENTS_PER_SECOND] [--runtime embedded|native]`: instances of a service are
// real processes, and every event that was acknowledged is accounted for in the end. Ends with the figures in one line of JSON, and with
// code 1 where one is lost, comes too often or in the wrong order. Sizes: rounds of `rolling`, kills of `kills`, times of `sigterm` and
// `health`, events of `failures`, seconds of `slow` and `broker-away`. In full: rolling 10, kills 24, sigterm 50,
// failures 100000, slow 90, broker-away 60.
import { parseArgs } from 'node:util'
import { runtimes } from './brokers.ts'
import { play } from './scenarios.ts'

const text = (value: string) => ({ type: 'string', default: value }) as const
const { values } = parseArgs({
  options: { scenario: text('sigterm'), size: text('5'), rate: text('2000'), runtime: text('embedded') },
})
const [scenario, size, perSecond] = [values.scenario, Number(values.size), Number(values.rate)]
const runtime = runtimes.find((name) => name === values.runtime)
if (runtime === undefined) throw new Error(`no runtime "${values.runtime}": there are ${runtimes.join(', ')}`)
const { figures, problems } = await play(scenario, { size, perSecond, runtime })
process.stdout.write(`${JSON.stringify({ scenario, size, perSecond, runtime, ...figures, problems })}\n`)
process.exitCode = problems.length > 0 ? 1 : 0
