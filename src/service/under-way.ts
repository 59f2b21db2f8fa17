// What is under way where a line is logged or an event is sent: the record or the request, and its trace. One storage holds both, since
// every promise pays for each that is in use.
import { AsyncLocalStorage } from 'node:async_hooks'
import type { SpanContext } from '@opentelemetry/api'

/** The trace that work belongs to. */
export interface Scope {
  readonly span: () => SpanContext
  /** as it came (https://www.w3.org/TR/baggage/) */
  readonly baggage: string | undefined
}

/** A piece of work, within the one that began it. */
export interface Place {
  /** asked for each line that is logged */
  readonly fields: () => object
  readonly scope: Scope | undefined
  readonly outer: Place | undefined
}

const places = new AsyncLocalStorage<Place>()

/** A place within what is under way now. Its fields are on every line that is logged in it. */
export function placeOf(fields: () => object, scope?: Scope): Place {
  const outer = places.getStore()
  return { fields, scope: scope ?? outer?.scope, outer }
}

/** Runs the work; what it begins is in the place, too, also behind an `await`. */
export function within<T>(place: Place, work: () => T): T {
  return places.run(place, work)
}

/** Runs the work; every line that is logged in it has the fields. */
export function withFields<T>(fields: object, work: () => T): T {
  return within(
    placeOf(() => fields),
    work,
  )
}

/** The fields of the work that is under way, the inner before the outer of the same name. */
export function currentFields(): object {
  return merged(places.getStore())
}

/** The trace of the work that is under way; undefined outside of any. */
export function currentScope(): Scope | undefined {
  return places.getStore()?.scope
}

function merged(place: Place | undefined): object {
  return place === undefined ? {} : { ...merged(place.outer), ...place.fields() }
}
