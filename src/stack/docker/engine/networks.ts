import { type Client, ask } from './client.ts'
import type { Engine } from './engine.ts'
import { isThereAlready, statusOf } from './errors.ts'

export function networkCalls(client: Client): Pick<Engine, 'createNetwork' | 'removeNetwork'> {
  const { docker } = client
  return {
    createNetwork: ({ name, labels }) =>
      ask(client, { action: `make network "${name}"` }, async () => {
        const options = { Name: name, Driver: 'bridge', CheckDuplicate: true, Labels: { ...labels } }
        await docker.createNetwork(options).catch((thrown: unknown) => {
          if (!isThereAlready(thrown)) throw thrown
        })
      }),
    removeNetwork: (name) =>
      ask(client, { action: `remove network "${name}"` }, async () => {
        await docker
          .getNetwork(name)
          .remove()
          .catch((thrown: unknown) => {
            if (statusOf(thrown) !== 404) throw thrown
          })
      }),
  }
}
