// Plays a scenario on a cluster: what came back, step by step.
import { setTimeout as sleep } from 'node:timers/promises'
import { alterConfigs } from '../../src/protocol/messages/alter-configs.ts'
import { deleteTopics } from '../../src/protocol/messages/delete-topics.ts'
import { metadata } from '../../src/protocol/messages/metadata.ts'
import { type Scenario, type Seen, type SendStep, type Step, valueAt } from './scenario.ts'
import { type Reply, type Wire, openWire } from './wire.ts'

export interface Target {
  readonly host: string
  readonly port: number
  /** how long, in ms, an answered change may take until every other request knows of it */
  readonly settlesWithinMs: number
}

export interface Played {
  readonly api: string
  readonly version: number
  readonly reply: Reply
}

const patienceMs = 30_000
/** a request that is not waited for is there by then */
const arrivesWithinMs = 50

async function topicNames(wire: Wire): Promise<string[]> {
  const reply = await wire.send(metadata, 1, { topics: null })
  return (valueAt(reply, 'answer.topics') as { name: string }[]).map(({ name }) => name)
}

/** Leaves a cluster without topics and without dynamic configs. */
async function reset({ host, port, settlesWithinMs }: Target): Promise<void> {
  const wire = await openWire(host, port)
  const resources = ['', '1'].map((resourceName) => ({ resourceType: 4, resourceName, configs: [] }))
  await wire.send(alterConfigs, 1, { resources, validateOnly: false })
  const end = performance.now() + patienceMs
  for (let names = await topicNames(wire); names.length > 0; names = await topicNames(wire)) {
    if (performance.now() > end) throw new Error(`topics do not go away: ${names.join(', ')}`)
    await wire.send(deleteTopics, 5, { topicNames: names, timeoutMs: 5000 })
    await sleep(Math.min(settlesWithinMs, 100))
  }
  wire.close()
}

class Stage {
  private readonly target: Target
  private readonly wires = new Map<string, Wire>()
  private readonly answers = new Map<string, unknown>()
  private readonly parked = new Map<string, Promise<Played>>()

  constructor(target: Target) {
    this.target = target
  }

  readonly seen: Seen = <T>(step: string, path: string): T => {
    const value = valueAt(this.answers.get(step), path)
    if (value === undefined) throw new Error(`step "${step}" has no ${path}`)
    return value as T
  }

  async send(step: SendStep): Promise<Played | undefined> {
    const played = this.played(step, await this.wire(step.on ?? 'main'))
    if (step.parked !== true) return played
    this.parked.set(step.as ?? step.api.name, played)
    await sleep(arrivesWithinMs) // what comes next goes over another connection
    return undefined
  }

  settle(step: string): Promise<Played> {
    const parked = this.parked.get(step)
    if (!parked) throw new Error(`no request "${step}" waits for its answer`)
    return parked
  }

  hangUp(on: string): void {
    this.wires.get(on)?.close()
    this.wires.delete(on)
  }

  close(): void {
    for (const on of this.wires.keys()) this.hangUp(on)
  }

  private async played({ api, version, body, as, on = 'main' }: SendStep, wire: Wire): Promise<Played> {
    const reply = await wire.send(api, version, typeof body === 'function' ? body(this.seen) : body)
    if ('answer' in reply) this.answers.set(as ?? api.name, reply.answer)
    else this.hangUp(on)
    return { api: api.name, version, reply }
  }

  private async wire(on: string): Promise<Wire> {
    const wire = this.wires.get(on) ?? (await openWire(this.target.host, this.target.port, on))
    this.wires.set(on, wire)
    return wire
  }
}

/** what is seen by every other request as soon as it is answered */
const seenAtOnce = new Set([
  'ApiVersions',
  'DescribeConfigs',
  'Fetch',
  'ListOffsets',
  'OffsetForLeaderEpoch',
  'Produce',
])

function changesSomething(step: Step): boolean {
  return step.kind !== 'send' || step.parked === true || !seenAtOnce.has(step.api.name)
}

/** Plays all steps on a cluster that was reset. */
export async function play({ name, steps }: Scenario, target: Target): Promise<Played[]> {
  await reset(target)
  const stage = new Stage(target)
  const played: Played[] = []
  try {
    for (const step of steps) {
      if (step.kind === 'hangUp') stage.hangUp(step.on)
      const done =
        step.kind === 'send'
          ? await stage.send(step)
          : step.kind === 'settle'
            ? await stage.settle(step.step)
            : undefined
      if (done) played.push(done)
      if (target.settlesWithinMs > 0 && changesSomething(step)) await sleep(target.settlesWithinMs)
    }
    return played
  } catch (thrown) {
    throw new Error(`scenario "${name}", step ${played.length + 1}`, { cause: thrown })
  } finally {
    stage.close()
  }
}
