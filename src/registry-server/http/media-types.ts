// Content types as Confluent's registry knows them (its API reference, "Content Types").

const served = ['application/vnd.schemaregistry.v1+json', 'application/vnd.schemaregistry+json', 'application/json']
const read = new Set([...served, 'application/octet-stream'])

/** Whether a request body of this Content-Type is read. One without any is. */
export function isReadable(contentType: string | undefined): boolean {
  return contentType === undefined || read.has(bare(contentType))
}

/** The type to answer in after the Accept header (RFC 9110, 12.5.1), or undefined where none of ours is wanted. */
export function answerType(accept: string | undefined): string | undefined {
  if (accept === undefined || accept.trim() === '') return served[0]
  const ranges = accept.split(',').map((range) => ({ range: bare(range), weight: weightOf(range) }))
  let best: { type: string; weight: number } | undefined
  for (const type of served) {
    const matching = ranges.filter(({ range }) => matches(range, type))
    const weight = matching.sort((a, b) => precision(b.range) - precision(a.range))[0]?.weight ?? 0
    if (weight > (best?.weight ?? 0)) best = { type, weight }
  }
  return best?.type
}

const bare = (type: string): string => type.split(';', 1)[0]!.trim().toLowerCase()

const matches = (range: string, type: string): boolean =>
  range === type || range === '*/*' || range === 'application/*' || range === '*'

const precision = (range: string): number => (range.startsWith('*') ? 0 : range.endsWith('/*') ? 1 : 2)

function weightOf(range: string): number {
  const q = /;\s*q=([\d.]+)/i.exec(range)?.[1]
  return q === undefined ? 1 : Number(q) || 0
}
