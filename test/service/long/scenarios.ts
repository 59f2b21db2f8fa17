// Each scenario: what is done to instances under load, and what must hold of every event in the end.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Audit } from './audit.ts'
import { deadLettersOf } from './dead-letters.ts'
import { isPoison } from './contract.ts'
import { type Instance, endInstance, untilReady } from './instances.ts'
import { type World, openWorld } from './world.ts'

export interface Outcome {
  readonly figures: Readonly<Record<string, unknown>>
  readonly problems: readonly string[]
}

type Scenario = (world: World, size: number) => Promise<Outcome>

/** records that an instance may have handled and not committed when it is killed */
const window = 1000

/** SIGTERM during load, `size` times, one instance at a time. */
const sigterm: Scenario = async (world, size) => {
  const loading = world.load(size * 1000, 500)
  const codes: (number | string)[] = []
  for (let round = 0; round < size; round++) {
    const instance = await started(world)
    await sleep(1000)
    codes.push(await endInstance(instance, 'SIGTERM'))
  }
  await started(world)
  const audit = await world.audit(await loading)
  return outcome(audit, { codes }, [...notZero(codes), ...repeated(audit, 0)])
}

/** Three instances, each restarted in turn, `size` rounds. */
const rolling: Scenario = async (world, size) => {
  const instances = await Promise.all([started(world), started(world), started(world)])
  const loading = world.load(size * 5000, 500)
  const codes: (number | string)[] = []
  for (let round = 0; round < size; round++)
    for (const [place, instance] of instances.entries()) {
      codes.push(await endInstance(instance, 'SIGTERM'))
      instances[place] = await started(world)
    }
  const audit = await world.audit(await loading)
  return outcome(audit, { codes }, [...notZero(codes), ...repeated(audit, window * codes.length)])
}

/** kill -9 of one of three instances every 5 s, `size` times. */
const kills: Scenario = async (world, size) => {
  const instances = await Promise.all([started(world), started(world), started(world)])
  const loading = world.load(size * 2500, 500)
  for (let round = 0; round < size; round++) {
    await sleep(5000)
    await endInstance(instances[round % 3]!, 'SIGKILL')
    instances[round % 3] = await world.start()
  }
  const audit = await world.audit(await loading)
  return outcome(audit, { kills: size }, repeated(audit, window * size))
}

/** `size` events, 1 % poison and 5 % that fail once. */
const failures: Scenario = async (world, size) => {
  await Promise.all([started(world, { FAILURES: '1' }), started(world, { FAILURES: '1' })])
  const sent = await world.load(size, 2000, true)
  const audit = await world.audit(sent.filter((n) => !isPoison(n)))
  const [dead, poison] = [await deadLettersOf(world.bootstrap), sent.filter((n) => isPoison(n))]
  const expected = poison.map((n) => `poison ${n}`)
  const exact = dead.length === expected.length && expected.every((each) => dead.includes(each))
  const problems = exact ? [] : [`${dead.length} dead letters that are not the ${expected.length} poison ones`]
  // what fails goes by the retry topic, behind later ones of its key: that is what `retry` means
  return outcome({ ...audit, outOfOrder: [] }, { dead: dead.length }, [...problems, ...repeated(audit, 0)])
}

export const scenarios: Readonly<Record<string, Scenario>> = { sigterm, failures, rolling, kills }

export async function play(name: string, size: number): Promise<Outcome> {
  const scenario = scenarios[name]
  if (!scenario) throw new Error(`no scenario "${name}": there are ${Object.keys(scenarios).join(', ')}`)
  const world = await openWorld()
  try {
    return await scenario(world, size)
  } finally {
    await world.close()
  }
}

async function started(world: World, env?: Readonly<Record<string, string>>): Promise<Instance> {
  const instance = await world.start(env)
  await untilReady(instance)
  return instance
}

const notZero = (codes: readonly (number | string)[]): string[] =>
  codes.flatMap((code, i) => (code === 0 ? [] : [`SIGTERM ${i + 1} ended with ${code}`]))

const repeated = ({ duplicates }: Audit, most: number): string[] =>
  duplicates > most ? [`${duplicates} events were handled again, at most ${most} may be`] : []

function outcome(audit: Audit, more: object, problems: readonly string[]): Outcome {
  const { handled, lost, duplicates, outOfOrder } = audit
  const lostOnes = lost.length > 0 ? [`${lost.length} events are lost: ${lost.slice(0, 10).join(' ')}`] : []
  const late =
    outOfOrder.length > 0
      ? [`${outOfOrder.length} events came behind later ones of their key: ${outOfOrder.slice(0, 10).join(' ')}`]
      : []
  return { figures: { handled, duplicates, ...more }, problems: [...lostOnes, ...late, ...problems] }
}
