import { type Client, ask, labelFilter } from './client.ts'
import type { ContainerEvent, Engine } from './engine.ts'
import { engineError } from './errors.ts'
import { jsonLines } from './json-lines.ts'

const actions: readonly ContainerEvent['action'][] = ['start', 'die']
const about = { action: 'tell what happens to containers' }

interface EngineEvent {
  readonly Action: string
  readonly Actor: { readonly ID: string; readonly Attributes: Readonly<Record<string, string>> }
}

export function eventCalls(client: Client): Pick<Engine, 'events'> {
  return {
    events: (labels, signal) =>
      ask(client, about, async () => {
        const filters = { type: ['container' as const], event: [...actions], label: labelFilter(labels) }
        const stream = await client.docker.getEvents({ filters, abortSignal: signal })
        return follow(client, stream, signal)
      }),
  }
}

async function* follow(
  { title }: Client,
  stream: NodeJS.ReadableStream,
  signal: AbortSignal,
): AsyncGenerator<ContainerEvent> {
  try {
    for await (const event of jsonLines<EngineEvent>(stream)) {
      const found = containerEvent(event)
      if (found) yield found
    }
  } catch (thrown) {
    if (!signal.aborted) throw engineError(thrown, { engine: title, ...about })
  }
}

function containerEvent({
  Action: name,
  Actor: { ID: id, Attributes: facts },
}: EngineEvent): ContainerEvent | undefined {
  const action = actions.find((known) => known === name)
  if (!action) return undefined
  const exitCode = action === 'die' ? Number(facts['exitCode']) : Number.NaN
  return { id, action, ...(Number.isInteger(exitCode) && { exitCode }) }
}
