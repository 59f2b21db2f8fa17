// The stack of the platform here: what it runs on, and what is known of it.
import { EvplatError } from '../../core/errors.ts'
import type { Platform } from '../../platform/platform.ts'
import { layoutOf } from '../../stack/layout.ts'
import { type RuntimeChoice, chooseRuntime, rememberedRuntime } from '../../stack/runtime.ts'
import { readStackFile } from '../../stack/stack-file.ts'
import { type StackPlace, type StackRuntime, loadRuntime } from '../../stack/stack-runtime.ts'
import type { Context } from '../context.ts'
import { loadSoundPlatform } from '../platform-target.ts'
import { platformFolder } from './platform-folder.ts'

export interface StackHere {
  readonly place: StackPlace
  readonly choice: RuntimeChoice
  readonly runtime: StackRuntime
  /** undefined where platform.yaml can't be read: then there is a record */
  readonly platform?: Platform
}

/**
 * A stack that was started is known by its record, or by data that has lost its record, whatever platform.yaml says by now; with a
 * record the file need not be readable. Another one is as platform.yaml declares it; throws what is wrong with that file.
 */
export async function stackHere(file: string | undefined, context: Context): Promise<StackHere> {
  const folder = await platformFolder({ file }, context)
  const layout = layoutOf(folder)
  const record = await readStackFile(layout)
  const load = async (): Promise<Platform> => (await loadSoundPlatform({ file, env: undefined }, context)).platform
  const platform = record ? await load().catch(undefinedIfWrong) : await load()
  const remembered = await rememberedRuntime(layout, record)
  const choice: RuntimeChoice = remembered
    ? { runtime: remembered, by: 'memory' }
    : await chooseRuntime(platform!.stack, undefined, context.env)
  const place: StackPlace = {
    folder,
    project: record?.project ?? platform?.name ?? '',
    ...(platform && { settings: platform.stack }),
    ...(record && { record }),
    env: context.env,
    signal: context.signal,
  }
  return { place, choice, runtime: await loadRuntime(choice.runtime), ...(platform && { platform }) }
}

function undefinedIfWrong(thrown: unknown): undefined {
  if (thrown instanceof EvplatError) return undefined
  throw thrown
}
