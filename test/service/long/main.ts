// `npm run long:services -- --scenario NAME --size N`, as `usage` tells it.
import { parseArgs } from 'node:util'
import { runtimes } from './brokers.ts'
import { play } from './scenarios.ts'

const usage = `npm run long:services -- --scenario NAME [--size N] [--rate N] [--runtime embedded|native] [--seed N]

Instances of a service are real processes under load, and every event that was acknowledged is accounted for in the end.

scenario     size                                   in full
sigterm      times that an instance is told to end  50
failures     events                                 100000
rolling      rounds of three restarts               10
kills        kills, one about every 5 s             24
broker-away  seconds without the broker             60
slow         seconds that one handler takes         90
busy         seconds that one handler computes      10
health       times that each trouble is made        1

rate     events per second: 2000
runtime  embedded, or Apache Kafka on the local JVM (native; not for health)
seed     of what is left to chance, as a run printed it

Ends with one line of JSON: scenario, runtime, size, rate, seed, figures, problems. The exit code is 1 where there are problems: events that
are lost, come too often or in the wrong order, or what else the scenario looks at.
`
const text = (value: string) => ({ type: 'string', default: value }) as const
const { values } = parseArgs({
  options: {
    scenario: text('sigterm'),
    size: text('5'),
    rate: text('2000'),
    runtime: text('embedded'),
    seed: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
})

async function main(): Promise<number> {
  const { scenario, seed } = values
  const [size, rate] = [Number(values.size), Number(values.rate)]
  const runtime = runtimes.find((name) => name === values.runtime)
  if (runtime === undefined) throw new Error(`no runtime "${values.runtime}": there are ${runtimes.join(', ')}`)
  const options = { size, perSecond: rate, runtime, ...(seed !== undefined && { seed: Number(seed) }) }
  const played = await play(scenario, options)
  process.stdout.write(`${JSON.stringify({ scenario, runtime, size, rate, ...played })}\n`)
  return played.problems.length > 0 ? 1 : 0
}

if (values.help) process.stdout.write(usage)
else process.exitCode = await main()
