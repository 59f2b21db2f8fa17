// Requests of many items: each item has its own outcome, in the broker's own words, and only what is worth it is sent again.
import { setTimeout as sleep } from 'node:timers/promises'
import { chunks } from '../../core/bounded.ts'
import type { ErrorCode } from '../../core/error-codes.ts'
import { type ErrorName, errorName, isRetriable } from '../../protocol/error-table.ts'
import type { EvplatError } from '../../core/errors.ts'
import type { Cluster } from '../cluster.ts'
import { isBroken, isUnreachable } from '../wire/socket-errors.ts'

/** Why a broker did not do what was asked of one item. */
export interface ItemError {
  readonly code: Extract<ErrorCode, 'broker-refused' | 'not-authorised'>
  /** the protocol's name: INVALID_CONFIG, POLICY_VIOLATION, ... */
  readonly name: ErrorName
  /** the broker's own sentence, or the name where it gives none */
  readonly message: string
}

export interface ItemOutcome {
  readonly name: string
  readonly error?: ItemError
}

interface ItemAnswer {
  readonly name: string
  readonly errorCode: number
  readonly errorMessage: string | null
}

const perRequest = 500
const attempts = 8
const pauseMs = 200

/** The error of an answer, or undefined where there is none. */
export function itemError(errorCode: number, message: string | null): ItemError | undefined {
  if (errorCode === 0) return undefined
  const name = errorName(errorCode)
  return {
    code: name.endsWith('AUTHORIZATION_FAILED') ? 'not-authorised' : 'broker-refused',
    name,
    message: message !== null && message !== '' ? message : name,
  }
}

function outcomeOf({ name, errorCode, errorMessage }: ItemAnswer): ItemOutcome {
  const error = itemError(errorCode, errorMessage)
  return error ? { name, error } : { name }
}

/**
 * Sends items in batches and gathers an outcome for each, in their order.
 * A connection that breaks under a request, as when a broker is restarted, may have carried it there: it is sent once more by another one.
 * Where that does not go either, the first one's end is thrown.
 * `already` names an error that means that an earlier try of ours went through although its answer was lost.
 */
export async function sendItems<T extends { readonly name: string }>(
  cluster: Cluster,
  items: readonly T[],
  send: (batch: readonly T[]) => Promise<readonly ItemAnswer[]>,
  already?: ErrorName,
): Promise<ItemOutcome[]> {
  const outcomes = new Map<string, ItemOutcome>()
  for (const batch of chunks(items, perRequest)) {
    let pending: readonly T[] = batch
    let broken: EvplatError | undefined
    for (let attempt = 1; pending.length > 0; attempt++) {
      const answers = await send(pending).catch((thrown: unknown) => {
        if (broken || !isBroken(thrown)) throw broken && isUnreachable(thrown) ? broken : thrown
        broken = thrown
        return undefined
      })
      if (!answers) {
        cluster.forgetView()
        await sleep(pauseMs)
        continue
      }
      const again = new Set(answers.filter((a) => attempt < attempts && isWorthAnother(a.errorCode)).map((a) => a.name))
      for (const answer of answers) {
        if (again.has(answer.name)) continue
        const wentThrough = attempt > 1 && errorName(answer.errorCode) === already
        outcomes.set(answer.name, wentThrough ? { name: answer.name } : outcomeOf(answer))
      }
      pending = pending.filter((item) => again.has(item.name))
      if (pending.length > 0) {
        cluster.forgetView()
        await sleep(Math.min(100 * 2 ** attempt, 2000))
      }
    }
  }
  return items.map(
    (item) =>
      outcomes.get(item.name) ??
      outcomeOf({ name: item.name, errorCode: -1, errorMessage: 'the broker gave no answer for it' }),
  )
}

/** An unknown topic is retriable to Kafka, because it may be on its way; to an administrator it is an answer. */
function isWorthAnother(code: number): boolean {
  return isRetriable(code) && errorName(code) !== 'UNKNOWN_TOPIC_OR_PARTITION'
}
