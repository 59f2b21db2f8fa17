// argv -> exit code. Finds the command, gives it a context, prints what it returns, tells what went wrong.
import { type Context, type Outcome } from '../commands/context.ts'
import { createStyle } from '../core/style.ts'
import { version } from '../core/version.ts'
import { createContext, invocationOf, wantsColour } from './context.ts'
import { helpFor } from './help.ts'
import { commandTable } from './table.ts'

/** Runs the command line of this process to its end and exits with its code. */
export async function main(): Promise<void> {
  const argv = process.argv.slice(2)
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))
  let code: number
  try {
    code = await run(argv)
  } catch (thrown) {
    const { errorJson, errorText, exitCodeOf } = await import('./render-error.ts')
    const { env, stderr } = process
    const invocation = invocationOf(env, process.argv[1] ?? 'evplat')
    const style = createStyle(wantsColour(env, stderr.isTTY))
    stderr.write(wantsJson(argv) ? errorJson(thrown, invocation) : errorText(thrown, style, invocation))
    code = exitCodeOf(thrown)
  }
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)))
}

function beforeSeparator(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--')
  return end < 0 ? argv : argv.slice(0, end)
}

function wantsJson(argv: readonly string[]): boolean {
  return /(^| )(-o|--output)[ =]?json( |$)/.test(beforeSeparator(argv).join(' '))
}

async function run(argv: readonly string[]): Promise<number> {
  const own = beforeSeparator(argv)
  if (own[0] === '--version' || own[0] === '-V') return print(`${version}\n`)
  if (own.length === 0 || own[0] === 'help' || own.includes('--help') || own.includes('-h'))
    return print(
      helpFor(
        commandTable,
        own.filter((word) => word !== 'help' && !word.startsWith('-')),
      ),
    )
  const { parse } = await import('./parse.ts')
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
  if (format === 'json') print(JSON.stringify(outcome.value, null, 2) + '\n')
  else if (format === 'yaml') print((await import('./yaml-output.ts')).toYaml(outcome.value))
  else if (format === 'table' && outcome.table) print((await import('../views/table.ts')).drawTable(outcome.table))
  else print(outcome.text(context.outputStyle))
  return outcome.exit ?? 0
}
