// Every API that is written down, for tests that hold for all of them.
import { readdirSync } from 'node:fs'
import type { Api } from '../../src/protocol/api.ts'

/** what the broker alone speaks is defined where it is handled */
const folders = ['messages', '../broker/handlers'].map(
  (folder) => new URL(`../../src/protocol/${folder}/`, import.meta.url),
)

function isApi(exported: unknown): exported is Api {
  return typeof exported === 'object' && exported !== null && 'key' in exported && 'flexible' in exported
}

/** All definitions, by name. */
export async function allApis(): Promise<Map<string, Api>> {
  const files = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .map((file) => new URL(file, folder).href),
  )
  const modules = await Promise.all(files.map((file) => import(file) as Promise<Record<string, unknown>>))
  const apis = modules.flatMap((module) => Object.values(module).filter(isApi))
  return new Map(apis.map((api) => [api.name, api]))
}

/** The versions of an API, lowest first. */
export function versionsOf({ versions: [min, max] }: Api): number[] {
  return Array.from({ length: max - min + 1 }, (_, i) => min + i)
}
