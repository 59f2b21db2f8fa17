// `npm run long:docker -- --size N [--kills N] [--engine-kills N] [--seed S] [--kafka '...'] [--registry confluent]`: on an engine of its
// own N up/down cycles, evplat killed at random moments, the engine killed. Says how far it is, ends with the figures in one line of JSON,
// and with code 1 where anything was left over, did not converge, or was lost.
import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { removePlatforms } from '../../support/platforms.ts'
import { startLab } from '../lab/lab.ts'
import { playLong } from './play.ts'

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '20' },
    kills: { type: 'string' },
    'engine-kills': { type: 'string' },
    seed: { type: 'string' },
    kafka: { type: 'string', default: 'version: "3.9", coordination: kraft' },
    registry: { type: 'string', default: 'evplat' },
  },
})
const say = (message: string): void => void process.stderr.write(`${message}\n`)
const size = Number(values.size)
const [kills, engineKills] = [Number(values.kills ?? size * 0.4), Number(values['engine-kills'] ?? size * 0.1)]
const seed = Number(values.seed ?? Date.now() % 2 ** 31)

const lab = await startLab(say)
if ('missing' in lab) {
  say(lab.missing)
  process.exitCode = 1
} else {
  say(`docker: seed ${seed}, engine at ${lab.engine.host}`)
  const interrupted = Promise.race(['SIGINT', 'SIGTERM'].map((signal) => once(process, signal))).then(() => undefined)
  try {
    const sizes = { cycles: size, kills: Math.ceil(kills), engineKills: Math.ceil(engineKills) }
    const playing = {
      ...sizes,
      engine: lab.engine,
      seed,
      kafka: values.kafka,
      more: `registry: ${values.registry}`,
      say,
    }
    const figures = await Promise.race([playLong(playing), interrupted])
    if (figures) process.stdout.write(`${JSON.stringify(figures)}\n`)
    process.exitCode = figures && figures.problems.length === 0 ? 0 : 1
  } finally {
    await removePlatforms()
    await lab.stop()
  }
  // what was interrupted would wait for an engine that is gone
  process.exit()
}
