// Where the servers of this machine's stack are, for every command whose environment is `local`.
import type { StackSettings } from '../platform/platform.ts'

export interface LocalEndpoints {
  readonly bootstrap: readonly string[]
  readonly registryUrl: string
}

/** Without a running stack, whatever answers at the declared ports. */
export function findLocalEndpoints(_folder: string, { ports }: StackSettings): Promise<LocalEndpoints> {
  const port = (declared: number | 'auto', usual: number): number => (declared === 'auto' ? usual : declared)
  return Promise.resolve({
    bootstrap: [`127.0.0.1:${port(ports.kafka, 9092)}`],
    registryUrl: `http://127.0.0.1:${port(ports.registry, 8081)}`,
  })
}
