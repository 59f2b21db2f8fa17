// The Context of a command on a real process: its streams, its terminal, its signals.
import { resolve } from 'node:path'
import type { Context, Progress } from '../commands/context.ts'
import { EvplatError } from '../core/errors.ts'
import { createStyle } from '../core/style.ts'
import { inInvocationForm, invocationOf, wantsColour } from './invocation.ts'

/** Aborts on the first Ctrl-C or SIGTERM; the second one ends the process at once. */
function interruptSignal(): AbortSignal {
  const controller = new AbortController()
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(130)
    controller.abort(new EvplatError('interrupted', 'stopped before the end'))
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return controller.signal
}

function createProgress(stderr: NodeJS.WriteStream, first: string): Progress {
  if (!stderr.isTTY) return { update: () => undefined, end: () => undefined }
  const show = (text: string): void => {
    stderr.write(`\r\x1b[2K${text.slice(0, Math.max(20, stderr.columns - 1))}`)
  }
  show(first)
  return { update: show, end: () => stderr.write('\r\x1b[2K') }
}

async function ask(question: string, signal: AbortSignal): Promise<string> {
  const { createInterface } = await import('node:readline/promises')
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return (await lines.question(question, { signal })).trim()
  } finally {
    lines.close()
  }
}

/** Makes the Context of this process, working in `folder` (relative to the current one). */
export function createContext(folder: string | undefined): Context {
  const { env, stdin, stdout, stderr } = process
  const invocation = invocationOf(env, process.argv[1] ?? 'evplat')
  const signal = interruptSignal()
  const isTerminal = { stdin: stdin.isTTY === true, stdout: stdout.isTTY === true, stderr: stderr.isTTY === true }
  return {
    cwd: resolve(folder ?? '.'),
    env,
    signal,
    stdin,
    stdout,
    isTerminal,
    invocation,
    self: [process.execPath, process.argv[1] ?? ''],
    outputStyle: createStyle(wantsColour(env, isTerminal.stdout)),
    messageStyle: createStyle(wantsColour(env, isTerminal.stderr)),
    say: (message) => void stderr.write(inInvocationForm(message, invocation) + '\n'),
    progress: (text) => createProgress(stderr, text),
    async confirm(question, expected) {
      if (!isTerminal.stdin || !isTerminal.stderr)
        throw new EvplatError('needs-terminal', `"${question}" has to be answered, and there is no terminal`, {
          hint: 'answer beforehand with `--yes`',
        })
      const answer = await ask(`${question} ${expected === undefined ? '[y/N]' : `(type ${expected})`} `, signal)
      return expected === undefined ? /^y(es)?$/i.test(answer) : answer === expected
    },
  }
}
