// What must be there before a server of the stack is touched: free ports, passwords that fit the data, images.
import type { Layout } from '../layout.ts'
import { ensureSecrets } from '../secrets.ts'
import { type Step, withImages } from './difference.ts'
import type { Engine } from './engine/engine.ts'
import { type ImageOptions, ensureImages } from './images.ts'
import type { DockerStack } from './model/docker-stack.ts'
import { requireFreePorts } from './port-owners.ts'
import { requirePasswords } from './require-passwords.ts'

interface Preparing extends Omit<ImageOptions, 'engine'> {
  /** the ports of this machine that containers of the project have */
  readonly held: readonly number[]
  readonly layout: Layout
  readonly stack: DockerStack
}

/** All that can be known to fail does so here, before anything of the stack is touched. Answers the steps with what was pulled. */
export async function prepare(engine: Engine, steps: readonly Step[], options: Preparing): Promise<readonly Step[]> {
  const { held, layout, stack, pull, signal, say } = options
  const missing = steps.filter(({ action }) => action !== 'keep')
  for (const { server } of missing) await requireFreePorts(engine, server, held)
  // a server that runs does not become ready without its password either
  await requirePasswords(engine, layout, { stack, servers: steps.map(({ server }) => server) })
  // of these servers alone: a new password beside the data of another one would hide that its own is gone
  await ensureSecrets(
    layout,
    missing.flatMap(({ server }) => server.secrets),
  )
  try {
    const isAlways = pull === 'always'
    const made = isAlways ? steps : missing.filter(({ action }) => action !== 'start')
    await ensureImages(
      made.map(({ server }) => server),
      { ...options, engine },
    )
    return isAlways ? withImages(steps, await engine.images()) : steps
  } catch (thrown) {
    if (signal.aborted) say('nothing was started; what the engine has of the images stays there')
    throw thrown
  }
}
