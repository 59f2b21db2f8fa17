// The one binary search of the storage: everything in it is kept in the order of offsets, positions or times.

/**
 * Which is the last of `count` things, numbered from 0, for which `isBefore` holds; -1 when it holds for none. It must hold for the
 * first ones and fail for the rest.
 */
export function lastOf(count: number, isBefore: (n: number) => boolean): number {
  let low = -1
  for (let high = count - 1; low < high;) {
    const middle = (low + high + 1) >> 1
    if (isBefore(middle)) low = middle
    else high = middle - 1
  }
  return low
}
