/**
 * Maps `items` through `work` with at most `width` of them under way at once; the results keep the order of the items.
 * The first rejection stops new work and is thrown when what was under way has ended.
 */
export async function mapBounded<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = []
  let next = 0
  let failed: { thrown: unknown } | undefined
  const worker = async (): Promise<void> => {
    while (next < items.length && !failed) {
      const index = next++
      try {
        results[index] = await work(items[index]!, index)
      } catch (thrown) {
        failed ??= { thrown }
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker))
  if (failed) throw failed.thrown
  return results
}

/** Cuts a list into pieces of at most `size`. */
export function chunks<T>(items: readonly T[], size: number): T[][] {
  const cut: T[][] = []
  for (let at = 0; at < items.length; at += size) cut.push(items.slice(at, at + size))
  return cut
}
