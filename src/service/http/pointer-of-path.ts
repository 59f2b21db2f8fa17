import { pointerTo } from '../../avro/json-pointer.ts'

const step = /\.([A-Za-z_]\w*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/gy

/** The JSON pointer (RFC 6901) of the JSON path of an AvroValueError: `$.items[2].price` is `/items/2/price`. */
export function pointerOfPath(path: string): string {
  const steps = [...path.slice(1).matchAll(step)].map(([, name, index, quoted]) =>
    quoted === undefined ? (name ?? Number(index)) : String(JSON.parse(quoted)),
  )
  return steps.length === 0 ? '' : pointerTo('', ...steps)
}
