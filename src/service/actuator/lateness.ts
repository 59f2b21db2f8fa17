// Which delays of the event loop are worth a line: a loop that is late again and again fills no log.

export interface Late {
  /** the longest delay since the last line, in milliseconds */
  readonly ms: number
  /** how often it was late since then */
  readonly times: number
}

export interface LatenessOptions {
  /** in milliseconds: what is later than this counts */
  readonly lateMs: number
  /** in milliseconds: the least time between two lines */
  readonly everyMs: number
}

/** A function that takes each delay with the time at which it was seen, both in milliseconds, and gives what to tell now, if anything. */
export function newLateness({ lateMs, everyMs }: LatenessOptions): (ms: number, now: number) => Late | undefined {
  let toldAt = -Infinity
  let [longest, times] = [0, 0]
  return (ms, now) => {
    if (ms > lateMs) {
      longest = Math.max(longest, ms)
      times += 1
    }
    if (times === 0 || now - toldAt < everyMs) return undefined
    const late = { ms: longest, times }
    toldAt = now
    longest = 0
    times = 0
    return late
  }
}
