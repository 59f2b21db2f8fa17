// The names of the topics where failed records go: those that are planned are those that a listener writes to.
import { formatDuration } from './duration.ts'

/** `<topic>.<group>.retry.<delay>`, the delay in its shortest form: `90s`, `1m`, `2h`. */
export function retryTopicName(topic: string, group: string, delayMs: number): string {
  return `${topic}.${group}.retry.${formatDuration(delayMs)}`
}

/** `<topic>.<group>.dlt` */
export function deadLetterTopicName(topic: string, group: string): string {
  return `${topic}.${group}.dlt`
}
