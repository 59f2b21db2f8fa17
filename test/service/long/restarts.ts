// Instances that end under load, politely or not.
import { setTimeout as sleep } from 'node:timers/promises'
import { window } from './contract.ts'
import type { Instance } from './instances.ts'
import { looksDuring } from './looks.ts'
import { type Outcome, notZero, outcome } from './outcome.ts'
import { endProgram } from './programs.ts'
import type { World } from './world.ts'

/** SIGTERM during load, `size` times, one instance at a time: nothing lost, nothing twice. */
export async function sigterm(world: World, size: number, perSecond: number): Promise<Outcome> {
  const load = world.load({ perSecond })
  const codes: (number | string)[] = []
  for (let round = 0; round < size; round++) {
    const instance = await world.start()
    await sleep(1000)
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
  const unready: string[] = []
  let looks = 0
  for (let round = 0; round < size; round++)
    for (const [place, instance] of instances.entries()) {
      const looked = await looksDuring(instances.toSpliced(place, 1), async () => {
        codes.push(await endProgram(instance, 'SIGTERM'))
        instances[place] = await world.start()
      })
      looks += looked.looks
      unready.push(...looked.unready)
    }
  const audit = await world.audit(await load.stop())
  return outcome(audit, window * codes.length, { restarts: codes.length, looks, unready: unready.length }, [
    ...notZero(codes),
    ...(unready.length > 0
      ? [`${unready.length} of ${looks} looks found an instance unready that stayed: ${unready[0]}`]
      : []),
  ])
}

/** kill -9 of one of three instances every 5 s, `size` times. */
export async function kills(world: World, size: number, perSecond: number): Promise<Outcome> {
  const instances = await three(world)
  const load = world.load({ perSecond })
  for (let round = 0; round < size; round++) {
    await sleep(5000)
    await endProgram(instances[round % 3]!, 'SIGKILL')
    instances[round % 3] = await world.launch()
  }
  const audit = await world.audit(await load.stop())
  return outcome(audit, window * size, { kills: size })
}

const three = (world: World): Promise<Instance[]> => Promise.all([world.start(), world.start(), world.start()])
