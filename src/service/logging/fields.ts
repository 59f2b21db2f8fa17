// What every line that is logged within a piece of work says beside its own: the record in work, the request, the trace.
import { AsyncLocalStorage } from 'node:async_hooks'

interface Frame {
  readonly fields: object
  readonly outer: Frame | undefined
}

const frames = new AsyncLocalStorage<Frame>()

/** Runs the work; every line that is logged in it, also behind an `await`, has the fields. Getters are asked by each line. */
export function withFields<T>(fields: object, work: () => T): T {
  return frames.run({ fields, outer: frames.getStore() }, work)
}

/** The fields of the work that is under way, the inner before the outer of the same name. */
export function currentFields(): object {
  return merged(frames.getStore())
}

function merged(frame: Frame | undefined): object {
  return frame === undefined ? {} : { ...merged(frame.outer), ...frame.fields }
}
