// The lines of `consume -o json` as records, and records as short lines that a test can compare by the thousand.
import { createHash } from 'node:crypto'
import type { JavaRecord } from './kafka-shell.ts'

type Bytes = string | null | { readonly $base64: string }

/** The published shape `record`, for topics whose keys and values are not decoded. */
interface Envelope {
  readonly partition: number
  readonly offset: number
  readonly timestamp: string
  readonly key: Bytes
  readonly value: Bytes
  readonly headers: readonly (readonly [name: string, value: Bytes])[]
}

function bytesOf(shown: Bytes): Buffer | null {
  if (shown === null) return null
  return typeof shown === 'string' ? Buffer.from(shown) : Buffer.from(shown.$base64, 'base64')
}

/** What consume printed, in the order of partition and offset. */
export function recordsIn(stdout: string): JavaRecord[] {
  const records = stdout
    .split('\n')
    .slice(0, -1)
    .map((line): JavaRecord => {
      const { partition, offset, timestamp, key, value, headers } = JSON.parse(line) as Envelope
      return {
        partition,
        offset,
        timestamp: BigInt(Date.parse(timestamp)),
        key: bytesOf(key),
        value: bytesOf(value),
        headers: headers.map(([name, content]) => [name, bytesOf(content)] as const),
      }
    })
  return inOrder(records)
}

export function inOrder<T extends Pick<JavaRecord, 'partition' | 'offset'>>(records: readonly T[]): T[] {
  return records.toSorted((a, b) => a.partition - b.partition || a.offset - b.offset)
}

function shortly(bytes: Buffer | null): string {
  if (bytes === null) return 'null'
  if (bytes.length <= 60) return `[${bytes.toString('hex')}]`
  return `${bytes.length} bytes ${createHash('sha256').update(bytes).digest('hex')}`
}

/** A record on one line, every byte of it counting. */
export function lineOf({ partition, offset, timestamp, key, value, headers }: JavaRecord): string {
  const pairs = headers.map(([name, content]) => `${JSON.stringify(name)}=${shortly(content)}`)
  return [`${partition}:${offset}`, timestamp, shortly(key), shortly(value), ...pairs].join(' ')
}
