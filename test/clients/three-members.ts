// Three members of a group that come and go, for clients that run in this process or under it.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Report } from './exercise.ts'

export interface Member {
  /** how many partitions it has now; 0 while it has none */
  partitions(): number
  /** leaves the group */
  leave(): Promise<void>
}

interface Workers {
  /** joins "workers" on "work"; `see` takes each value that arrives */
  readonly join: (see: (value: string) => void) => Promise<Member>
  /** writes values to a partition of "work" */
  readonly write: (partition: number, values: readonly string[]) => Promise<void>
}

/** Waits at most half a minute for something to be so. Throws with what was seen last. */
export async function until<T>(look: () => T, done: (seen: T) => boolean): Promise<T> {
  for (const deadline = performance.now() + 30_000; ; await sleep(20)) {
    const seen = look()
    if (done(seen)) return seen
    if (performance.now() > deadline) throw new Error(`it never came; last seen: ${JSON.stringify(seen)}`)
  }
}

/** The part `groups` of the exercise. */
export async function playGroup({ join, write }: Workers): Promise<NonNullable<Report['groups']>> {
  const members: Member[] = []
  const values = new Set<string>()
  const result: { parted: number[]; seen: number }[] = []
  const round = async (parted: readonly number[]): Promise<void> => {
    const now = (): number[] => members.map((member) => member.partitions()).toSorted((a, b) => a - b)
    await until(now, (seen) => seen.join() === parted.join())
    for (let p = 0; p < 6; p++)
      await write(
        p,
        Array.from({ length: 10 }, (_, i) => `${p}-${result.length}-${i}`),
      )
    const seen = await until(
      () => values.size,
      (size) => size >= (result.length + 1) * 60,
    )
    result.push({ parted: now(), seen })
  }
  const see = (value: string): void => void values.add(value)
  try {
    members.push(await join(see))
    await round([6])
    members.push(...(await Promise.all([join(see), join(see)])))
    await round([2, 2, 2])
    await members.pop()!.leave()
    await round([3, 3])
    return result
  } finally {
    await Promise.all(members.map((member) => member.leave()))
  }
}
