const number = /^-?\d+(\.\d+)?$/

function normal(text: string): string {
  const trimmed = text.trim()
  if (number.test(trimmed)) return /\./.test(trimmed) ? String(Number(trimmed)) : String(BigInt(trimmed))
  if (/^(true|false)$/i.test(trimmed)) return trimmed.toLowerCase()
  return trimmed
    .split(',')
    .map((part) => part.trim())
    .toSorted()
    .join(',')
}

/** Whether two texts are the same value to Kafka: numbers as numbers, booleans in any case, lists in any order and spacing. */
export function isSameConfigValue(a: string, b: string): boolean {
  return a === b || normal(a) === normal(b)
}
