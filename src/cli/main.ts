// argv -> exit code. Finds the command, gives it a context, prints what it returns, tells what went wrong.
// What a start does not need is loaded when it is needed: `--version` loads nothing beyond this file.
import type { Context, Outcome } from '../commands/context.ts'
import { version } from '../core/version.ts'

/** Runs the command line of this process to its end and exits with its code. */
export async function main(): Promise<void> {
  const argv = process.argv.slice(2)
  process.stdout.on('error', (error) => void endWithoutOutput(error, argv))
  // who can't read messages is none the worse for it
  process.stderr.on('error', () => undefined)
  const code = await run(argv).catch((thrown: unknown) => tell(thrown, argv))
  process.stdout.write('', (lost) => {
    // what could not be written is told by the handler above
    if (!lost) process.stderr.write('', () => process.exit(code))
  })
}

/** Nobody reads on: that is an end like any other. A full disk is not. */
async function endWithoutOutput(error: NodeJS.ErrnoException, argv: readonly string[]): Promise<void> {
  if (error.code === 'EPIPE') process.exit(0)
  const { outputError } = await import('../core/file-error.ts')
  process.exit(await tell(outputError(error), argv))
}

function beforeSeparator(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--')
  return end < 0 ? argv : argv.slice(0, end)
}

async function run(argv: readonly string[]): Promise<number> {
  const own = beforeSeparator(argv)
  if (own[0] === '--version' || own[0] === '-V') return print(`${version}\n`)
  const { commandTable } = await import('./table.ts')
  if (own.length === 0 || own[0] === 'help' || own.includes('--help') || own.includes('-h')) {
    const { helpFor } = await import('./help.ts')
    return print(
      helpFor(
        commandTable,
        own.filter((word) => word !== 'help' && !word.startsWith('-')),
      ),
    )
  }
  const [{ parse }, { createContext }] = await Promise.all([import('./parse.ts'), import('./context.ts')])
  const { spec, input, folder } = parse(commandTable, argv)
  const context = createContext(folder)
  const { run: runCommand } = await spec.load()
  const result = await runCommand(input as never, context)
  return typeof result === 'number' ? result : show(result, context, input['output'])
}

function print(text: string): number {
  process.stdout.write(text)
  return 0
}

async function show(outcome: Outcome, context: Context, format: unknown): Promise<number> {
  const { inInvocationForm } = await import('./invocation.ts')
  if (format === 'json') print(JSON.stringify(outcome.value, null, 2) + '\n')
  else if (format === 'yaml') print((await import('./yaml-output.ts')).toYaml(outcome.value))
  else if (format === 'table' && outcome.table)
    print((await import('../views/table.ts')).drawTables([outcome.table].flat()))
  else print(inInvocationForm(outcome.text(context.outputStyle), context.invocation))
  return outcome.exit ?? 0
}

/** Tells what was thrown, as text or JSON, and returns its exit code. */
async function tell(thrown: unknown, argv: readonly string[]): Promise<number> {
  const { tellError } = await import('./render-error.ts')
  const asJson = /(^| )(-o|--output)[ =]?json( |$)/.test(beforeSeparator(argv).join(' '))
  return tellError(thrown, asJson)
}
