// evplat status: where the servers of the stack are and how they do.
import { EvplatError } from '../../core/errors.ts'
import type { StackSettings } from '../../platform/platform.ts'
import { settingsFor } from '../../stack/desired/describe.ts'
import { type Layout, layoutOf } from '../../stack/layout.ts'
import { readStatus } from '../../stack/processes/read-status.ts'
import { chooseRuntime, rememberedRuntime } from '../../stack/runtime.ts'
import { type StackRecord, readStackFile } from '../../stack/stack-file.ts'
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
  const status = record ? await startedStatus(layout, record, input, context) : await unstarted(layout, input, context)
  return { value: status, text: (style) => statusText(status, undefined, style), table: statusTable(status) }
}

const declaredStack = async ({ file }: StatusInput, context: Context): Promise<StackSettings> =>
  (await loadSoundPlatform({ file, env: undefined }, context)).platform.stack

/** It needs no platform.yaml, which may be broken by now: that only says what the runtime leaves out of it. */
async function startedStatus(
  layout: Layout,
  record: StackRecord,
  input: StatusInput,
  context: Context,
): Promise<StackStatus> {
  const settings = await declaredStack(input, context).catch((thrown: unknown) => {
    if (thrown instanceof EvplatError) return undefined
    throw thrown
  })
  for (const note of settings ? notesOn(record.runtime, settings) : []) context.say(note)
  return publishStatus(record.runtime, await readStatus(layout, record))
}

async function unstarted(layout: Layout, input: StatusInput, context: Context): Promise<StackStatus> {
  const settings = await declaredStack(input, context)
  const { runtime } = chooseRuntime(settings, await rememberedRuntime(layout, undefined))
  for (const note of notesOn(runtime, settings)) context.say(note)
  return declaredStatus(runtime, settingsFor(runtime, settings))
}
