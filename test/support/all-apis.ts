// Every API that is written down, for tests that hold for all of them.
import { readdirSync } from 'node:fs'
import type { Api } from '../../src/protocol/api.ts'

const folder = new URL('../../src/protocol/messages/', import.meta.url)

/** All definitions of src/protocol/messages, by name. */
export async function allApis(): Promise<Map<string, Api>> {
  const files = readdirSync(folder).filter((file) => file.endsWith('.ts'))
  const modules = await Promise.all(
    files.map((file) => import(new URL(file, folder).href) as Promise<Record<string, Api>>),
  )
  return new Map(modules.flatMap((module) => Object.values(module)).map((api) => [api.name, api]))
}

/** The versions of an API, lowest first. */
export function versionsOf({ versions: [min, max] }: Api): number[] {
  return Array.from({ length: max - min + 1 }, (_, i) => min + i)
}
