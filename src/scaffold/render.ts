// A template folder -> files in memory: what ends in `.ejs` is filled in, everything else is copied as it is.
import ejs from 'ejs'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'

export interface RenderedFile {
  /** relative to the folder that is written */
  readonly path: string
  readonly content: string
}

/** npm leaves files of these names out of packages, so templates carry them without the dot. */
const dotted: Readonly<Record<string, string>> = { gitignore: '.gitignore' }

function targetOf(path: string): string {
  const plain = path.replace(/\.ejs$/, '')
  return dotted[plain] ?? plain
}

/** One template file, filled in. */
export async function renderFile(
  file: string,
  target: string,
  data: Readonly<Record<string, unknown>>,
): Promise<RenderedFile> {
  const text = await readFile(file, 'utf8')
  return { path: target, content: file.endsWith('.ejs') ? ejs.render(text, data) : text }
}

/** All files of a template folder, by path. */
export async function renderFolder(folder: string, data: Readonly<Record<string, unknown>>): Promise<RenderedFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return Promise.all(paths.toSorted().map((path) => renderFile(path, targetOf(path.slice(folder.length + 1)), data)))
}
