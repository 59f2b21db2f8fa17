// The names of Kafka's releases as `message.format.version` takes them: "2.8", "2.8.1", "2.8-IV1", "0.10.2-IV0".

/** release -> how many internal versions (-IV0, -IV1, ...) it had; 0 for those that have no such suffix */
const internalVersions: Readonly<Record<string, number>> = {
  '0.8.0': 0,
  '0.8.1': 0,
  '0.8.2': 0,
  '0.9.0': 0,
  '0.10.0': 2,
  '0.10.1': 3,
  '0.10.2': 1,
  '0.11.0': 3,
  '1.0': 1,
  '1.1': 1,
  '2.0': 2,
  '2.1': 3,
  '2.2': 2,
  '2.3': 2,
  '2.4': 2,
  '2.5': 1,
  '2.6': 1,
  '2.7': 3,
  '2.8': 2,
  '3.0': 2,
  '3.1': 1,
  '3.2': 1,
  '3.3': 4,
  '3.4': 1,
  '3.5': 3,
  '3.6': 3,
  '3.7': 5,
  '3.8': 1,
  '3.9': 1,
  '4.0': 1,
}

/** Whether a text names a release that Kafka 3.9 knows. Further segments of a version without suffix do not matter. */
export function isRelease(text: string): boolean {
  const [, release = '', version] = /^(.*?)-IV(\d)$/.exec(text) ?? []
  if (version !== undefined) return Number(version) < (internalVersions[release] ?? 0)
  const segments = text.split('.')
  const key = segments.slice(0, text.startsWith('0.') ? 3 : 2).join('.')
  return Object.hasOwn(internalVersions, key)
}
