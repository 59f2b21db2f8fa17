// Sizes as people write them: `512MiB`, `1GiB`, `10kB`. A bare number is bytes, as in Kafka's own configs.

const unitBytes: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
}

/** Bytes of a size text, or undefined when it is not one. `-1` (Kafka's "no limit") passes. */
export function parseSize(text: string): number | undefined {
  const trimmed = text.trim()
  if (/^-1$|^\d+$/.test(trimmed)) return Number(trimmed)
  const match = /^(\d+(?:\.\d+)?) ?([kKMGT]?i?B)$/.exec(trimmed)
  const unit = match && unitBytes[match[2]!]
  if (!match || !unit) return undefined
  const bytes = Number(match[1]) * unit
  return Number.isSafeInteger(bytes) ? bytes : undefined
}

/** The shortest exact text of a number of bytes in binary units: `512MiB`, `1000B`; `-1` stays. */
export function formatSize(bytes: number): string {
  if (bytes <= 0) return String(bytes)
  for (const unit of ['TiB', 'GiB', 'MiB', 'KiB'])
    if (bytes % unitBytes[unit]! === 0) return `${bytes / unitBytes[unit]!}${unit}`
  return `${bytes}B`
}

/** A size for people, rounded up to whole units: `47MiB`, `3KiB`. */
export function roughSize(bytes: number): string {
  const unit = ['GiB', 'MiB', 'KiB'].find((name) => bytes >= 10 * unitBytes[name]!) ?? 'KiB'
  return `${Math.ceil(bytes / unitBytes[unit]!)}${unit}`
}
