import { type Loaded, loadPlatform } from '../../src/platform/load.ts'
import type { Variables } from '../../src/yaml/interpolate.ts'
import { writeFolder } from './txtar.ts'

export const head = 'apiVersion: evplat/v1\nname: shop\n'

interface Options {
  readonly environment?: string
  readonly env?: Variables
  readonly files?: Readonly<Record<string, string | Uint8Array>>
}

/** Loads a platform.yaml with these contents from a new folder, in which evplat works. */
export async function loadText(text: string | Uint8Array, options: Options = {}): Promise<Loaded> {
  const { environment = 'local', env = {}, files = {} } = options
  const cwd = await writeFolder([['platform.yaml', text], ...Object.entries(files)])
  return loadPlatform({ file: 'platform.yaml', cwd, environment, env })
}
