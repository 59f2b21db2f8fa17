// evplat restart: stops servers of the stack and starts them again.
import { restart } from '../../stack/processes/up.ts'
import type { Context, Outcome } from '../context.ts'
import { type UpInput, changeStack } from './up.ts'

/** Answers the published `status` when every server is ready again. */
export function run(input: UpInput, context: Context): Promise<Outcome> {
  return changeStack(input, context, restart)
}
