import { type Client, ask, labelFilter } from './client.ts'
import type { Engine } from './engine.ts'
import { statusOf } from './errors.ts'

/** What the engine answers, which the types of its client take for a handle. */
interface VolumeFacts {
  readonly Labels?: Readonly<Record<string, string>> | null
}

export function volumeCalls(client: Client): Pick<Engine, 'createVolume' | 'volumes' | 'removeVolume'> {
  const { docker } = client
  return {
    createVolume: ({ name, labels }) =>
      ask(client, { action: `make volume "${name}"` }, async () => {
        const { Labels: given } = (await docker.createVolume({ Name: name, Labels: { ...labels } })) as VolumeFacts
        return { name, labels: given ?? {} }
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
