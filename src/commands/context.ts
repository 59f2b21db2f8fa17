// What a command may use of the world outside. The command line implements it (cli/context.ts); tests may, too.
import type { Readable, Writable } from 'node:stream'
import type { ExitCode } from '../core/exit-codes.ts'
import type { Style } from '../core/style.ts'

/** A line on stderr that tells how far long work is. Shown on a terminal only. */
export interface Progress {
  update(text: string): void
  /** takes the line away; what must stay is said with `Context.say` */
  end(): void
}

export interface Context {
  /** the folder that relative paths start from (`-C`) */
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** aborted by Ctrl-C and SIGTERM */
  readonly signal: AbortSignal
  readonly stdin: Readable
  /** data: what the user asked for */
  readonly stdout: Writable
  readonly isTerminal: { readonly stdin: boolean; readonly stdout: boolean; readonly stderr: boolean }
  readonly outputStyle: Style
  readonly messageStyle: Style
  /** how evplat was started: `evplat`, `npx evplat`, `node bin/evplat.js` */
  readonly invocation: string
  /** the program and its first arguments that start evplat itself */
  readonly self: readonly [program: string, ...args: string[]]
  /** a message for people, on stderr; commands in backticks are shown in the form in which evplat was started */
  say(message: string): void
  progress(text: string): Progress
  /** asks on the terminal; `expected` is the text to type where yes is too little. Throws `needs-terminal` without one. */
  confirm(question: string, expected?: string): Promise<boolean>
}

interface Cells {
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** What a command returns for printing: a value in its published shape, and the same for people. */
export interface Outcome {
  readonly value: unknown
  text(style: Style): string
  /** lists only: headings and cells for `-o table`; several where there are lists of several things */
  readonly table?: Cells | readonly Cells[]
  readonly exit?: ExitCode
}
