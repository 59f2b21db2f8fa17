// Runs a program to its end and gathers what it says.
import { spawn } from 'node:child_process'

export interface ProgramRun {
  readonly cwd?: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** ends the program with SIGTERM */
  readonly signal?: AbortSignal | undefined
  /** whom it runs as, where root starts it */
  readonly user?: { readonly uid: number; readonly gid: number }
  /** an open file or folder that it gets as descriptor 5 */
  readonly handed?: number
  /** hears every line as it comes */
  readonly onLine?: (line: string) => void
}

export interface ProgramEnd {
  /** undefined when a signal ended it */
  readonly code: number | undefined
  /** stdout and stderr as they came */
  readonly output: string
}

/**
 * Resolves when the program has ended. Rejects with the system error where it can't be started (ENOENT), and with the reason of
 * the signal when that aborts.
 */
export async function runProgram(command: string, args: readonly string[], run: ProgramRun): Promise<ProgramEnd> {
  run.signal?.throwIfAborted()
  const child = spawn(command, args, {
    ...(run.cwd !== undefined && { cwd: run.cwd }),
    env: run.env,
    ...run.user,
    stdio: ['ignore', 'pipe', 'pipe', ...(run.handed === undefined ? [] : (['ignore', 'ignore', run.handed] as const))],
  })
  const stop = (): void => void child.kill('SIGTERM')
  run.signal?.addEventListener('abort', stop, { once: true })
  let output = ''
  let rest = ''
  const take = (chunk: string): void => {
    output += chunk
    if (!run.onLine) return
    const lines = (rest + chunk).split('\n')
    rest = lines.pop()!
    for (const line of lines) run.onLine(line)
  }
  for (const stream of [child.stdout, child.stderr]) stream!.setEncoding('utf8').on('data', take)
  try {
    const code = await new Promise<number | null>((resolve, reject) =>
      child.once('error', reject).once('close', (exitCode) => resolve(exitCode)),
    )
    run.signal?.throwIfAborted()
    return { code: code ?? undefined, output }
  } finally {
    run.signal?.removeEventListener('abort', stop)
  }
}
