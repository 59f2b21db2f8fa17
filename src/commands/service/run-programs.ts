// The programs that `dev` runs to their end: evplat itself, and npm. What they print goes where the messages of evplat go.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { EvplatError } from '../../core/errors.ts'
import type { Context } from '../context.ts'

/** the outputs of a program are those for messages: data on stdout is what services write */
const toMessages = 2

/**
 * Runs a command of evplat where the present one works; answers its exit code. Its messages are shown, its `output` where that is
 * asked for. Throws when the signal aborts.
 */
export async function runEvplat(
  args: readonly string[],
  context: Context,
  output: 'shown' | 'hidden' = 'shown',
): Promise<number> {
  const [program, ...first] = context.self
  return runToEnd([program, ...first, ...args], { ...context, output })
}

/** Runs npm; answers its exit code. Throws `bad-input` where there is none. */
export async function runNpm(args: readonly string[], folder: string, context: Context): Promise<number> {
  context.say(`npm ${args.join(' ')}`)
  try {
    return await runToEnd(['npm', ...args, '--no-audit', '--no-fund'], { ...context, cwd: folder, output: 'shown' })
  } catch (thrown) {
    context.signal.throwIfAborted()
    throw new EvplatError('bad-input', `npm can't be started: ${thrown instanceof Error ? thrown.message : ''}`, {
      hint: 'it comes with Node: see that it is on the PATH',
    })
  }
}

async function runToEnd(
  [program = '', ...args]: readonly string[],
  { cwd, env, signal, output }: Pick<Context, 'cwd' | 'env' | 'signal'> & { readonly output: 'shown' | 'hidden' },
): Promise<number> {
  signal.throwIfAborted()
  const child = spawn(program, args, {
    cwd,
    env,
    stdio: ['ignore', output === 'shown' ? toMessages : 'ignore', toMessages],
  })
  const stop = (): void => void child.kill('SIGTERM')
  signal.addEventListener('abort', stop, { once: true })
  try {
    const [code]: (number | null)[] = await once(child, 'exit')
    signal.throwIfAborted()
    return code ?? 1
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
