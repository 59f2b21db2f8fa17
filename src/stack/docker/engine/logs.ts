import { type Client, ask } from './client.ts'
import type { Engine } from './engine.ts'
import { engineError } from './errors.ts'
import { lineReader } from './log-lines.ts'

export function logCalls(client: Client): Pick<Engine, 'logs'> {
  return { logs: (id, options) => logs(client, id, options) }
}

async function* logs(
  client: Client,
  id: string,
  { tail, follow, signal }: Parameters<Engine['logs']>[1],
): AsyncGenerator<string> {
  const about = { engine: client.title, action: `read the log of container ${id}` }
  const { push, end } = lineReader()
  try {
    if (signal.aborted) return
    for await (const chunk of await openLog(client, id, { tail, follow, signal })) yield* push(chunk)
    yield* end()
  } catch (thrown) {
    if (!signal.aborted) throw engineError(thrown, about)
  }
}

/** Without `follow` the client answers the whole log as one piece. */
function openLog(
  client: Client,
  id: string,
  { tail, follow, signal }: Parameters<Engine['logs']>[1],
): Promise<Iterable<Buffer> | AsyncIterable<Buffer>> {
  const container = client.docker.getContainer(id)
  const options = { stdout: true, stderr: true, timestamps: true, tail, abortSignal: signal }
  return ask(client, { action: `read the log of container ${id}` }, async () =>
    follow
      ? ((await container.logs({ ...options, follow: true })) as unknown as AsyncIterable<Buffer>)
      : [await container.logs({ ...options, follow: false })],
  )
}
