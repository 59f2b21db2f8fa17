// Text files of the user's, read with bounds.
import { open } from 'node:fs/promises'
import { systemCode } from '../core/errors.ts'

export type TextReading =
  | { readonly text: string }
  /** not UTF-8: the text as far as it can be read, and where it cannot for the first time */
  | { readonly text: string; readonly badAt: number }
  | { readonly bytes: number }
  /** Node's code: ENOENT, EACCES, EISDIR, ... */
  | { readonly failure: string }

/** The text of a UTF-8 file of at most `limit` bytes; a byte order mark at its start is left out. */
export async function readText(path: string, limit: number): Promise<TextReading> {
  let content: Buffer
  try {
    const file = await open(path)
    try {
      const stat = await file.stat()
      if (stat.isDirectory()) return { failure: 'EISDIR' }
      if (stat.size > limit) return { bytes: stat.size }
      content = await file.readFile()
    } finally {
      await file.close()
    }
  } catch (thrown) {
    const failure = systemCode(thrown)
    if (failure === '') throw thrown
    return { failure }
  }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(content) }
  } catch {
    const text = new TextDecoder('utf-8').decode(content)
    return { text, badAt: Math.max(0, text.indexOf('\uFFFD')) }
  }
}

/** What a failure of the file system means, as the end of the sentence `"x" ...`. */
export function failureText(failure: string): string {
  if (failure === 'ENOENT' || failure === 'ENOTDIR') return 'does not exist'
  if (failure === 'EACCES' || failure === 'EPERM') return 'may not be read by this user'
  if (failure === 'EISDIR') return 'is a folder'
  return `cannot be read (${failure})`
}
