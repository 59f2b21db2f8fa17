// evplat up --print-compose: the stack in containers as a compose file, for the folder of platform.yaml.
import { packageRoot } from '../../core/package-root.ts'
import { version } from '../../core/version.ts'
import type { Platform } from '../../platform/platform.ts'
import { declaredPorts } from '../../stack/desired/declared-ports.ts'
import type { StackPorts } from '../../stack/desired/ports.ts'
import { composeFile, composeText } from '../../stack/docker/model/compose-file.ts'
import { describeDocker } from '../../stack/docker/model/describe-docker.ts'
import { secretsOf } from '../../stack/docker/model/secrets.ts'
import { type Layout, layoutOf, makeFolders } from '../../stack/layout.ts'
import { choosePorts } from '../../stack/processes/free-ports.ts'
import { withStackLock } from '../../stack/processes/options.ts'
import { ensureSecrets, findSecret } from '../../stack/secrets.ts'
import { readStackFile } from '../../stack/stack-file.ts'
import type { Context, Outcome } from '../context.ts'
import { createMessages } from './messages.ts'

/** Answers the compose file; the passwords that it names are made where there are none yet, or compose would have nothing to mount. */
export async function printCompose(
  { folder, name: project, stack: settings }: Platform,
  context: Context,
): Promise<Outcome> {
  const layout = layoutOf(folder)
  const ports = await portsFor(layout, settings, context)
  const stack = describeDocker({ project, settings, ports, packageRoot: packageRoot(), version })
  await makeMissing(layout, secretsOf(settings), folder, context)
  const place = { folder, at: folder }
  return { value: composeFile(stack, place), text: () => composeText(stack, place) }
}

/** As platform.yaml names them, else as the stack in containers has them, else free ones. */
async function portsFor(layout: Layout, settings: Platform['stack'], context: Context): Promise<StackPorts> {
  const record = await readStackFile(layout)
  const kept = record?.runtime === 'docker' ? record.ports : undefined
  const known = declaredPorts(settings, kept)
  if (known) return known
  context.say('the ports that platform.yaml leaves open are such as are free now')
  return choosePorts('docker', settings, kept)
}

async function makeMissing(
  layout: Layout,
  secrets: readonly string[],
  folder: string,
  context: Context,
): Promise<void> {
  const found = await Promise.all(secrets.map((name) => findSecret(layout, name)))
  if (!found.includes(undefined)) return
  const messages = createMessages(context, 'making passwords')
  try {
    await withStackLock(layout, { folder, signal: context.signal, ...messages }, async () => {
      await makeFolders(layout)
      await ensureSecrets(layout, secrets)
    })
    messages.say('passwords were made in .evplat/secrets')
  } finally {
    messages.end()
  }
}
