// The stack of this machine: what `evplat up` wrote down of it in the nearest `.evplat/stack.json`.
import { dirname, join, relative } from 'node:path'
import { readText } from '../../yaml/read-text.ts'
import { type Found, literal } from './found.ts'

const settings: Readonly<Record<string, string>> = {
  kafka: 'kafka.bootstrapServers',
  'schema-registry': 'schemaRegistry.url',
}

/** The addresses of the local stack; nothing where none was started, or the file is none that evplat wrote. */
export async function readStackSource(folder: string): Promise<Found[]> {
  for (const above of foldersUp(folder)) {
    const path = join(above, '.evplat', 'stack.json')
    const reading = await readText(path, 1_000_000)
    if (!('text' in reading)) continue
    const source = relative(folder, path)
    return serversIn(reading.text).flatMap(({ name, endpoint }) => {
      const setting = settings[name]
      return setting === undefined
        ? []
        : [{ name: setting, raw: literal(endpoint), source, origin: `${source} (${name})` }]
    })
  }
  return []
}

/** A folder and those above it, the nearest first. */
export function foldersUp(folder: string): string[] {
  const above = dirname(folder)
  return above === folder ? [folder] : [folder, ...foldersUp(above)]
}

interface Server {
  readonly name: string
  readonly endpoint: string
}

function serversIn(text: string): Server[] {
  try {
    const record: unknown = JSON.parse(text)
    const servers = typeof record === 'object' && record !== null && 'servers' in record ? record.servers : undefined
    return Array.isArray(servers) ? servers.filter(isServer) : []
  } catch {
    return []
  }
}

function isServer(value: unknown): value is Server {
  if (typeof value !== 'object' || value === null || 'away' in value) return false
  return 'name' in value && typeof value.name === 'string' && 'endpoint' in value && typeof value.endpoint === 'string'
}
