// evplat logs: what the servers of the stack have written, and what they write.
import { once } from 'node:events'
import { type ExitCode, exitCode } from '../../core/exit-codes.ts'
import { type LogLine, hostOf } from '../../stack/logs.ts'
import { logLineText } from '../../views/stack.ts'
import type { Context } from '../context.ts'
import { stackHere } from './stack-here.ts'

interface LogsInput {
  readonly words: readonly string[]
  readonly file: string | undefined
  readonly follow: boolean
  readonly number: number | undefined
  readonly output: 'text' | 'json' | undefined
}

const usualLines = 100

/** Writes lines as they are; with `-o json` one object a line. Following ends with Ctrl-C. */
export async function run(input: LogsInput, context: Context): Promise<ExitCode> {
  const { place, runtime } = await stackHere(input.file, context)
  const [asked] = input.words
  const host = asked === undefined ? undefined : await hostOf(place.folder, asked)
  if (host !== undefined) context.say(`${asked} runs within ${host}, and its lines are in the log of ${host}`)
  const servers = await runtime.serversWithLogs(place, host ?? asked)
  const count = input.number ?? usualLines
  const width = servers.length === 1 ? 0 : Math.max(...servers.map((name) => name.length))
  const write = async (lines: readonly LogLine[]): Promise<void> => {
    const text = lines.map((line) =>
      input.output === 'json' ? `${JSON.stringify(line)}\n` : logLineText(line, width, context.outputStyle),
    )
    if (!context.stdout.write(text.join(''))) await once(context.stdout, 'drain')
  }
  if (!input.follow) {
    await write(await runtime.readLogs(place, servers, count))
    return exitCode.ok
  }
  for await (const lines of runtime.followLogs(place, servers, count)) await write(lines)
  return exitCode.interrupted
}
