// Keeps a program running while it is worked on: started anew when it ends or when something has changed, with growing pauses while it
// does not stay up. One loop owns the process; everybody else only says what is wanted.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { kill } from 'node:process'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Program {
  readonly command: readonly [program: string, ...args: string[]]
  readonly folder: string
  readonly env: Readonly<Record<string, string | undefined>>
}

/** How a program came to its end. */
export interface Ending {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** why there was nothing to run */
  readonly error?: Error
}

export interface SupervisedEvents {
  /** a line of either output */
  readonly line: (text: string) => void
  readonly started: (pid: number) => void
  /** it ended by itself and is started again after the time */
  readonly ended: (ending: Ending, againInMs: number) => void
}

export interface Patience {
  /** how long a program has to end after SIGTERM */
  readonly stopMs: number
  readonly firstPauseMs: number
  readonly longestPauseMs: number
  /** what ran so long does not count as one that does not stay up */
  readonly steadyMs: number
}

export const usualPatience: Patience = { stopMs: 15_000, firstPauseMs: 500, longestPauseMs: 15_000, steadyMs: 10_000 }

export interface Supervised {
  /** stops it in peace and starts it anew; at once where it waits for its next try */
  restart(): void
  /** resolves when it has ended; it is killed when its time is over */
  stop(): Promise<void>
}

/** How long to wait before the next try after so many that failed in a row. */
export function pauseAfter(failures: number, { firstPauseMs, longestPauseMs }: Patience): number {
  return Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(failures - 1, 30))
}

/** Starts the program and keeps it up until `stop`. */
export function supervise(program: Program, events: SupervisedEvents, patience: Patience = usualPatience): Supervised {
  const stopping = new AbortController()
  let change = new AbortController()
  const live = async (): Promise<void> => {
    let failures = 0
    while (!stopping.signal.aborted) {
      change = new AbortController()
      const wanted = AbortSignal.any([change.signal, stopping.signal])
      const began = performance.now()
      const ending = await runOnce(program, events, { wanted, stopMs: patience.stopMs })
      if (ending === 'asked') {
        failures = 0
        continue
      }
      failures = performance.now() - began > patience.steadyMs ? 1 : failures + 1
      const pause = pauseAfter(failures, patience)
      events.ended(ending, pause)
      await sleep(pause, undefined, { signal: wanted }).catch(() => (failures = 0))
    }
  }
  const over = live()
  return {
    restart: () => change.abort(),
    stop: () => {
      stopping.abort()
      return over
    },
  }
}

/** Runs until the program ends, or is stopped because something else is wanted. */
async function runOnce(
  { command: [file, ...args], folder, env }: Program,
  events: SupervisedEvents,
  { wanted, stopMs }: { readonly wanted: AbortSignal; readonly stopMs: number },
): Promise<Ending | 'asked'> {
  // a group of its own: Ctrl-C on the terminal is for evplat, which stops its programs in order. The channel tells them when evplat is gone.
  const child = spawn(file, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'], detached: true })
  const ended = endingOf(child)
  const told = Promise.all([child.stdout, child.stderr].map((stream) => tellLines(stream, events.line)))
  if (child.pid !== undefined) events.started(child.pid)
  const asked = once(wanted, 'abort').then(() => 'asked' as const)
  const first = wanted.aborted ? 'asked' : await Promise.race([ended, asked])
  if (first === 'asked') await stopChild(child, ended, stopMs)
  // what it leaves behind may hold its outputs open
  await Promise.race([told, sleep(500)])
  return first
}

function endingOf(child: ChildProcess): Promise<Ending> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
    child.once('error', (error) => resolve({ code: null, signal: null, error }))
  })
}

async function tellLines(stream: NodeJS.ReadableStream | null, line: (text: string) => void): Promise<void> {
  if (stream) for await (const text of createInterface({ input: stream, crlfDelay: Infinity })) line(text)
}

async function stopChild(child: ChildProcess, ended: Promise<Ending>, stopMs: number): Promise<void> {
  const over = new AbortController()
  signalGroup(child, 'SIGTERM')
  const late = sleep(stopMs, 'late' as const, { signal: over.signal }).catch(() => undefined)
  if ((await Promise.race([ended, late])) === 'late') signalGroup(child, 'SIGKILL')
  await ended
  over.abort()
}

/** The program and what it has started. */
function signalGroup({ pid }: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (pid === undefined) return
  try {
    kill(-pid, signal)
  } catch {
    // it has ended meanwhile
  }
}
