// Where the laboratory finds the files of this clone: everything of it is run from the root.
import { resolve } from 'node:path'

/** The root of the clone. */
export const packageRoot: string = resolve('.')

/** Files of images/, each under its own name. */
export function own(...names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, resolve('test/docker/lab/images', name)]))
}
