import { dirname, resolve } from 'node:path'
import type { Context } from '../context.ts'

/** The folder of the platform file, which is the stack's: a stack can be looked at and stopped also when the file is broken. */
export function platformFolder({ file }: { readonly file: string | undefined }, context: Context): string {
  return dirname(resolve(context.cwd, file ?? 'platform.yaml'))
}
