// What OffsetFetch may answer: the last commit that was acknowledged, or one that was sent later or at the same time.

export interface Commit {
  readonly offset: number
  /** told by the commit's metadata */
  readonly id: string
}

interface Attempt extends Commit {
  readonly sent: number
  /** when it was acknowledged, or when nothing could become of it any more; undefined while it is under way */
  ended?: number
  /** when one was acknowledged that was sent after this one had ended */
  outdated?: number
}

/** outdated ones are kept for so many steps, for answers that are under way */
const stepsKept = 1000

/** The commits of one partition by all members of a group. Times are steps of one counter. */
export class Commits {
  private attempts: Attempt[] = []
  private step = 0
  acknowledged = 0

  send(offset: number): Commit {
    const sent = ++this.step
    const attempt: Attempt = { offset, id: `c${sent}`, sent }
    this.attempts.push(attempt)
    return attempt
  }

  /** Of `refused` ones nothing stays; of `lost` ones nobody knows, but nothing comes of them after the death of the broker. */
  end(commit: Commit, how: 'acknowledged' | 'refused' | 'lost'): void {
    if (how === 'refused') this.attempts = this.attempts.filter((each) => each !== commit)
    const attempt = this.attempts.find((each) => each === commit)
    if (!attempt) return
    attempt.ended = ++this.step
    if (how === 'acknowledged') this.acknowledge(attempt)
  }

  /** Call before asking; the answer says what is wrong with what was fetched, if anything is. */
  beginFetch(): (offset: number, id: string) => string | undefined {
    const began = ++this.step
    const isCommitted = this.acknowledged > 0
    return (offset, id) => {
      if (offset < 0) return isCommitted ? 'no offset, where one was committed' : undefined
      const found = this.attempts.find((each) => each.offset === offset && each.id === id)
      if (!found) return `offset ${offset} (${id}), which was never committed, or long ago`
      const { outdated = Infinity } = found
      return outdated < began ? `offset ${offset} (${id}), after a later one was acknowledged` : undefined
    }
  }

  private acknowledge({ sent }: Attempt): void {
    this.acknowledged++
    const now = this.step
    for (const each of this.attempts) if (each.ended !== undefined && each.ended < sent) each.outdated ??= now
    this.attempts = this.attempts.filter(({ outdated = Infinity }) => outdated > now - stepsKept)
  }
}
