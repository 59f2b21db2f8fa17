import type Docker from 'dockerode'
import { type Client, ask } from './client.ts'
import type { Engine } from './engine.ts'
import { foundOr404 } from './errors.ts'

type Counted = Pick<Docker.ContainerStats, 'memory_stats'>

export function memoryCalls(client: Client): Pick<Engine, 'memory'> {
  return {
    memory: (id) =>
      ask(client, { action: `measure container ${id}` }, async () => {
        // one sample: the two that make a rate of the processor take a second
        const stats = await foundOr404(client.docker.getContainer(id).stats({ stream: false, 'one-shot': true }))
        return stats && memoryOf(stats)
      }),
  }
}

/** As `docker stats` counts: without the pages of files that nobody has used for a while (cgroup 1 and 2 have them by other names). */
export function memoryOf({ memory_stats: memory }: Counted): number | undefined {
  const usage: unknown = memory?.usage
  if (typeof usage !== 'number' || usage === 0) return undefined
  const details = memory.stats as unknown as Readonly<Record<string, number | undefined>> | undefined
  const cache = details?.['total_inactive_file'] ?? details?.['inactive_file'] ?? 0
  return cache < usage ? usage - cache : usage
}
