// Instances that end under load, politely or not.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../../fuzz/random.ts'
import { window } from './contract.ts'
import type { Instance } from './instances.ts'
import { type Looks, looksDuring, together, troubling } from './looks.ts'
import { type Outcome, notZero, outcome } from './outcome.ts'
import { endProgram } from './programs.ts'
import type { World } from './world.ts'

/** SIGTERM during load, `size` times, one instance at a time: nothing lost, nothing twice. */
export async function sigterm(world: World, size: number, perSecond: number, random: Random): Promise<Outcome> {
  const load = world.load({ perSecond })
  const codes: (number | string)[] = []
  for (let round = 0; round < size; round++) {
    const instance = await world.start()
    await sleep(500 + random.below(1000))
    codes.push(await endProgram(instance, 'SIGTERM'))
  }
  const sent = await load.stop()
  await world.start()
  return outcome(await world.audit(sent), 0, { codes: [...new Set(codes)] }, notZero(codes))
}

/** Three instances, each restarted in turn, `size` rounds: the two that stay are ready all the time. */
export async function rolling(world: World, size: number, perSecond: number): Promise<Outcome> {
  const instances = await three(world)
  const load = world.load({ perSecond })
  const codes: (number | string)[] = []
  const all: Looks[] = []
  for (let round = 0; round < size; round++)
    for (const [place, instance] of instances.entries()) {
      const restart = async (): Promise<void> => {
        codes.push(await endProgram(instance, 'SIGTERM'))
        instances[place] = await world.start()
      }
      all.push(await looksDuring(instances.toSpliced(place, 1), restart))
    }
  const audit = await world.audit(await load.stop())
  const looked = together(all)
  const troubles = troubling(looked)
  const figures = {
    restarts: codes.length,
    looks: looked.looks,
    unready: looked.unready.length,
    ofMachine: looked.unready.length - troubles.length,
  }
  return outcome(audit, window * codes.length, figures, [
    ...notZero(codes),
    ...(troubles.length > 0
      ? [`${troubles.length} looks found ${troubles[0]!.join()} down where another restarted`]
      : []),
  ])
}

/** kill -9 of one of three instances every 5 s, give or take one, `size` times. */
export async function kills(world: World, size: number, perSecond: number, random: Random): Promise<Outcome> {
  const instances = await three(world)
  const load = world.load({ perSecond })
  for (let round = 0; round < size; round++) {
    await sleep(4000 + random.below(2000))
    const place = random.below(instances.length)
    await endProgram(instances[place]!, 'SIGKILL')
    instances[place] = await world.launch()
  }
  const audit = await world.audit(await load.stop())
  return outcome(audit, window * size, { kills: size })
}

const three = (world: World): Promise<Instance[]> => Promise.all([world.start(), world.start(), world.start()])
