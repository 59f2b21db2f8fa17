// Platforms whose stacks run in containers on the engine of the laboratory.
import { randomUUID } from 'node:crypto'
import type { Platform, PlatformOptions } from '../support/platforms.ts'
import { newPlatform } from '../support/platforms.ts'
import { missingOf, needed } from '../support/found.ts'
import { type Docker, dockerFor } from './lab/client.ts'
import { labEngine } from './lab/lab-engine.ts'
import { type Things, containersOf, thingsOf } from './project-things.ts'

/** Why the tests that need the laboratory are skipped; undefined where they are not. */
export function missingLab(): string | undefined {
  return missingOf(labEngine())
}

/** The engine's own command line at the laboratory. */
export function labDocker(): Docker {
  return dockerFor(needed(labEngine()))
}

/** What makes a stack run on the engine of the laboratory, as a project that nobody else has. */
export function onLab(): { runtime: 'docker'; project: string; env: Record<string, string> } {
  return {
    runtime: 'docker',
    project: `evt-${randomUUID().slice(0, 8)}`,
    env: { DOCKER_HOST: needed(labEngine()).host },
  }
}

export interface LabPlatform extends Platform {
  readonly project: string
  /** id of each container, by its server; the stopped ones, too */
  readonly containers: () => Promise<Record<string, string>>
  /** what the engine has of the project: containers, networks, volumes, by their names */
  readonly things: () => Promise<Things>
}

/** A platform with a project of its own; the caller calls `removePlatforms` when its tests are over. */
export async function newLabPlatform(options: PlatformOptions = {}): Promise<LabPlatform> {
  const ground = onLab()
  const platform = await newPlatform({ ...ground, ...options, env: { ...ground.env, ...options.env } })
  const project = options.project ?? ground.project
  const docker = labDocker()
  return {
    ...platform,
    project,
    containers: () => containersOf(docker, project),
    things: () => thingsOf(docker, project),
  }
}
