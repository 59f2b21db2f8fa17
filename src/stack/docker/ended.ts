// A server whose container has ended: how, and what it said last.
import { EvplatError } from '../../core/errors.ts'
import { exitText } from '../processes/keeper.ts'
import type { ContainerDetails, Engine } from './engine/engine.ts'

/** so many of the last lines are shown */
const lastLines = 20

/** The last lines that a container wrote, without the engine's time before each. */
export async function lastWords(engine: Engine, id: string): Promise<string[]> {
  const lines: string[] = []
  const signal = AbortSignal.timeout(5000)
  for await (const line of engine.logs(id, { tail: lastLines, follow: false, signal }))
    lines.push(line.slice(line.indexOf(' ') + 1))
  return lines
}

/** How it ended, for people: `exit code 1`, `exit code 137 (SIGKILL): there was no more memory for it`. */
export function endText({ exitCode, wasOutOfMemory }: ContainerDetails): string {
  return wasOutOfMemory ? `${exitText(exitCode)}: there was no more memory for it` : exitText(exitCode)
}

/** The error for a server whose container ended while it was to become ready. */
export async function endedError(engine: Engine, name: string, id: string): Promise<EvplatError> {
  const [details, words] = await Promise.all([engine.inspect(id), lastWords(engine, id)])
  const { exitCode, wasOutOfMemory } = details
  return new EvplatError('server-failed', `${name} ended with ${endText(details)} while it was started`, {
    ...(words.length > 0 && { said: words.join('\n') }),
    hint: wasOutOfMemory
      ? 'give the engine more memory, or stop other containers; then `evplat up`'
      : `see \`evplat logs ${name}\`; \`evplat down\` stops the others`,
    details: { server: name, exitCode, ...(wasOutOfMemory && { outOfMemory: true }) },
  })
}
