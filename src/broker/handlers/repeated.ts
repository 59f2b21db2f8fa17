/** The keys that come more than once: requests are refused where they name a thing twice. */
export function repeated<K>(keys: Iterable<K>): ReadonlySet<K> {
  const seen = new Set<K>()
  const again = new Set<K>()
  for (const key of keys) (seen.has(key) ? again : seen).add(key)
  return again
}
