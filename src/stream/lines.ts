// A stream of bytes as numbered lines, in groups: all the lines of a chunk at once, so that no line costs a turn of the event loop.
import type { Readable } from 'node:stream'
import { EvplatError } from '../core/errors.ts'

export interface Line {
  /** counts from 1 */
  readonly number: number
  /** without the newline; valid until the next group is asked for */
  readonly bytes: Buffer
}

const longest = 64 * 1024 * 1024
const newline = 10

/**
 * Groups of lines as they arrive. The last line needs no newline. An input that is destroyed ends the lines, and what stands
 * before the next newline is dropped. Throws `bad-input` for a line of more than 64 MiB.
 */
export async function* linesOf(input: Readable): AsyncGenerator<Line[]> {
  let number = 0
  let rest: Buffer[] = []
  let restLength = 0
  const take = (tail: Buffer): Line => {
    const bytes = rest.length === 0 ? tail : Buffer.concat([...rest, tail])
    rest = []
    restLength = 0
    return { number: ++number, bytes }
  }
  for await (const data of untilDestroyed(input)) {
    const chunk = typeof data === 'string' ? Buffer.from(data) : (data as Buffer)
    const group: Line[] = []
    let from = 0
    for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, from)) {
      group.push(take(chunk.subarray(from, at)))
      from = at + 1
    }
    if (from < chunk.length) rest.push(chunk.subarray(from))
    restLength += chunk.length - from
    if (restLength > longest) throw new EvplatError('bad-input', `line ${number + 1} is longer than 64 MiB`)
    if (group.length > 0) yield group
  }
  if (restLength > 0 && input.readableEnded) yield [take(Buffer.alloc(0))]
}

async function* untilDestroyed(input: Readable): AsyncGenerator<unknown> {
  try {
    for await (const data of input) yield data
  } catch (thrown) {
    if (!input.destroyed || input.errored) throw thrown
  }
}
