// The topics in memory: found by name and by id, with the names that would collide.
import type { LogConfig } from '../log-config.ts'
import type { PartitionLog } from '../storage/partition-log.ts'
import type { Overrides } from './broker-configs.ts'
import type { TopicRecord } from './metadata-journal.ts'
import { collisionKey, isInternalName } from './topic-name.ts'
import type { Topic } from './topics.ts'

/** A topic whose settings may change; it stays the same object for as long as the topic lives. */
export class LiveTopic implements Topic {
  readonly id: string
  readonly name: string
  readonly isInternal: boolean
  readonly partitions: PartitionLog[] = []
  overrides: Overrides
  private derive: () => LogConfig

  /** `derive` answers what holds by the overrides, at any time. */
  constructor({ id, name }: TopicRecord, overrides: Overrides, derive: () => LogConfig) {
    this.id = id
    this.name = name
    this.isInternal = isInternalName(name)
    this.overrides = overrides
    this.derive = derive
  }

  get config(): LogConfig {
    return this.derive()
  }

  set(overrides: Overrides, derive: () => LogConfig): void {
    this.overrides = overrides
    this.derive = derive
  }
}

export class TopicIndex {
  readonly byName = new Map<string, LiveTopic>()
  readonly byId = new Map<string, LiveTopic>()
  private readonly colliding = new Map<string, Set<string>>()

  add(topic: LiveTopic): void {
    this.byName.set(topic.name, topic)
    this.byId.set(topic.id, topic)
    const key = collisionKey(topic.name)
    this.colliding.set(key, (this.colliding.get(key) ?? new Set()).add(topic.name))
  }

  remove({ id, name }: Topic): void {
    this.byName.delete(name)
    this.byId.delete(id)
    const key = collisionKey(name)
    const names = this.colliding.get(key)
    names?.delete(name)
    if (names?.size === 0) this.colliding.delete(key)
  }

  has(name: string): boolean {
    return this.byName.has(name)
  }

  /** a topic whose name differs only in `.` and `_` */
  collision(name: string): string | undefined {
    return this.colliding.get(collisionKey(name))?.values().next().value
  }
}
