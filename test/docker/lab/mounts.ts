// What a program that was killed left mounted.
import { readFile } from 'node:fs/promises'
import { run } from './run.ts'

/** Unmounts what is mounted at a folder and below it. */
export async function unmountAt(folder: string): Promise<void> {
  const mounts = (await readFile('/proc/self/mounts', 'utf8')).split('\n').map((line) => line.split(' ')[1] ?? '')
  for (const mount of mounts.toReversed())
    if (`${mount}/`.startsWith(`${folder}/`)) await run('umount', ['--lazy', mount])
}
