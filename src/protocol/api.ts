// A Kafka API: its key, the versions that are written down here, and both of its messages.
import type { Fields, Read, Written } from './notation.ts'

export interface Api<Req extends Fields = Fields, Res extends Fields = Fields> {
  readonly key: number
  readonly name: string
  /** lowest and highest version of the definition */
  readonly versions: readonly [min: number, max: number]
  /** the first flexible version (KIP-482), Infinity where there is none */
  readonly flexible: number
  readonly request: Req
  readonly response: Res
}

/** Declares an API. */
export function api<const Req extends Fields, const Res extends Fields>(definition: Api<Req, Res>): Api<Req, Res> {
  return definition
}

/** What a client writes and reads, and what a broker reads and writes. */
export type RequestOf<A extends Api> = Written<A['request']>
export type ResponseOf<A extends Api> = Read<A['response']>
export type RequestRead<A extends Api> = Read<A['request']>
export type ResponseWritten<A extends Api> = Written<A['response']>
