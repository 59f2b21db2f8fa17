// The files of the images that stand in images/.
import { join } from 'node:path'

/** Files of images/, each under its own name. */
export function own(...names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, join(import.meta.dirname, 'images', name)]))
}
