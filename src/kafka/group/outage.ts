// How long a group may be without its coordinator: another broker takes over in seconds, where there is one.

/** how long that is borne */
const outageMs = 60_000

interface Outage {
  /** notes that the coordinator is not there; false when that has lasted too long */
  isBearable(): boolean
  end(): void
}

export function newOutage(): Outage {
  let since: number | undefined
  return {
    isBearable() {
      since ??= performance.now()
      return performance.now() - since < outageMs
    },
    end() {
      since = undefined
    },
  }
}

/** Whether what lies at the bottom of an error may pass: a broker that is lost, a coordinator that moves. */
export function isOutage(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false
  if (isUnknownCoordinator(thrown)) return true
  return thrown.cause === undefined ? 'retriable' in thrown && thrown.retriable === true : isOutage(thrown.cause)
}

/** Nobody could say which broker the coordinator is: kafkajs forgets why, and takes it for final. */
function isUnknownCoordinator(thrown: Error): boolean {
  return thrown.name === 'KafkaJSGroupCoordinatorNotFound'
}
