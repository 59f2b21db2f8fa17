/** Whether a value has to be waited for. What is there already is not: waiting costs a turn, and a promise for each record. */
export function isPromise<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof (value as { readonly then?: unknown } | null | undefined)?.then === 'function'
}
