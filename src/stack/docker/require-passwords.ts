// Data of a database can only be used with the passwords that it was made with. New ones beside it would never fit.
import { EvplatError } from '../../core/errors.ts'
import type { Layout } from '../layout.ts'
import { findSecret, secretFile } from '../secrets.ts'
import type { Engine } from './engine/engine.ts'
import type { ContainerServer, DockerStack } from './model/docker-stack.ts'
import { projectLabels, volumeName } from './model/labels.ts'

/**
 * Throws `stack-unreadable` where a server has data and its password is gone: `.evplat/` was removed, or the data is that of a platform
 * of the same name in another folder. The engine is asked only where a password is missing.
 */
export async function requirePasswords(
  engine: Engine,
  layout: Layout,
  { stack, servers }: { readonly stack: DockerStack; readonly servers: readonly ContainerServer[] },
): Promise<void> {
  for (const server of servers) {
    const secret = server.secrets[0]
    if (secret === undefined || (await findSecret(layout, secret)) !== undefined) continue
    const there = new Set((await engine.volumes(projectLabels(stack.project))).map(({ name }) => name))
    const volume = server.volumes.map(({ name }) => volumeName(stack.project, name)).find((name) => there.has(name))
    if (volume === undefined) continue
    throw new EvplatError(
      'stack-unreadable',
      `${server.name} has data in volume "${volume}", and its password "${secretFile(layout, secret)}" is gone`,
      {
        hint: 'put it back, or give the platform another `name` where the data is of another folder; or delete the data with `evplat down --volumes`, then `evplat up`',
        details: { server: server.name, volume },
      },
    )
  }
}
