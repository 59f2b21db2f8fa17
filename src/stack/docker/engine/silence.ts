// A pull or a build may take an hour, and says something all the time. One that says nothing has no end.
import { elapsed } from '../../../core/duration.ts'
import { type Request, away } from './errors.ts'

/** how long an engine may say nothing of what it works on, in milliseconds: a registry that is slow to answer, a slow disk */
const patienceMs = 600_000

export interface Silence {
  /** aborts with `signal`, and with `engine-away` for its reason when nothing was heard for too long */
  readonly signal: AbortSignal
  readonly heard: () => void
  readonly close: () => void
}

/** Watches one request that goes on for long; `heard` is called whenever the engine says something of it. */
export function watchSilence(request: Request, signal: AbortSignal, limitMs = patienceMs): Silence {
  const silent = new AbortController()
  const give = (): void => silent.abort(away(request, `nothing said for ${elapsed(limitMs)}`))
  let timer = setTimeout(give, limitMs)
  return {
    signal: AbortSignal.any([signal, silent.signal]),
    heard: () => {
      clearTimeout(timer)
      timer = setTimeout(give, limitMs)
    },
    close: () => clearTimeout(timer),
  }
}
