import { type Client, ask, labelFilter } from './client.ts'
import type { Engine, Named } from './engine.ts'
import { statusOf } from './errors.ts'

interface VolumeFacts {
  readonly Labels?: Readonly<Record<string, string>> | null
}

/** What dockerode speaks to the engine by. Its own `createVolume` keeps the answer to itself, which has the labels of a volume that was there. */
interface Modem {
  dial(request: object, done: (thrown: unknown, answer: VolumeFacts | null) => void): void
}

function createVolume({ docker }: Client, { name, labels }: Named): Promise<VolumeFacts | null> {
  const request = {
    path: '/volumes/create?',
    method: 'POST',
    options: { Name: name, Labels: { ...labels } },
    statusCodes: { 200: true, 201: true, 500: 'server error' },
  }
  return new Promise((resolve, reject) =>
    (docker.modem as Modem).dial(request, (thrown, answer) =>
      thrown instanceof Error ? reject(thrown) : resolve(answer),
    ),
  )
}

export function volumeCalls(client: Client): Pick<Engine, 'createVolume' | 'volumes' | 'removeVolume'> {
  const { docker } = client
  return {
    createVolume: (volume) =>
      ask(client, { action: `make volume "${volume.name}"` }, async () => {
        const answer = await createVolume(client, volume)
        return { name: volume.name, labels: answer?.Labels ?? {} }
      }),
    volumes: (labels) =>
      ask(client, { action: 'list volumes' }, async () => {
        const { Volumes: list } = await docker.listVolumes({ filters: { label: labelFilter(labels) } })
        return (list ?? []).map((volume) => ({ name: volume.Name, labels: volume.Labels ?? {} }))
      }),
    removeVolume: (name) =>
      ask(client, { action: `remove volume "${name}"` }, async () => {
        await docker
          .getVolume(name)
          .remove()
          .catch((thrown: unknown) => {
            if (statusOf(thrown) !== 404) throw thrown
          })
      }),
  }
}
