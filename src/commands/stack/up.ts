// evplat up: starts what of the stack does not run.
import { up } from '../../stack/processes/up.ts'
import { chooseRuntime } from '../../stack/runtime.ts'
import { notRunHere } from '../../stack/status.ts'
import { statusTable, statusText } from '../../views/stack.ts'
import type { Context, Outcome } from '../context.ts'
import { loadSoundPlatform } from '../platform-target.ts'
import { createMessages } from './messages.ts'

/** Answers the published `status` when every server is ready. */
export async function run(input: { readonly file: string | undefined }, context: Context): Promise<Outcome> {
  const { platform } = await loadSoundPlatform({ file: input.file, env: undefined }, context)
  const { folder, stack: settings } = platform
  chooseRuntime(settings)
  const note = notRunHere(settings)
  if (note !== undefined) context.say(note)
  const messages = createMessages(context, 'looking at the stack')
  try {
    const { env, signal } = context
    const status = await up({ folder, settings, env, signal, ...messages })
    const next = 'next: `evplat apply`'
    return { value: status, text: (style) => statusText(status, next, style), table: statusTable(status) }
  } finally {
    messages.end()
  }
}
