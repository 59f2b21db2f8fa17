// evplat up: starts what of the stack does not run.
import { layoutOf } from '../../stack/layout.ts'
import { up } from '../../stack/processes/up.ts'
import { choiceNote, chooseRuntime, rememberedRuntime } from '../../stack/runtime.ts'
import { readStackFile } from '../../stack/stack-file.ts'
import { notesOn } from '../../stack/status.ts'
import { statusTable, statusText } from '../../views/stack.ts'
import type { Context, Outcome } from '../context.ts'
import { loadSoundPlatform } from '../platform-target.ts'
import { createMessages } from './messages.ts'

/** Answers the published `status` when every server is ready. */
export async function run(input: { readonly file: string | undefined }, context: Context): Promise<Outcome> {
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
    const status = await up({ folder, choice, settings, env, signal, ...messages })
    const next = 'next: `evplat apply`'
    return { value: status, text: (style) => statusText(status, next, style), table: statusTable(status) }
  } finally {
    messages.end()
  }
}
