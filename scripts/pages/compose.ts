// docker/compose.yaml and .env: the stack of the example platform for docker compose.
import { join, resolve } from 'node:path'
import { version } from '../../src/core/version.ts'
import { loadPlatform } from '../../src/platform/load.ts'
import type { Platform } from '../../src/platform/platform.ts'
import { declaredPorts } from '../../src/stack/desired/declared-ports.ts'
import { composeText } from '../../src/stack/docker/model/compose-file.ts'
import { describeDocker } from '../../src/stack/docker/model/describe-docker.ts'

const root = resolve()

async function example(): Promise<Platform> {
  const file = 'platform.yaml'
  const { platform, findings } = await loadPlatform({ file, cwd: root, environment: 'local', env: {} })
  if (!platform) throw new Error(`${file} is not sound: ${JSON.stringify(findings)}`)
  return platform
}

/** The compose file, which lies in docker/. */
export async function composeOfExample(): Promise<string> {
  const { name: project, stack: settings } = await example()
  const ports = declaredPorts(settings)
  if (!ports) throw new Error('a port of the example platform may be any, and a compose file names all of them')
  const stack = describeDocker({ project, settings, ports, packageRoot: root, version })
  return composeText(stack, { folder: root, at: join(root, 'docker') })
}

/** What lets docker compose find it from the root, under the name that evplat gives the project. */
export async function environmentOfExample(): Promise<string> {
  const { name } = await example()
  return `# for docker compose; evplat reads this file, too, where platform.yaml names variables\nCOMPOSE_FILE=docker/compose.yaml\nCOMPOSE_PROJECT_NAME=${name}\n`
}
