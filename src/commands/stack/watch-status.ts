// evplat status --watch: how the servers of the stack do, told again whenever that is something else.
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { EvplatError } from '../../core/errors.ts'
import { type ExitCode, exitCode } from '../../core/exit-codes.ts'
import type { StackStatus } from '../../stack/status.ts'
import { statusLines } from '../../views/stack.ts'
import type { Context } from '../context.ts'
import { stackHere } from './stack-here.ts'

interface WatchInput {
  readonly file: string | undefined
  readonly output: 'text' | 'table' | 'json' | 'yaml'
}

const pauseMs = 1000
const clearScreen = '\x1b[2J\x1b[H'

/** Writes on a terminal one page that stays current, elsewhere a block or a line for each state. Ends with Ctrl-C. */
export async function watchStatus({ file, output }: WatchInput, context: Context): Promise<ExitCode> {
  if (output !== 'text' && output !== 'json')
    throw new EvplatError('usage', `\`--watch\` writes text or lines of JSON, not ${output}`, {
      hint: 'leave out `-o`, or say `-o json`',
    })
  const { stdout, signal, isTerminal, outputStyle } = context
  const isPage = output === 'text' && isTerminal.stdout
  let last: string | undefined
  while (!signal.aborted) {
    const { place, runtime } = await stackHere(file, context)
    const status = await runtime.readStatus(place)
    const told = JSON.stringify(isPage ? status : withoutMemory(status))
    if (told !== last) {
      const text = `${statusLines(status, outputStyle).join('\n')}\n`
      const before = isPage ? clearScreen : last === undefined ? '' : '\n'
      const block = output === 'json' ? `${JSON.stringify(status)}\n` : before + text
      if (!stdout.write(block)) await once(stdout, 'drain')
    }
    last = told
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined)
  }
  return exitCode.interrupted
}

/** It is another figure at each look. */
function withoutMemory(status: StackStatus): StackStatus {
  return { ...status, servers: status.servers.map(({ memoryBytes: _, ...server }) => server) }
}
