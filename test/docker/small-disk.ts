// A disk without room where an engine or a volume has its files: a real file system of some MiB in a file.
import { statfsSync, writeFileSync } from 'node:fs'
import { mkdir, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { temporaryFolder } from '../support/evplat.ts'
import { run } from './lab/run.ts'

export interface SmallDisk {
  /** leaves so many bytes of it */
  readonly fill: (leftBytes?: number) => void
  /** makes room again */
  readonly free: () => Promise<void>
}

/** Mounts a new ext4 over a folder, whose files come back when the test is over. */
export async function mountSmallDisk(folder: string, bytes: number): Promise<SmallDisk> {
  const image = join(temporaryFolder(), 'disk')
  await writeFile(image, '')
  await truncate(image, bytes)
  await run('mkfs.ext4', ['-q', '-m', '0', image])
  await mkdir(folder, { recursive: true })
  await run('mount', ['-o', 'loop', image, folder])
  onTestFinished(async () => void (await run('umount', ['--lazy', folder])))
  const rest = join(folder, 'rest')
  return {
    fill: (leftBytes = 0) => {
      const { bavail, bsize } = statfsSync(folder)
      try {
        writeFileSync(rest, Buffer.alloc(bavail * bsize - leftBytes, 1))
      } catch {
        // the file system itself takes something: now it is full
      }
    },
    free: () => rm(rest),
  }
}
