// A small image on the engine of the laboratory, for tests of the engine alone: a shell of this machine, and what it is linked with.
import { spawnSync } from 'node:child_process'
import { findEngine } from '../../../src/stack/docker/engine/discovery/find-engine.ts'
import type { Engine } from '../../../src/stack/docker/engine/engine.ts'
import { clientEnvironment } from './client.ts'
import { labEngine } from './lab-engine.ts'

const found = labEngine()

/** Why the tests that need an engine are skipped, undefined where they are not. */
export const missingLab: string | undefined = 'missing' in found ? found.missing : undefined

/** for DOCKER_HOST */
export const labHost: string | undefined = 'missing' in found ? undefined : found.value.host

/** has `sh`, `sleep`, `cat`, `seq` and `getent` */
export const tinyImage = 'evplat-test/tiny:2'

const importTiny = `
programs="/bin/sh /bin/sleep /bin/cat /bin/seq /usr/bin/getent"
libraries=$(for p in $programs; do ldd "$(readlink -f "$p")"; done | grep -o '/[^ ]*' | sort -u)
tar -C / -chf - $(echo $programs $libraries | sed 's| /| |g; s|^/||') | docker import - "$1"`

/** The port to the engine of the laboratory, with the small image on it. */
export async function tinyEngine(): Promise<Engine> {
  if ('missing' in found) throw new Error(found.missing)
  const engine = await findEngine({ ...process.env, DOCKER_HOST: found.value.host })
  if ((await engine.images()).has(tinyImage)) return engine
  const made = spawnSync('sh', ['-ec', importTiny, 'import', tinyImage], {
    encoding: 'utf8',
    env: clientEnvironment(found.value),
  })
  if (made.status !== 0) throw new Error(made.stderr)
  return engine
}
