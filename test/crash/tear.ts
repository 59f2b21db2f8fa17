// What a write that was cut short leaves: some bytes at the end of a file that are no whole record.
import { appendFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Random } from '../fuzz/random.ts'

/** Appends them to the last segment of some log, or to a journal. Answers the file's path in the data folder. */
export function tearFile(data: string, random: Random): string {
  const journals = readdirSync(data).filter((name) => name.endsWith('.journal'))
  const folders = readdirSync(join(data, 'logs'))
  const path = random.oneIn(3) ? random.pick(journals) : lastSegment(data, `logs/${random.pick(folders)}`)
  if (path === undefined) return tearFile(data, random)
  const length = 1 + random.below(150)
  appendFileSync(join(data, path), random.oneIn(2) ? Buffer.alloc(length) : random.bytes(length))
  return path
}

function lastSegment(data: string, folder: string): string | undefined {
  const names = readdirSync(join(data, folder)).filter((name) => name.endsWith('.log'))
  const last = names.toSorted().at(-1)
  return last === undefined ? undefined : `${folder}/${last}`
}
