// The docker-compose of this machine at an engine of the laboratory.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { clientEnvironment } from './client.ts'
import type { Place } from './place.ts'

export interface ComposePlace {
  /** of the compose file */
  readonly folder: string
  readonly project: string
}

export type Compose = (...args: readonly string[]) => Promise<{ readonly stdout: string; readonly stderr: string }>

/** `docker-compose` for one project: answers what it prints, and rejects with that where it fails. */
export function composeFor(engine: Pick<Place, 'socket' | 'folder'>, { folder, project }: ComposePlace): Compose {
  const env = { ...clientEnvironment(engine), COMPOSE_HTTP_TIMEOUT: '200' }
  const options = { cwd: folder, env, timeout: 160_000, killSignal: 'SIGKILL' as const }
  return (...args) => promisify(execFile)('docker-compose', ['-p', project, ...args], options)
}
