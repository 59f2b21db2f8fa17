// UTF-8 bytes as a JSON string, fast: bytes that need no escaping are copied as they are.
import { isUtf8 } from 'node:buffer'

/** 1 for bytes that may stand in a JSON string as they are and are ASCII. */
const plain = new Uint8Array(256)
for (let byte = 0x20; byte < 0x7f; byte++) plain[byte] = 1
plain[0x22] = 0
plain[0x5c] = 0

/** Whether every byte in the range is ASCII that needs no escape. */
export function isPlain(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (plain[bytes[at]!] === 0) return false
  return true
}

/** Text in quotes and escaped, or undefined when the bytes are not UTF-8. */
export function quoted(bytes: Buffer): string | undefined {
  return isUtf8(bytes) ? JSON.stringify(bytes.toString('utf8')) : undefined
}

/** The published form of bytes that are not text. */
export function base64Form(bytes: Buffer): string {
  return `{"$base64":"${bytes.toString('base64')}"}`
}
