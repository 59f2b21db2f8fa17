/**
 * Does several works at once, each of which ends when its signal aborts. When one fails the others are told so and waited for, and then
 * its error is thrown: nothing goes on in the background.
 */
export async function allOrNone<T>(
  outer: AbortSignal,
  begin: (signal: AbortSignal) => Iterable<Promise<T>>,
): Promise<T[]> {
  const failed = new AbortController()
  const works = [...begin(AbortSignal.any([outer, failed.signal]))]
  try {
    return await Promise.all(works)
  } catch (thrown) {
    failed.abort(thrown)
    await Promise.allSettled(works)
    throw thrown
  }
}
