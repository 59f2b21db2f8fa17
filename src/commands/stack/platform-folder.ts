import { access } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { EvplatError } from '../../core/errors.ts'
import { layoutOf } from '../../stack/layout.ts'
import type { Context } from '../context.ts'

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

/**
 * The folder of the platform file, which is the stack's: a stack can be looked at and stopped also when the file is broken or gone.
 * Throws `platform-missing` where there is neither.
 */
export async function platformFolder(
  { file = 'platform.yaml' }: { readonly file: string | undefined },
  context: Context,
): Promise<string> {
  const path = resolve(context.cwd, file)
  const folder = dirname(path)
  if ((await exists(layoutOf(folder).root)) || (await exists(path))) return folder
  throw new EvplatError('platform-missing', `there is no "${file}" here`, {
    hint: 'start one with `evplat init`, or name another file with `-f`',
  })
}
