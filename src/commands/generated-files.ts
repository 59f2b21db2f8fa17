// The generated files of services, compared with what is there.
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { systemCode } from '../core/errors.ts'
import { onFile } from '../core/file-error.ts'
import { writeAtomic } from '../core/files.ts'
import type { Platform, Service } from '../platform/platform.ts'
import { isCurrent, serviceFiles } from '../scaffold/types/service-files.ts'

export interface GeneratedFile {
  readonly service: Service
  /** relative to the folder of platform.yaml */
  readonly path: string
  readonly content: string
  readonly current: boolean
}

/** Whether a folder of the platform is there. */
export async function hasFolder(platform: Platform, path: string): Promise<boolean> {
  return (await unlessMissing(join(platform.folder, path), (place) => stat(place)))?.isDirectory() ?? false
}

/** Whether a file of the platform is there. */
export async function hasFile(platform: Platform, path: string): Promise<boolean> {
  return (await unlessMissing(join(platform.folder, path), (place) => stat(place)))?.isFile() ?? false
}

/** Whether a service is written in TypeScript: its folder has a tsconfig.json. */
export function isTypeScript(platform: Platform, { dir }: Service): Promise<boolean> {
  return hasFile(platform, `${dir}/tsconfig.json`)
}

/** What a service should have, and whether it has it. */
export function generatedOf(service: Service, platform: Platform): Promise<GeneratedFile[]> {
  const files = serviceFiles(service, platform)
  return Promise.all(
    files.map(async (file) => {
      const path = `${service.dir.replace(/\/+$/, '')}/${file.path}`
      const present = await unlessMissing(join(platform.folder, path), (place) => readFile(place, 'utf8'))
      return { service, path, content: file.content, current: isCurrent(file, present) }
    }),
  )
}

/** Writes those that are not there as they should be. */
export async function writeStale({ folder }: Platform, files: readonly GeneratedFile[]): Promise<void> {
  for (const { path, content, current } of files) if (!current) await writeAtomic(join(folder, path), content)
}

function unlessMissing<T>(place: string, read: (place: string) => Promise<T>): Promise<T | undefined> {
  return onFile(place, () =>
    read(place).catch((thrown: unknown) => {
      if (systemCode(thrown) !== 'ENOENT') throw thrown
      return undefined
    }),
  )
}
