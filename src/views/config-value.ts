import { formatDuration } from '../core/duration.ts'
import { formatSize } from '../core/size.ts'

/** A config value as Kafka has it, with what it means behind it: `604800000 (7d)`, `1073741824 (1GiB)`. */
export function readableConfig(key: string, value: string): string {
  const amount = /^\d{4,}$/.test(value) ? Number(value) : undefined
  if (amount === undefined || !Number.isSafeInteger(amount)) return value
  if (key.endsWith('.ms')) return `${value} (${formatDuration(amount)})`
  if (key.endsWith('.bytes')) return `${value} (${formatSize(amount)})`
  return value
}
