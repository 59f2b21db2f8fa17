// The log of a container, as an engine sends it: frames of standard output and error (Docker Engine API, "attach": stream format),
// in each of them what was written at one time, after that time where it is asked for.

/** one for the stream, three that are 0, four for the size */
const headerBytes = 8
const newline = 10
const space = 32

interface Frame {
  readonly isError: boolean
  readonly content: Buffer
}

/** Cuts chunks into frames, wherever the chunks end. */
function frameCutter(): (chunk: Buffer) => Frame[] {
  let parts: Buffer[] = []
  let held = 0
  let wanted = headerBytes
  return (chunk) => {
    parts.push(chunk)
    held += chunk.length
    if (held < wanted) return []
    const frames: Frame[] = []
    const all = parts.length === 1 ? chunk : Buffer.concat(parts)
    let at = 0
    for (;;) {
      wanted = headerBytes
      if (all.length - at < wanted) break
      wanted += all.readUInt32BE(at + 4)
      if (all.length - at < wanted) break
      frames.push({ isError: all[at] === 2, content: all.subarray(at + headerBytes, at + wanted) })
      at += wanted
    }
    parts = [all.subarray(at)]
    held = all.length - at
    return frames
  }
}

/**
 * Takes chunks and answers the lines that they complete, of output and error as they came, each with its time before it. A long
 * line comes in several frames, each with a time of its own: only the first one stays. `end` answers what has no line end.
 */
export function lineReader(): { readonly push: (chunk: Buffer) => string[]; readonly end: () => string[] } {
  const cut = frameCutter()
  const open: Record<'output' | 'error', Buffer[]> = { output: [], error: [] }
  const take = ({ isError, content }: Frame): string[] => {
    const parts = open[isError ? 'error' : 'output']
    parts.push(parts.length === 0 ? content : content.subarray(content.indexOf(space) + 1))
    return content.at(-1) === newline ? [flush(parts)] : []
  }
  return {
    push: (chunk) => cut(chunk).flatMap(take),
    end: () => [open.output, open.error].filter((parts) => parts.length > 0).map(flush),
  }
}

/** Decoded as a whole: a letter may have been cut in two. */
function flush(parts: Buffer[]): string {
  return Buffer.concat(parts.splice(0))
    .toString()
    .replace(/\r?\n$/, '')
}
