import { type Client, ask } from './client.ts'
import { findLogin, withProblem } from './credentials.ts'
import type { Engine } from './engine.ts'
import { engineError } from './errors.ts'
import { plainId, registryOf, shortName } from './image-name.ts'
import { jsonLines } from './json-lines.ts'
import { type PullEvent, pullMeter } from './pull-progress.ts'
import { watchSilence } from './silence.ts'

export function imageCalls(client: Client): Pick<Engine, 'images' | 'pull'> {
  const { docker } = client
  return {
    images: () =>
      ask(client, { action: 'list images' }, async () => {
        const list = await docker.listImages({ digests: true })
        const named = list.flatMap(({ Id: id, RepoTags: tags, RepoDigests: digests }) =>
          [...(tags ?? []), ...(digests ?? [])].map((name) => [name, plainId(id)] as const),
        )
        return new Map(named.filter(([name]) => !name.includes('<none>')).map(([name, id]) => [shortName(name), id]))
      }),
    pull: (image, onProgress, signal) => pull(client, image, { onProgress, signal }),
  }
}

interface Pull {
  readonly onProgress: Parameters<Engine['pull']>[1]
  readonly signal: AbortSignal
}

/** The engine answers a pull at once, and tells how it went in the stream of its events. */
async function pull(client: Client, image: string, { onProgress, signal }: Pull): Promise<void> {
  const { docker, env, title } = client
  const { credentials, problem } = await findLogin(registryOf(image), env)
  const request = { engine: title, action: `fetch image "${image}"`, image }
  const silence = watchSilence(request, signal)
  try {
    signal.throwIfAborted()
    const options = { abortSignal: silence.signal, ...(credentials && { authconfig: credentials }) }
    const events = (await docker.pull(image, options)) as NodeJS.ReadableStream
    const measure = pullMeter()
    for await (const event of jsonLines<PullEvent>(events)) {
      silence.heard()
      if (event.error !== undefined) throw new Error(event.error)
      onProgress(measure(event))
    }
  } catch (thrown) {
    silence.signal.throwIfAborted()
    throw withProblem(engineError(thrown, request), problem)
  } finally {
    silence.close()
  }
}
