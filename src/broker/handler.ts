// What a handler of one API is: the versions that are advertised, and a function from request to answer.
import type { Api, RequestRead, ResponseWritten } from '../protocol/api.ts'
import type { Broker } from './broker.ts'

/** The request as it came: who sent it, and until when an answer is of use. */
export interface Call {
  readonly version: number
  readonly clientId: string | null
  /** the address that the client used to reach this broker, which is the one to advertise to it */
  readonly host: string
  readonly port: number
  readonly clientHost: string
  /** Calls `work` when the connection is gone; the function that it returns takes that back. Answers that wait end by it. */
  onGone(work: () => void): () => void
  isGone(): boolean
}

/** Nothing is answered to a produce request without acknowledgement. */
export const noAnswer: unique symbol = Symbol('no answer')

/** The connection ends: the way to tell a failure where nothing is answered. */
export const hangUp: unique symbol = Symbol('hang up')

export type Answer<A extends Api> = ResponseWritten<A> | typeof noAnswer | typeof hangUp

/** who is asked, and by whom */
export interface Asked {
  readonly broker: Broker
  readonly call: Call
}

export interface Handler<A extends Api = Api> {
  readonly api: A
  /** the versions that ApiVersions tells */
  readonly versions: readonly [min: number, max: number]
  /** A promise parks the request: it is answered when the promise settles. */
  readonly handle: (broker: Broker, request: RequestRead<A>, call: Call) => Answer<A> | Promise<Answer<A>>
  /** the answer that carries nothing but an error, for a request that can't be served at a version, or by the word of a fault rule */
  readonly refuse?: (request: RequestRead<A>, errorCode: number, asked: Asked) => ResponseWritten<A>
}

/** Declares a handler; the types of request and answer follow from the API. */
export function handler<A extends Api>(definition: Handler<A>): Handler {
  return definition as unknown as Handler
}
