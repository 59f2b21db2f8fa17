// evplat status: where the servers of the stack and the services are, and how they do.
import { EvplatError } from '../../core/errors.ts'
import type { ExitCode } from '../../core/exit-codes.ts'
import { withServices } from '../../stack/services/read-services.ts'
import { type StackStatus, notesOn } from '../../stack/status.ts'
import { statusTables, statusText } from '../../views/stack.ts'
import type { Context, Outcome } from '../context.ts'
import { type StackHere, stackHere } from './stack-here.ts'

interface StatusInput {
  readonly file: string | undefined
  readonly watch: boolean
  readonly output: 'text' | 'table' | 'json' | 'yaml' | undefined
}

const readHere = async ({ place, runtime, platform }: StackHere): Promise<StackStatus> =>
  withServices(await runtime.readStatus(place), platform?.services ?? [], place.signal)

/** Answers the published `status`. A stack that was started is told of whatever platform.yaml says by now. */
export async function run(
  { file, watch, output = 'text' }: StatusInput,
  context: Context,
): Promise<Outcome | ExitCode> {
  const watched = watch ? watchable(output) : undefined
  const here = await stackHere(file, context)
  const { settings } = here.place
  for (const note of settings ? notesOn(here.choice.runtime, settings) : []) context.say(note)
  if (watched) {
    const { watchStatus } = await import('./watch-status.ts')
    // what is started, stopped or declared meanwhile is seen, too
    return watchStatus(async () => readHere(await stackHere(file, context)), watched, context)
  }
  const status = await readHere(here)
  return { value: status, text: (style) => statusText(status, undefined, style), table: statusTables(status) }
}

function watchable(output: NonNullable<StatusInput['output']>): 'text' | 'json' {
  if (output === 'text' || output === 'json') return output
  throw new EvplatError('usage', `--watch has no -o ${output}`, {
    hint: 'take `-o text`, or `-o json`: an object a line',
  })
}
