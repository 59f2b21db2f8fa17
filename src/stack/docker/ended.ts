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

/** Whether it ended in peace on SIGTERM or SIGINT, by `docker compose stop` or with its engine: a program that heeds them ends with 0, a JVM with 143. */
export function wasAskedToEnd({ exitCode, wasOutOfMemory }: ContainerDetails): boolean {
  return !wasOutOfMemory && [0, 130, 143].includes(exitCode)
}

/** The error for a server whose container ended while it was to become ready. */
export async function endedError(engine: Engine, name: string, id: string): Promise<EvplatError> {
  const details = await engine.inspect(id)
  if (!details)
    return new EvplatError('server-failed', `the container of ${name} was removed while it was started`, {
      hint: 'by whom? When nobody removes it any more, `evplat up`',
      details: { server: name },
    })
  const words = await lastWords(engine, id)
  const { exitCode, wasOutOfMemory } = details
  const parts = {
    ...(words.length > 0 && { said: words.join('\n') }),
    details: { server: name, exitCode, ...(wasOutOfMemory && { outOfMemory: true }) },
  }
  if (isOfOtherProcessor(words))
    return new EvplatError('image-unfit', `the image of ${name} is not made for the processor of the engine`, {
      ...parts,
      saidBy: 'engine',
      hint: 'name one that is in platform.yaml: `stack.images`; then `evplat up`',
    })
  const reason = wasOutOfMemory ? ': there was no more memory for it' : ''
  return new EvplatError('server-failed', `${name} ended with ${exitText(exitCode)} while it was started${reason}`, {
    ...parts,
    hint: hintFor(name, words, wasOutOfMemory),
  })
}

/** Some engines tell what they can't run at the start, others in the log of a container that ends at once: runc's words. */
function isOfOtherProcessor(words: readonly string[]): boolean {
  return words.length === 1 && /\bexec\b.*: exec format error$/.test(words[0]!)
}

function hintFor(name: string, words: readonly string[], wasOutOfMemory: boolean): string {
  if (wasOutOfMemory) return 'give the engine more memory, or stop other containers; then `evplat up`'
  // what the system calls ENOSPC, whatever program says it
  if (words.some((line) => /no space left on device/i.test(line)))
    return 'the disk of its volume is full: make room there (`docker system df` shows what takes it); then `evplat up`'
  return `see \`evplat logs ${name}\`; \`evplat down\` stops the others`
}
