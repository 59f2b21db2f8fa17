// A real terminal for tests: tmux draws it, the program runs in it as users run it, and a test types and reads what stands there.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { waitFor } from '../../src/core/deadline.ts'
import { plainEnv, script, temporaryFolder } from './evplat.ts'

export interface TerminalOptions {
  readonly cwd?: string
  readonly columns?: number
  readonly env?: Readonly<Record<string, string>>
  /** with the escape sequences of colours */
  readonly colour?: boolean
}

export interface Terminal {
  /** all that was written, line by line as it was written, without the empty lines at the end */
  text(): string
  /** what stands in the window: lines that are too long are broken */
  window(): string
  /** every byte that came, with all that was taken back since */
  written(): string
  type(text: string): void
  /** keys by tmux's names: Enter, Down, C-c, C-d */
  press(...keys: readonly string[]): void
  /** resolves when what stands there contains the text; rejects when the program ends before, or the time is up */
  until(text: string, timeoutMs?: number): Promise<void>
  /** resolves with the exit code */
  ended(timeoutMs?: number): Promise<number>
}

/** Why there is no terminal to test in, or undefined when there is one. */
export function terminalIsMissing(): string | undefined {
  return spawnSync('tmux', ['-V'], { stdio: 'ignore' }).status === 0 ? undefined : 'tmux is not installed'
}

/** The program under the name that a link gives it, so that messages name commands as `evplat ...`. */
function linkIn(folder: string): string {
  const link = join(folder, 'evplat')
  symlinkSync(script, link)
  return link
}

/** tmux does not always learn how a program ended. Ctrl-C is for the program, and not for this shell. */
const keepExitCode = 'trap : INT; file=$1; shift; "$@"; echo $? >"$file"'

/** Runs `evplat ARGS` in a terminal of 30 lines. Terminal and program are gone when the test is over. */
export async function openTerminal(args: readonly string[], options: TerminalOptions = {}): Promise<Terminal> {
  const { cwd = process.cwd(), columns = 100, env = {}, colour = false } = options
  const folder = temporaryFolder()
  const socket = join(folder, 'socket')
  const config = join(folder, 'tmux.conf')
  const exitFile = join(folder, 'exit')
  const link = linkIn(folder)
  const written = join(folder, 'written')
  const settings = [
    'set -g remain-on-exit on',
    'set -g remain-on-exit-format ""',
    `set -g default-terminal ${env['TERM'] ?? 'screen-256color'}`,
    `set-hook -g after-new-session "pipe-pane 'cat >${written}'"`,
  ]
  writeFileSync(config, `${settings.join('\n')}\n`)
  // in the foreground, so that it is a child which can be ended
  const server = spawn('tmux', ['-S', socket, '-f', config, '-D'], {
    env: { ...plainEnv(), NO_COLOR: undefined, TMUX: undefined, LC_ALL: 'C.UTF-8', ...env },
    stdio: 'ignore',
  })
  onTestFinished(() => void server.kill('SIGTERM'))
  // -N: while the server is not there yet, none of its own is started, which nobody would end
  const tmux = (...words: readonly string[]): string =>
    execFileSync('tmux', ['-N', '-S', socket, ...words], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  const size = ['-x', String(columns), '-y', '30']
  const isOpen = await waitFor(
    () => {
      try {
        tmux(
          'new-session',
          '-d',
          ...size,
          '-c',
          cwd,
          '--',
          'sh',
          '-c',
          keepExitCode,
          'sh',
          exitFile,
          process.execPath,
          link,
          ...args,
        )
        return Promise.resolve(true)
      } catch {
        return Promise.resolve(undefined)
      }
    },
    { timeoutMs: 10_000, everyMs: 50 },
  )
  if (!isOpen) throw new Error('tmux opens no terminal')

  const capture = (...how: readonly string[]): string =>
    tmux('capture-pane', '-p', ...how)
      .replaceAll(/[^\S\n]+$/gm, '')
      .replace(/\n+$/, '')
  const text = (): string => capture('-J', '-S', '-', ...(colour ? ['-e'] : []))
  const exitCode = (): number | undefined => {
    const told = existsSync(exitFile) ? readFileSync(exitFile, 'utf8') : ''
    return told.endsWith('\n') ? Number(told) : undefined
  }
  const reach = async <T>(what: string, look: () => T | undefined, timeoutMs: number): Promise<T> => {
    const found = await waitFor(() => Promise.resolve(look()), { timeoutMs, everyMs: 50 })
    if (found !== undefined) return found
    throw new Error(`${what}: not so after ${timeoutMs} ms:\n${text()}`)
  }
  return {
    text,
    window: () => capture(),
    written: () => (existsSync(written) ? readFileSync(written, 'utf8') : ''),
    type: (typed) => void tmux('send-keys', '-l', '--', typed),
    press: (...keys) => void tmux('send-keys', ...keys),
    async until(wanted, timeoutMs = 30_000) {
      const look = (): true | undefined => {
        // asked first: what a program writes last stands there when it has ended
        const code = exitCode()
        if (text().includes(wanted)) return true
        if (code !== undefined) throw new Error(`it ended with ${code} before "${wanted}":\n${text()}`)
        return undefined
      }
      await reach(`"${wanted}"`, look, timeoutMs)
    },
    ended: (timeoutMs = 30_000) => reach('its end', exitCode, timeoutMs),
  }
}
