// Where the embedded broker answers otherwise than Apache Kafka 3.9, and why. Whatever is not here is equal.

export interface Difference {
  /** the line of the golden, counted from 0 */
  readonly step: number
  readonly kafka: object
  readonly ours: object
  readonly why: string
}

/** by the name of the scenario */
export const accepted: Readonly<Record<string, readonly Difference[]>> = {}
