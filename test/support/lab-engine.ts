// A container engine to test with, and a small image on it: nothing is fetched, the image is a shell of this machine.
import { spawnSync } from 'node:child_process'
import type { Engine } from '../../src/stack/docker/engine/engine.ts'
import { findEngine } from '../../src/stack/docker/engine/discovery/find-engine.ts'

/** `unix:///run/lab/docker.sock`; undefined where there is none */
export const labHost: string | undefined = process.env['EVPLAT_LAB_HOST'] || undefined

/** Why the tests that need an engine are skipped, undefined where they are not. */
export const missingLab: string | undefined =
  labHost === undefined ? 'EVPLAT_LAB_HOST names no container engine' : undefined

/** an image with a shell, `sleep`, `cat` and `seq`, and what they are linked with */
export const tinyImage = 'evplat-test/tiny:1'

const importTiny = `
programs="/bin/sh /bin/sleep /bin/cat /bin/seq /bin/head"
libraries=$(for p in $programs; do ldd "$(readlink -f "$p")"; done | grep -o '/[^ ]*' | sort -u)
tar -C / -chf - $(echo $programs $libraries | sed 's| /| |g; s|^/||') | docker -H "$1" import - "$2"`

/** The engine of the lab, with the small image on it. */
export async function labEngine(): Promise<Engine> {
  const engine = await findEngine({ ...process.env, DOCKER_HOST: labHost })
  if (!(await engine.images()).has(tinyImage)) {
    const made = spawnSync('sh', ['-ec', importTiny, 'import', labHost!, tinyImage], { encoding: 'utf8' })
    if (made.status !== 0) throw new Error(made.stderr)
  }
  return engine
}
