// evplat up: starts what of the stack does not run.
import { layoutOf } from '../../stack/layout.ts'
import { type UpOptions, up } from '../../stack/processes/up.ts'
import { choiceNote, chooseRuntime, rememberedRuntime } from '../../stack/runtime.ts'
import { readStackFile } from '../../stack/stack-file.ts'
import { type StackStatus, notesOn } from '../../stack/status.ts'
import { statusTable, statusText } from '../../views/stack.ts'
import type { Context, Outcome } from '../context.ts'
import { loadSoundPlatform } from '../platform-target.ts'
import { createMessages } from './messages.ts'

export interface UpInput {
  readonly file: string | undefined
  readonly words: readonly string[]
}

/** Answers the published `status` when every server is ready. */
export function run(input: UpInput, context: Context): Promise<Outcome> {
  return changeStack(input, context, up)
}

/** Does `work` on the stack that platform.yaml declares, and answers the `status` that comes of it. */
export async function changeStack(
  input: UpInput,
  context: Context,
  work: (options: UpOptions) => Promise<StackStatus>,
): Promise<Outcome> {
  const { platform } = await loadSoundPlatform({ file: input.file, env: undefined }, context)
  const { folder, stack: settings } = platform
  const layout = layoutOf(folder)
  const choice = chooseRuntime(settings, await rememberedRuntime(layout, await readStackFile(layout)))
  const chosen = choiceNote(choice)
  if (chosen !== undefined) context.say(chosen)
  for (const note of notesOn(choice.runtime, settings)) context.say(note)
  const messages = createMessages(context, 'looking at the stack')
  try {
    const { env, signal } = context
    const status = await work({ folder, choice, settings, env, signal, servers: input.words, ...messages })
    const next = 'next: `evplat apply`'
    return { value: status, text: (style) => statusText(status, next, style), table: statusTable(status) }
  } finally {
    messages.end()
  }
}
