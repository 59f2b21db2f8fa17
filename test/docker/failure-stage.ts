// The platform "shop" on an engine of the laboratory, for tests of what goes wrong there: what it tells is compared whole.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { waitFor } from '../../src/core/deadline.ts'
import type { StackStatus } from '../../src/stack/status.ts'
import {
  type Ran,
  type RunOptions,
  type RunningEvplat,
  evplat,
  startEvplat,
  temporaryFolder,
} from '../support/evplat.ts'
import { needed } from '../support/found.ts'
import { platform, told } from '../support/told.ts'
import { type Docker, dockerFor, removeAllButImages } from './lab/client.ts'
import { labEngine } from './lab/lab-engine.ts'
import { steadyTables } from './status-table.ts'

export interface Stage {
  readonly folder: string
  readonly docker: Docker
  /** writes platform.yaml with these entries of `stack` */
  readonly declare: (...entries: readonly string[]) => void
  /** runs a command, words between spaces, and tells what it told */
  readonly tell: (command: string, options?: RunOptions) => Promise<string>
  readonly start: (command: string) => RunningEvplat
  readonly told: (ran: Ran) => string
  /** where each server is, by its name */
  readonly endpoints: () => Promise<Readonly<Record<string, string>>>
  /** resolves when the log of a container has a line that matches */
  readonly logged: (container: string, pattern: RegExp) => Promise<void>
}

const varying: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT'],
  [/\bport \d+/g, 'port PORT'],
  [/\bprocess \d+/g, 'process PID'],
  [/\b[0-9a-f]{64}\b/g, 'ID'],
  // which of its files the engine has no room for is by chance
  [/engine: \w+ DATA\/\S+: no space/g, 'engine: write DATA/FILE: no space'],
  [/does not answer any more: .*/g, 'does not answer any more: REASON'],
  [/\(\d+(?:\.\d+)? m?s\)/g, '(TIME)'],
  [/\bDocker \d+\.\d+\S*/g, 'Docker VERSION'],
  [/ +$/gm, ''],
]

const mask = (text: string): string => varying.reduce((rest, [pattern, name]) => rest.replaceAll(pattern, name), text)

/** Sets the platform up. When the test is over, nothing of it or of others is left on the engine but images. */
export function setStage(): Stage {
  const place = needed(labEngine())
  const folder = temporaryFolder()
  const docker = dockerFor(place)
  const env = { DOCKER_HOST: `unix://${place.socket}`, DOCKER_CONFIG: join(folder, 'client') }
  const hidden = { [folder]: 'FOLDER', [env.DOCKER_HOST]: 'unix://SOCKET', [place.dataRoot]: 'DATA' }
  const tellRan = (ran: Ran): string => mask(steadyTables(told(ran, hidden), mask))
  onTestFinished(() => removeAllButImages(docker))
  return {
    folder,
    docker,
    declare: (...entries) => {
      const own = ['runtime: docker', 'kafka: { version: "3.9", coordination: kraft }', ...entries].join(', ')
      writeFileSync(join(folder, 'platform.yaml'), platform(`stack: { ${own} }`))
    },
    tell: async (command, options = {}) =>
      tellRan(await evplat(command.split(' '), { cwd: folder, ...options, env: { ...env, ...options.env } })),
    start: (command) => startEvplat(command.split(' '), { cwd: folder, env }),
    told: tellRan,
    endpoints: async () => {
      const { stdout } = await evplat(['status', '-o', 'json'], { cwd: folder, env })
      const { servers } = JSON.parse(stdout) as StackStatus
      return Object.fromEntries(servers.map(({ name, endpoint }) => [name, endpoint]))
    },
    logged: async (container, pattern) => {
      const log = (): Promise<string> => docker(['logs', container]).catch(() => '')
      const isThere = async (): Promise<true | undefined> => (pattern.test(await log()) ? true : undefined)
      if (!(await waitFor(isThere, { timeoutMs: 60_000 }))) throw new Error(`${container} never logs ${pattern}`)
    },
  }
}

/** entries of `stack` that let a database be its cheapest server: ready in two seconds */
export const withPostgres = 'services: { postgres: {} }'

/** What `evplat up postgres` tells where nothing is in its way (any more). */
export const postgresIsUp = `exit 0
| SERVER           STATE    ENDPOINT               INSIDE                       IMAGE        DETAIL
| kafka            stopped  127.0.0.1:PORT         kafka:29092
| schema-registry  stopped  http://127.0.0.1:PORT  http://schema-registry:8081
| postgres         ready    127.0.0.1:PORT         postgres:5432                postgres:17
|
| start it with \`evplat up\`
postgres is ready at 127.0.0.1:PORT (TIME)`

/** The same of `evplat up kafka`. */
export const kafkaIsUp = `exit 0
| SERVER           STATE    ENDPOINT               INSIDE                       IMAGE                        DETAIL
| kafka            ready    127.0.0.1:PORT         kafka:29092                  confluentinc/cp-kafka:7.9.1
| schema-registry  stopped  http://127.0.0.1:PORT  http://schema-registry:8081
|
| start it with \`evplat up\`
kafka is ready at 127.0.0.1:PORT (TIME)`
