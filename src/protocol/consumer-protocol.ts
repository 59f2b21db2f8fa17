// What the members of a consumer group tell each other through the coordinator, which does not look into it: ConsumerProtocolSubscription
// and ConsumerProtocolAssignment of Kafka, versions 0 to 3. A version stands in front of each; of what is newer a member reads what it knows.
import { compile } from './compile.ts'
import { array, bytes, int16, int32, string } from './notation.ts'
import { Reader } from './reader.ts'
import { Writer } from './writer.ts'

/** partitions by topic */
export type TopicPartitions = ReadonlyMap<string, readonly number[]>

export interface Subscription {
  readonly topics: readonly string[]
  /** the partitions that the member goes on with until it is told otherwise (KIP-429) */
  readonly owned: TopicPartitions
  /** the generation in which it was given these (KIP-792); -1 where it does not tell */
  readonly generation: number
}

const version = { version: int16() }
const partitionList = { topic: string(), partitions: array(int32()) }
const subscription = {
  topics: array(string()),
  userData: bytes({ nullable: 0, default: null }),
  owned: array(partitionList, { since: 1 }),
  generation: int32({ since: 2, default: -1 }),
}
const assignment = { partitions: array(partitionList), userData: bytes({ nullable: 0, default: null }) }

/** what evplat writes; version 3 adds a rack, which only those need who fetch from followers */
const subscriptionVersion = 2
const assignmentVersion = 1

const versionCodec = compile(version, { version: 0, flexible: false })
const wire = (of: number) => ({ version: of, flexible: false })
const listed = (all: TopicPartitions) => [...all].map(([topic, partitions]) => ({ topic, partitions }))
const mapped = (list: readonly { readonly topic: string; readonly partitions: readonly number[] }[]): TopicPartitions =>
  new Map(list.map(({ topic, partitions }) => [topic, partitions]))

/** The generation stands twice: members that know version 1 look for it in the data of the assignor "cooperative-sticky". */
export function subscriptionBytes({ topics, owned, generation }: Subscription): Buffer {
  const userData = Buffer.alloc(4)
  userData.writeInt32BE(generation)
  const writer = new Writer()
  versionCodec.write(writer, { version: subscriptionVersion })
  compile(subscription, wire(subscriptionVersion)).write(writer, { topics, userData, owned: listed(owned), generation })
  return writer.toBuffer()
}

/** Of any version; what a version lacks is as if there were none. Throws `malformed-message`. */
export function readSubscription(metadata: Buffer): Subscription {
  const reader = new Reader(metadata)
  const known = Math.min(versionCodec.read(reader).version, subscriptionVersion)
  const { topics, userData, owned, generation } = compile(subscription, wire(known)).read(reader)
  const told = generation === -1 && userData?.length === 4 ? userData.readInt32BE() : generation
  return { topics, owned: mapped(owned), generation: told }
}

export function assignmentBytes(partitions: TopicPartitions): Buffer {
  const writer = new Writer()
  versionCodec.write(writer, { version: assignmentVersion })
  compile(assignment, wire(assignmentVersion)).write(writer, { partitions: listed(partitions) })
  return writer.toBuffer()
}

/** No bytes at all are an assignment of nothing. Throws `malformed-message`. */
export function readAssignment(bytesGiven: Buffer): TopicPartitions {
  if (bytesGiven.length === 0) return new Map()
  const reader = new Reader(bytesGiven)
  versionCodec.read(reader)
  return mapped(compile(assignment, wire(0)).read(reader).partitions)
}
