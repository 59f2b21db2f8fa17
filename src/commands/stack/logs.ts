// evplat logs: what the servers of the stack have written, and what they write.
import { once } from 'node:events'
import { type ExitCode, exitCode } from '../../core/exit-codes.ts'
import { type LogLine, followLogs, hostOf, readLogs, serversWithLogs } from '../../stack/logs.ts'
import { logLineText } from '../../views/stack.ts'
import type { Context } from '../context.ts'
import { platformFolder } from './platform-folder.ts'

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
  const folder = await platformFolder(input, context)
  const [asked] = input.words
  const host = asked === undefined ? undefined : await hostOf(folder, asked)
  if (host !== undefined) context.say(`${asked} runs within ${host}, and its lines are in the log of ${host}`)
  const servers = await serversWithLogs(folder, host ?? asked)
  const count = input.number ?? usualLines
  const width = servers.length === 1 ? 0 : Math.max(...servers.map((name) => name.length))
  const write = async (lines: readonly LogLine[]): Promise<void> => {
    const text = lines.map((line) =>
      input.output === 'json' ? `${JSON.stringify(line)}\n` : logLineText(line, width, context.outputStyle),
    )
    if (!context.stdout.write(text.join(''))) await once(context.stdout, 'drain')
  }
  if (!input.follow) {
    await write(await readLogs(folder, servers, count))
    return exitCode.ok
  }
  for await (const lines of followLogs(folder, servers, count, context.signal)) await write(lines)
  return exitCode.interrupted
}
