// Several text files in one, as Go's txtar has them: `-- name --` starts a file, what stands before the first is a comment.
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { temporaryFolder } from './evplat.ts'

export interface Archive {
  readonly comment: string
  readonly files: ReadonlyMap<string, string>
}

export function parseArchive(text: string): Archive {
  const [comment = '', ...parts] = text.split(/^-- (.+) --\n/m)
  const files = new Map<string, string>()
  for (let i = 0; i < parts.length; i += 2) files.set(parts[i]!, parts[i + 1]!)
  return { comment, files }
}

export function formatArchive({ comment, files }: Archive): string {
  return comment + [...files].map(([name, text]) => `-- ${name} --\n${text}`).join('')
}

/** Writes files into a new folder, which it returns; it is gone when the test is over. */
export async function writeFolder(
  files: Iterable<readonly [name: string, content: string | Uint8Array]>,
): Promise<string> {
  const folder = temporaryFolder()
  for (const [name, content] of files) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), content)
  }
  return folder
}
