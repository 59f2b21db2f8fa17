// evplat status: where the servers of the stack are and how they do.
import { notesOn } from '../../stack/status.ts'
import { statusTable, statusText } from '../../views/stack.ts'
import type { ExitCode } from '../../core/exit-codes.ts'
import type { Context, Outcome } from '../context.ts'
import { stackHere } from './stack-here.ts'
import { watchStatus } from './watch-status.ts'

interface StatusInput {
  readonly file: string | undefined
  readonly watch: boolean
  readonly output: 'text' | 'table' | 'json' | 'yaml' | undefined
}

/** Answers the published `status`, or tells it again and again. A stack that was started is told of whatever platform.yaml says by now. */
export async function run(
  { file, watch, output = 'text' }: StatusInput,
  context: Context,
): Promise<Outcome | ExitCode> {
  if (watch) return watchStatus({ file, output }, context)
  const { place, choice, runtime } = await stackHere(file, context)
  for (const note of place.settings ? notesOn(choice.runtime, place.settings) : []) context.say(note)
  const status = await runtime.readStatus(place)
  return { value: status, text: (style) => statusText(status, undefined, style), table: statusTable(status) }
}
