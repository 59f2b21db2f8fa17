// The engine's own command line, told which engine to use and nothing of the user's settings.
import { join } from 'node:path'
import { labPath } from './machine.ts'
import type { Place } from './place.ts'
import { type RunOptions, run } from './run.ts'

export type Docker = (args: readonly string[], options?: Omit<RunOptions, 'env'>) => Promise<string>

/** The environment in which docker and docker-compose use an engine. */
export function clientEnvironment(place: Pick<Place, 'socket' | 'folder'>): Record<string, string> {
  return {
    PATH: labPath,
    HOME: place.folder,
    DOCKER_HOST: `unix://${place.socket}`,
    DOCKER_CONFIG: join(place.folder, 'client'),
    // the builder that each engine has
    DOCKER_BUILDKIT: '0',
  }
}

/** `docker` for one engine: answers what it prints. */
export function dockerFor(place: Pick<Place, 'socket' | 'folder'>): Docker {
  const env = clientEnvironment(place)
  return (args, options = {}) => run('docker', args, { ...options, env })
}

const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '')

/** Removes containers, networks and volumes of whoever used the engine before. */
export async function removeAllButImages(docker: Docker): Promise<void> {
  const containers = lines(await docker(['ps', '--all', '--quiet']))
  if (containers.length > 0) await docker(['rm', '--force', '--volumes', ...containers])
  const networks = lines(await docker(['network', 'ls', '--quiet', '--filter', 'type=custom']))
  if (networks.length > 0) await docker(['network', 'rm', ...networks])
  const volumes = lines(await docker(['volume', 'ls', '--quiet']))
  if (volumes.length > 0) await docker(['volume', 'rm', ...volumes])
}
