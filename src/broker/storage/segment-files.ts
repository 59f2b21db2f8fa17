// Names of the files of a log, as Kafka gives them.

/** log: batches; index and timeindex: sparse indexes; snapshot: producers as they were at the offset; cleaned: not in use yet */
export type FileKind = 'log' | 'index' | 'timeindex' | 'snapshot' | 'cleaned'

export function segmentPath(folder: string, base: number, kind: FileKind): string {
  return `${folder}/${String(base).padStart(20, '0')}.${kind}`
}

/** The offset and the kind that a file's name tells; undefined for a file that is not of a log. */
export function parseName(name: string): { readonly base: number; readonly kind: string } | undefined {
  const [, digits, kind] = /^(\d{20})\.(.+)$/.exec(name) ?? []
  return digits === undefined || kind === undefined ? undefined : { base: Number(digits), kind }
}
