import { refusals } from './refusals.ts'

export type VersionText = number | 'latest'

/** The version that a path names: `latest` or `-1`, or a number from 1 to 2^31-1. Throws 42202 for anything else. */
export function parseVersion(text: string): VersionText {
  if (text === 'latest' || text === '-1') return 'latest'
  const number = /^\d{1,10}$/.test(text) ? Number(text) : 0
  if (number < 1 || number > 2 ** 31 - 1) throw refusals.invalidVersion(text)
  return number
}
