// What the broker remembers of topics and configs across restarts: each record is the whole state of one thing, and replaces an earlier one.
import type { Journal } from '../storage/store.ts'

/** The format; records of another are refused. */
const format = 1

export interface TopicRecord {
  readonly kind: 'topic'
  readonly id: string
  readonly name: string
  readonly partitions: number
  readonly overrides: Readonly<Record<string, string>>
}

/** What is set for one node of the broker, or for all with ''. */
export interface BrokerRecord {
  readonly kind: 'broker'
  readonly node: string
  readonly overrides: Readonly<Record<string, string>>
}

export type MetadataRecord = TopicRecord | BrokerRecord | { readonly kind: 'deleted'; readonly id: string }

export interface Metadata {
  /** ids of topics that are gone, as far as the journal still tells at the start */
  readonly deleted: ReadonlySet<string>
  /** by id */
  readonly topics: ReadonlyMap<string, TopicRecord>
  /** by node */
  readonly brokers: ReadonlyMap<string, BrokerRecord>
  /** Writes, then changes what is here. The answer settles when it is durable; undefined when it is already. */
  write(record: MetadataRecord): Promise<void> | undefined
}

/** beyond so many bytes the journal is written anew once it is mostly history */
const smallest = 1024 * 1024

function toBytes(record: MetadataRecord): Buffer {
  return Buffer.from(JSON.stringify({ format, ...record }))
}

function fromBytes(bytes: Buffer): MetadataRecord {
  const { format: found, ...record } = JSON.parse(bytes.toString()) as MetadataRecord & { format: number }
  if (found !== format) throw new Error(`the journal of topics has format ${found}; this version reads ${format}`)
  return record as MetadataRecord
}

/** Opens what a journal has, and what is written from now on. */
export function openMetadata(journal: Journal): Metadata {
  const topics = new Map<string, TopicRecord>()
  const brokers = new Map<string, BrokerRecord>()

  function apply(record: MetadataRecord): void {
    if (record.kind === 'topic') topics.set(record.id, record)
    else if (record.kind === 'broker') brokers.set(record.node, record)
    else topics.delete(record.id)
  }

  const deleted = new Set<string>()
  journal.replay((bytes) => {
    const record = fromBytes(bytes)
    if (record.kind === 'deleted') deleted.add(record.id)
    apply(record)
  })
  let threshold = smallest

  function cutHistory(): void {
    const records = [...topics.values(), ...brokers.values()].map(toBytes)
    journal.rewrite(records)
    const size = records.reduce((sum, { length }) => sum + length, 0)
    threshold = Math.max(smallest, 2 * size)
  }

  return {
    deleted,
    topics,
    brokers,
    write(record) {
      if (journal.size >= threshold) cutHistory()
      const durable = journal.append(toBytes(record))
      apply(record)
      return durable
    },
  }
}
