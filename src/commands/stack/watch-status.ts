// evplat status --watch: the state of the stack, again and again.
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ExitCode, exitCode } from '../../core/exit-codes.ts'
import type { StackStatus } from '../../stack/status.ts'
import { statusText } from '../../views/stack.ts'
import type { Context } from '../context.ts'

/** between two looks, in milliseconds */
const pauseMs = 2000

/** What tells one state from another; how much memory a server takes, and how many records wait, changes all the time. */
function stateOf({ servers, services }: StackStatus): string {
  return JSON.stringify([
    servers.map((server) => ({ ...server, memoryBytes: undefined })),
    services.map((service) => ({ ...service, lag: undefined })),
  ])
}

/** Draws over what stands in the window, line by line, so that nothing flickers. */
function overWindow(text: string): string {
  return `\x1b[H${text.replaceAll('\n', '\x1b[K\n')}\x1b[J`
}

/**
 * Shows the state every two seconds until Ctrl-C: in the window of a terminal; elsewhere, and as JSON (an object a line), only where it
 * is another than before.
 */
export async function watchStatus(
  read: () => Promise<StackStatus>,
  output: 'text' | 'json',
  context: Context,
): Promise<ExitCode> {
  const isWindow = output === 'text' && context.isTerminal.stdout && context.env['TERM'] !== 'dumb'
  if (isWindow) context.stdout.write('\x1b[2J')
  for (let before: string | undefined; !context.signal.aborted;) {
    const status = await read()
    const state = stateOf(status)
    const text = (): string => statusText(status, undefined, context.outputStyle)
    const shown = isWindow ? overWindow(text()) : output === 'json' ? `${JSON.stringify(status)}\n` : `${text()}\n`
    if ((isWindow || state !== before) && !context.stdout.write(shown)) await once(context.stdout, 'drain')
    before = state
    await sleep(pauseMs, undefined, { signal: context.signal }).catch(() => undefined)
  }
  return exitCode.interrupted
}
