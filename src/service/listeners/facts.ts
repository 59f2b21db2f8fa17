// Running listeners as the actuator sees them.
import { messageOf } from '../../core/errors.ts'
import type { ListenerFacts, PartitionFacts } from '../actuator/ports.ts'
import type { RunningListeners } from './start-listeners.ts'
import type { PartitionNumbers } from './words.ts'

/** Retry topics are told beside the topics that they belong to, and are paused with them. */
export function listenerFacts(running: RunningListeners, group: string): ListenerFacts {
  const turn = (topic: string, act: (topic: string) => void): boolean => {
    if (!running.topics.has(topic)) return false
    act(topic)
    return true
  }
  return {
    group,
    state() {
      const { is, since, wasMember, error } = running.state()
      return { is, forMs: since, wasMember, ...(error !== undefined && { error: messageOf(error) }) }
    },
    list() {
      const numbers = running.numbers()
      return [...running.topics].map(([topic, { isPaused }]) => ({
        topic,
        isPaused,
        partitions: numbers
          .filter((each) => each.topic === topic)
          .map(factsOf)
          .toSorted((a, b) => a.partition - b.partition),
      }))
    },
    pause: (topic) => turn(topic, running.pause),
    resume: (topic) => turn(topic, running.resume),
    seek: (topic, to) => (running.topics.has(topic) ? running.seek(topic, to) : undefined),
  }
}

function factsOf({ partition, lag, inWork, oldestInWork = 0, quiet, blockedBy }: PartitionNumbers): PartitionFacts {
  return { partition, lag, inWork, oldestInWorkMs: oldestInWork, quietMs: quiet, ...(blockedBy && { blockedBy }) }
}
