// A broker of one test, and short ways to ask it: the steps of the differential scenarios, one by one.
import type { RunningBroker } from '../../src/broker/start.ts'
import { valued } from '../differential/data-requests.ts'
import { create, topic } from '../differential/requests.ts'
import { type Step, valueAt } from '../differential/scenario.ts'
import type { Wire } from '../differential/wire.ts'
import { batchOf } from '../support/log-fixture.ts'
import { memoryBroker, wireTo } from '../support/memory-broker.ts'

/** The answer to one step. Throws when the connection ends instead. */
export async function tell(wire: Wire, step: Step): Promise<unknown> {
  if (step.kind !== 'send') throw new Error('nothing is sent by this step')
  const { api, version, body } = step
  const unseen = (): never => {
    throw new Error('nothing was seen before')
  }
  const reply = await wire.send(api, version, typeof body === 'function' ? body(unseen) : body)
  if ('closed' in reply) throw new Error(`the connection ended instead of an answer to ${api.name}`)
  return reply.answer
}

/** The value at a path of the answer. */
export async function told<T>(wire: Wire, step: Step, path: string): Promise<T> {
  return valueAt(await tell(wire, step), path) as T
}

export const producedError = 'responses.0.partitionResponses.0.errorCode'
export const producedOffset = 'responses.0.partitionResponses.0.baseOffset'
export const fetchedError = 'responses.0.partitions.0.errorCode'
export const fetchedRecords = 'responses.0.partitions.0.records'

/** The records of these tests are of 2023: they are kept for ever. */
export const forEver = { 'log.retention.ms': '-1' }

/** A broker with the topic `orders`, and a connection to it. */
export async function withOrders(
  configs: readonly (readonly [string, string])[] = [],
): Promise<{ readonly broker: RunningBroker; readonly wire: Wire }> {
  const broker = await memoryBroker({ configs: forEver })
  const wire = await wireTo(broker)
  await tell(wire, create(7, [topic('orders', { configs })]))
  return { broker, wire }
}

/** A batch with these values. */
export const batch = (...values: string[]): Buffer => batchOf(valued(values))
