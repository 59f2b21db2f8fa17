// Scenarios: lists of raw requests that are played against a real Kafka and against the embedded broker, and whose answers have to be equal
// field by field. A request may be made from earlier answers, go over a connection of its own, and stay unanswered for a while.
//
//     scenario('a topic is created once',
//       send(createTopics, 7, { topics: [topic('orders')], timeoutMs: 5000 }, { as: 'created' }),
//       send(deleteTopics, 6, (seen) => ({ topics: [{ name: null, topicId: seen('created', 'topics.0.topicId') }], timeoutMs: 5000 })),
//     )
//
// Every scenario finds a cluster without topics and without dynamic configs.
import type { Api, RequestOf } from '../../src/protocol/api.ts'

/** The value at a dotted path of an earlier answer, by the name of its step. Throws when there is none. */
export type Seen = <T = string>(step: string, path: string) => T

export interface StepOptions {
  /** the name under which later steps find the answer */
  readonly as?: string
  /** the connection; `main` where none is named. It is opened when it is first used, and again when the server has closed it */
  readonly on?: string
  /** the answer is not waited for here: `settle` does, later */
  readonly parked?: boolean
}

export interface SendStep extends StepOptions {
  readonly kind: 'send'
  readonly api: Api
  readonly version: number
  readonly body: object | ((seen: Seen) => object)
}

export type Step =
  | SendStep
  | { readonly kind: 'settle'; readonly step: string }
  | { readonly kind: 'hangUp'; readonly on: string }

export interface Scenario {
  readonly name: string
  readonly steps: readonly Step[]
}

/** A request at exactly this version. */
export function send<A extends Api>(
  api: A,
  version: number,
  body: RequestOf<A> | ((seen: Seen) => RequestOf<A>),
  options: StepOptions = {},
): Step {
  return { kind: 'send', api: api as unknown as Api, version, body, ...options }
}

/** Waits for the answer to a parked request. */
export function settle(step: string): Step {
  return { kind: 'settle', step }
}

/** The client goes away without a word. */
export function hangUp(on: string): Step {
  return { kind: 'hangUp', on }
}

export function scenario(name: string, ...steps: readonly Step[]): Scenario {
  return { name, steps }
}

/** The value at a dotted path: `topics.0.topicId`. */
export function valueAt(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], value)
}
