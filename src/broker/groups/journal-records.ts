// The records of the groups' journal: a kind, a version, and fields in the notation of the protocol. Reading them all in order gives
// what the coordinator knew: of each group the last record about itself, of each offset the last commit or removal.
import { EvplatError } from '../../core/errors.ts'
import type { Fields, Read, Written } from '../../protocol/notation.ts'
import { array, bytes, int32, int64, string } from '../../protocol/notation.ts'
import { compile } from '../../protocol/compile.ts'
import { Reader } from '../../protocol/reader.ts'
import { Writer } from '../../protocol/writer.ts'

const offsetsCommitted = {
  groupId: string(),
  offsets: array({
    topic: string(),
    partition: int32(),
    offset: int64(),
    leaderEpoch: int32(),
    metadata: string(),
    commitTime: int64(),
    /** -1: the retention of the broker holds */
    expireTime: int64(),
  }),
}

const offsetsRemoved = {
  groupId: string(),
  partitions: array({ topic: string(), partition: int32() }),
}

const groupStored = {
  groupId: string(),
  protocolType: string({ nullable: 0 }),
  protocolName: string({ nullable: 0 }),
  generation: int32(),
  leaderId: string({ nullable: 0 }),
  stateSince: int64(),
  members: array({
    memberId: string(),
    instanceId: string({ nullable: 0 }),
    clientId: string(),
    clientHost: string(),
    sessionTimeoutMs: int32(),
    rebalanceTimeoutMs: int32(),
    /** all of them, where Kafka keeps the chosen one: else nobody who does not know that one could join after a restart */
    protocols: array({ name: string(), metadata: bytes() }),
    assignment: bytes(),
  }),
}

const groupRemoved = { groupId: string() }

/** A kind's place in the list is its number in the files: kinds are added at the end. */
const kinds = { offsetsCommitted, offsetsRemoved, groupStored, groupRemoved } satisfies Record<string, Fields>
type Kinds = typeof kinds
type Kind = keyof Kinds
const names = Object.keys(kinds) as Kind[]

export type JournalRecord = { [K in Kind]: { readonly kind: K } & Read<Kinds[K]> }[Kind]
export type StoredGroup = Read<typeof groupStored>

const version = 0
const wire = { version, flexible: true }

export function encodeRecord<K extends Kind>(kind: K, fields: Written<Kinds[K]>): Buffer {
  const writer = new Writer()
  writer.int8(names.indexOf(kind))
  writer.int8(version)
  compile(kinds[kind] as Fields, wire).write(writer, fields as never)
  return writer.toBuffer()
}

/** Throws `malformed-message` for bytes that this version did not write. */
export function decodeRecord(record: Buffer): JournalRecord {
  const reader = new Reader(record)
  const number = reader.int8()
  const kind = names[number]
  const written = reader.int8()
  if (kind === undefined || written !== version)
    throw new EvplatError(
      'malformed-message',
      `the groups' journal has a record of kind ${number} and version ${written}, which this version does not know`,
    )
  return { kind, ...compile(kinds[kind] as Fields, wire).read(reader) } as JournalRecord
}
