// Programs of the machine that the laboratory runs: their output, or an error with their last words.
import { spawn } from 'node:child_process'

export interface RunOptions {
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly cwd?: string
  readonly input?: string
  readonly timeoutMs?: number
}

/** What a program prints. Throws with the end of what it complained of where it ends with another code than 0, or not in time. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { env, cwd, input = '', timeoutMs = 60_000 } = options
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args], {
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      ...(env && { env }),
      ...(cwd !== undefined && { cwd }),
    })
    let printed = ''
    let complaints = ''
    child.stdout.setEncoding('utf8').on('data', (part: string) => (printed += part))
    child.stderr.setEncoding('utf8').on('data', (part: string) => (complaints += part))
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (code === 0) return resolve(printed)
      const words = (complaints.trim() || printed.trim()).split('\n').slice(-5).join('\n')
      reject(new Error(`${command} ${args.join(' ')} ended with ${code ?? signal}: ${words}`))
    })
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
  })
}
