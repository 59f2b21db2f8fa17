// The Context of a command on a real process: its streams, its terminal, its signals.
import { resolve } from 'node:path'
import type { Context, Progress } from '../commands/context.ts'
import { EvplatError } from '../core/errors.ts'
import { createStyle } from '../core/style.ts'
import { inInvocationForm, invocationOf, wantsColour } from './invocation.ts'

/** Aborts on the first Ctrl-C or SIGTERM, after `onFirst`; the second one ends the process at once. */
function interruptSignal(onFirst: (name: NodeJS.Signals) => void): AbortSignal {
  const controller = new AbortController()
  const onSignal = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(130)
    onFirst(name)
    controller.abort(new EvplatError('interrupted', 'stopped before the end'))
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return controller.signal
}

/** The end of a terminal on which a line may change; `isShown` tells whether such a line stands there now. */
function progressOn(
  stderr: NodeJS.WriteStream,
  term: string | undefined,
): { start(first: string): Progress; isShown(): boolean } {
  // a dumb terminal can't take a line back
  if (!stderr.isTTY || term === 'dumb')
    return { start: () => ({ update: () => undefined, end: () => undefined }), isShown: () => false }
  let isShown = false
  const update = (text: string): void => {
    isShown = true
    stderr.write(`\r\x1b[2K${text.slice(0, Math.max(20, stderr.columns - 1))}`)
  }
  const end = (): void => {
    if (isShown) stderr.write('\r\x1b[2K')
    isShown = false
  }
  const start = (first: string): Progress => {
    update(first)
    return { update, end }
  }
  return { start, isShown: () => isShown }
}

/** What was typed, or undefined when Ctrl-C, Ctrl-D or a signal ended the question. */
async function ask(question: string, signal: AbortSignal): Promise<string | undefined> {
  const { createInterface } = await import('node:readline/promises')
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return (await lines.question(question, { signal })).trim()
  } catch (thrown) {
    if (!(thrown instanceof Error) || thrown.name !== 'AbortError') throw thrown
    process.stderr.write('\n')
    return undefined
  } finally {
    lines.close()
  }
}

/** Makes the Context of this process, working in `folder` (relative to the current one). */
export function createContext(folder: string | undefined): Context {
  const { env, stdin, stdout, stderr } = process
  const invocation = invocationOf(env, process.argv[1] ?? 'evplat')
  const progress = progressOn(stderr, env['TERM'])
  const signal = interruptSignal((name) => {
    // the terminal has written ^C where the cursor was: what comes next starts on a line of its own
    if (name === 'SIGINT' && stderr.isTTY && !progress.isShown()) stderr.write('\n')
  })
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
    progress: (text) => progress.start(text),
    async confirm(question, expected) {
      if (!isTerminal.stdin || !isTerminal.stderr)
        throw new EvplatError('needs-terminal', `"${question}" has to be answered, and there is no terminal`, {
          hint: 'answer beforehand with `--yes`',
        })
      const answer = await ask(`${question} ${expected === undefined ? '[y/N]' : `(type ${expected})`} `, signal)
      return expected === undefined ? /^y(es)?$/i.test(answer ?? '') : answer === expected
    },
  }
}
