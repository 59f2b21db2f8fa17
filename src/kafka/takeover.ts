// While a broker is lost, what it led or coordinated is nobody's for some seconds; then another has taken over.
import { setTimeout as sleep } from 'node:timers/promises'
import { EvplatError } from '../core/errors.ts'
import { isRetriable } from '../protocol/error-table.ts'
import type { Cluster } from './cluster.ts'

/** A lost broker counts as alive for 9 s with KRaft and for 18 s with ZooKeeper, where nobody changes that. */
const takeoverMs = 25_000
const pauseMs = 250

/** Thrown by what is asked, where another answer may come in a moment: a code that Kafka calls retriable, and what to say at last. */
export class Passing extends Error {
  readonly last: EvplatError

  constructor(last: EvplatError) {
    super(last.message)
    this.last = last
  }
}

/** The error of an answer, or a `Passing` one where its code is retriable. */
export function passing(errorCode: number, error: EvplatError): Error {
  return isRetriable(errorCode) ? new Passing(error) : error
}

/**
 * Asks again while a broker is lost, or its successor is not ready, until the time of a takeover is over. `ask` finds out anew
 * whom to ask. A broker that can't be reached is waited for only where there are others to take over.
 */
export async function throughTakeover<T>(cluster: Cluster, ask: () => Promise<T>): Promise<T> {
  const end = performance.now() + takeoverMs
  for (;;) {
    try {
      return await ask()
    } catch (thrown) {
      const isLost = thrown instanceof EvplatError && thrown.code === 'broker-unreachable'
      const mayPass = thrown instanceof Passing || (isLost && (await cluster.describe()).brokers.size > 1)
      if (!mayPass || performance.now() > end) throw thrown instanceof Passing ? thrown.last : thrown
      await sleep(pauseMs)
    }
  }
}
