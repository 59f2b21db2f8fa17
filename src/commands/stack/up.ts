// evplat up: starts what of the stack does not run.
import { choiceNote, chooseRuntime, rememberedRuntime } from '../../stack/runtime.ts'
import { layoutOf } from '../../stack/layout.ts'
import { readStackFile } from '../../stack/stack-file.ts'
import { withServices } from '../../stack/services/read-services.ts'
import { loadRuntime } from '../../stack/stack-runtime.ts'
import { notesOn } from '../../stack/status.ts'
import { statusTable, statusText } from '../../views/stack.ts'
import type { Context, Outcome } from '../context.ts'
import { loadSoundPlatform } from '../platform-target.ts'
import { createMessages } from './messages.ts'

interface UpInput {
  readonly words: readonly string[]
  readonly file: string | undefined
  readonly pull: 'always' | 'missing' | 'never' | undefined
  readonly removeOrphans: boolean
  readonly printCompose: boolean
}

/** Answers the published `status` when every server is ready; with `printCompose` the compose file, and starts nothing. */
export async function run(input: UpInput, context: Context): Promise<Outcome> {
  const { platform } = await loadSoundPlatform({ file: input.file, env: undefined }, context)
  if (input.printCompose) return (await import('./print-compose.ts')).printCompose(platform, context)
  const { folder, name: project, stack: settings } = platform
  const { env, signal } = context
  const layout = layoutOf(folder)
  const choice = await chooseRuntime(settings, await rememberedRuntime(layout, await readStackFile(layout)), env)
  const chosen = choiceNote(choice)
  if (chosen !== undefined) context.say(chosen)
  for (const note of notesOn(choice.runtime, settings)) context.say(note)
  const messages = createMessages(context, 'looking at the stack')
  try {
    const { up } = await loadRuntime(choice.runtime)
    const { words: servers, pull = 'missing', removeOrphans } = input
    const place = { folder, project, settings, env, signal }
    const status = await up({ ...place, choice, servers, pull, removeOrphans, ...messages })
    const next = 'next: `evplat apply`'
    const value = await withServices(status, platform.services, signal)
    return { value, text: (style) => statusText(status, next, style), table: statusTable(status) }
  } finally {
    messages.end()
  }
}
