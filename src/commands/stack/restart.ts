// evplat restart: stops servers of the stack and starts them again.
import { withServices } from '../../stack/services/read-services.ts'
import { statusTable, statusText } from '../../views/stack.ts'
import type { Context, Outcome } from '../context.ts'
import { loadSoundPlatform } from '../platform-target.ts'
import { createMessages } from './messages.ts'
import { stackHere } from './stack-here.ts'

interface RestartInput {
  readonly words: readonly string[]
  readonly file: string | undefined
}

/** Answers the published `status` when every server is ready again. */
export async function run({ file, words: servers }: RestartInput, context: Context): Promise<Outcome> {
  const { place, runtime, platform } = await stackHere(file, context)
  const messages = createMessages(context, 'looking at the stack')
  try {
    // a stack that runs goes on with a broken platform.yaml, but it is not started again from one
    const { stack: settings, services } =
      platform ?? (await loadSoundPlatform({ file, env: undefined }, context)).platform
    const status = await runtime.restart({ ...place, settings, servers, ...messages })
    const value = await withServices(status, services, context.signal)
    return { value, text: (style) => statusText(status, undefined, style), table: statusTable(status) }
  } finally {
    messages.end()
  }
}
