// evplat status: where the servers of the stack are and how they do.
import { EvplatError } from '../../core/errors.ts'
import type { StackSettings } from '../../platform/platform.ts'
import { settingsFor } from '../../stack/desired/describe.ts'
import { layoutOf } from '../../stack/layout.ts'
import { readStatus } from '../../stack/processes/read-status.ts'
import { type RuntimeName, chooseRuntime } from '../../stack/runtime.ts'
import { readStackFile } from '../../stack/stack-file.ts'
import { type StackStatus, declaredStatus, notesOn, publishStatus } from '../../stack/status.ts'
import { statusTable, statusText } from '../../views/stack.ts'
import type { Context, Outcome } from '../context.ts'
import { loadSoundPlatform } from '../platform-target.ts'
import { platformFolder } from './platform-folder.ts'

interface StatusInput {
  readonly file: string | undefined
}

/** Answers the published `status`. A stack that was started is told of whatever platform.yaml says by now. */
export async function run(input: StatusInput, context: Context): Promise<Outcome> {
  const layout = layoutOf(await platformFolder(input, context))
  const record = await readStackFile(layout)
  const declared = await declaredStack(input, context, record !== undefined)
  for (const note of declared ? notesOn(declared.runtime, declared.settings) : []) context.say(note)
  const status: StackStatus = record
    ? publishStatus(record.runtime, await readStatus(layout, record))
    : declaredStatus(declared!.runtime, settingsFor(declared!.runtime, declared!.settings))
  return { value: status, text: (style) => statusText(status, undefined, style), table: statusTable(status) }
}

async function declaredStack(
  { file }: StatusInput,
  context: Context,
  mayBeBroken: boolean,
): Promise<{ runtime: RuntimeName; settings: StackSettings } | undefined> {
  try {
    const { stack } = (await loadSoundPlatform({ file, env: undefined }, context)).platform
    return { runtime: chooseRuntime(stack), settings: stack }
  } catch (thrown) {
    if (mayBeBroken && thrown instanceof EvplatError) return undefined
    throw thrown
  }
}
