import { isUtf8 } from 'node:buffer'
import { stringifyJson } from '../../core/json.ts'
import { plain } from './plain.ts'
import { shortened } from './shortened.ts'

const longest = 64

/** A record's key as a line shows it: at most 64 characters, bytes that are no UTF-8 in hex; undefined without a key. */
export function shortKey(key: unknown): string | undefined {
  if (key === null || key === undefined) return undefined
  if (key instanceof Uint8Array) return shortBytes(key)
  return shortened(typeof key === 'object' ? stringifyJson(plain(key)) : String(key), longest)
}

function shortBytes(bytes: Uint8Array): string {
  if (isUtf8(bytes)) return shortened(new TextDecoder().decode(bytes.subarray(0, 4 * longest)), longest)
  return shortened(`0x${Buffer.from(bytes.subarray(0, longest)).toString('hex')}`, longest)
}
