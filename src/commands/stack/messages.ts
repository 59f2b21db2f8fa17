import type { Context } from '../context.ts'

export interface Messages {
  /** a line that stays */
  readonly say: (message: string) => void
  /** a line that the next one replaces, on a terminal only */
  readonly progress: (message: string) => void
  readonly end: () => void
}

/** Lines that stay and a line that changes, on the same terminal. */
export function createMessages(context: Context, first: string): Messages {
  const progress = context.progress(first)
  return {
    say: (message) => {
      progress.end()
      context.say(message)
    },
    progress: (message) => progress.update(message),
    end: () => progress.end(),
  }
}
