// One member of a group.
import type { Timer } from '../clock.ts'
import type { Parked } from './parked.ts'
import type { JoinAnswer, JoinRequest, Protocol, SyncAnswer } from './requests.ts'

/** How a member asked to be treated: each of its joins tells it anew. */
export interface Terms {
  readonly sessionTimeoutMs: number
  readonly rebalanceTimeoutMs: number
  readonly protocols: readonly Protocol[]
}

export interface Member {
  /** a static member that comes back without its id is given a new one */
  id: string
  readonly instanceId: string | null
  readonly clientId: string
  readonly clientHost: string
  terms: Terms
  assignment: Buffer
  /** its first join is not answered yet, so it can't send heartbeats */
  isNew: boolean
  joining: Parked<JoinAnswer> | undefined
  syncing: Parked<SyncAnswer> | undefined
  /** ends its membership when it fires */
  session: Timer | undefined
}

export const noBytes: Buffer = Buffer.alloc(0)

export function newMember(id: string, request: JoinRequest, joining: Parked<JoinAnswer>): Member {
  const { instanceId, clientId, clientHost } = request
  return {
    id,
    instanceId,
    clientId,
    clientHost,
    terms: termsOf(request),
    assignment: noBytes,
    isNew: true,
    joining,
    syncing: undefined,
    session: undefined,
  }
}

export function termsOf({ sessionTimeoutMs, rebalanceTimeoutMs, protocols }: JoinRequest): Terms {
  return { sessionTimeoutMs, rebalanceTimeoutMs, protocols }
}

/** What a member told the leader in a protocol; empty when it does not know that protocol. */
export function metadataOf({ terms }: Member, protocolName: string | null): Buffer {
  return terms.protocols.find(({ name }) => name === protocolName)?.metadata ?? noBytes
}

/** Whether a member says again what it said before. */
export function saysTheSame({ terms }: Member, protocols: readonly Protocol[]): boolean {
  return (
    protocols.length === terms.protocols.length &&
    protocols.every(({ name, metadata }, i) => {
      const own = terms.protocols[i]!
      return name === own.name && metadata.equals(own.metadata)
    })
  )
}

/** Whether a member need not send heartbeats, because its request is parked here. New members can: they may be gone for good. */
export function isExcused({ isNew, joining, syncing }: Member): boolean {
  return !isNew && (joining !== undefined || syncing !== undefined)
}
