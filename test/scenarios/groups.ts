// Consumer groups: read as a member, committed, listed and described; judged by ConsumerGroupCommand.
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import { waitFor } from '../../src/core/deadline.ts'
import type { Scenario, Stage } from './stage.ts'

interface JavaOffset {
  readonly partition: number
  readonly committed: number
  readonly end: number
  readonly lag: number
  /** the client id of the member that reads it; `-` for none */
  readonly client: string
}

/** What ConsumerGroupCommand says of the partitions of a group that it reads one topic of. */
export async function javaOffsets(stage: Pick<Stage, 'kafka'>, group: string): Promise<JavaOffset[]> {
  const table = await stage.kafka('groups', `--describe --group ${group}`)
  return table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((words) => words[0] === group && words.length >= 9)
    .map(([, , partition, committed, end, lag, , , client]) => ({
      partition: Number(partition),
      committed: committed === '-' ? -1 : Number(committed),
      end: Number(end),
      lag: lag === '-' ? -1 : Number(lag),
      client: client!,
    }))
    .toSorted((a, b) => a.partition - b.partition)
}

const values = (stdout: string): string[] =>
  stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => (JSON.parse(line) as { value: string }).value)

const numbers = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, i) => `${from + i}\n`).join('')

interface Described {
  readonly state: string
  readonly members: readonly { readonly client: string; readonly partitions: readonly unknown[] }[]
}

/** Waits until a group has so many members and is not sharing out. */
export async function stableGroup(stage: Pick<Stage, 'run'>, group: string, count: number): Promise<Described> {
  const found = await waitFor(
    async () => {
      const { code, stdout } = await stage.run(`groups describe ${group} -o json`)
      const described = code === 0 ? (JSON.parse(stdout) as Described) : undefined
      return described?.state === 'Stable' && described.members.length === count ? described : undefined
    },
    { timeoutMs: 60_000 },
  )
  if (!found) throw new Error(`group ${group} does not come to rest with ${count} members`)
  return found
}

const resume: Scenario = {
  name: 'a group starts at the start, commits what was printed and no more, and goes on there',
  slug: 'resume',
  play: async (stage) => {
    await stage.declare('topics: { resume.events: { value: string } }\n')
    await stage.done('apply --yes')
    await stage.done('produce resume.events', numbers(0, 10))
    const committed = async (): Promise<readonly number[]> =>
      (await javaOffsets(stage, 'resume.readers')).map((offset) => offset.committed)
    const read = async (options: string): Promise<string[]> =>
      values(await stage.done(`consume resume.events --group resume.readers ${options}`))

    expect(await read('-n 4')).toEqual(['0', '1', '2', '3'])
    expect(await committed()).toEqual([4])
    expect(await read('-n 1')).toEqual(['4'])
    expect(await committed()).toEqual([5])
    expect(await read('--exit')).toEqual(['5', '6', '7', '8', '9'])
    expect(await committed()).toEqual([10])
    expect(await read('--exit')).toEqual([])
    expect(await read('-n 0')).toEqual([])
    await stage.done('produce resume.events', numbers(10, 13))
    expect(await read('--exit -n 2 --from start')).toEqual(['10', '11'])
    expect(await committed()).toEqual([12])
    expect(await stage.json('groups describe resume.readers')).toEqual({
      name: 'resume.readers',
      state: 'Empty',
      type: 'classic',
      members: [],
      offsets: [{ topic: 'resume.events', partition: 0, committed: 12, end: 13, lag: 1 }],
      lag: 1,
    })

    const late = stage.start('consume resume.events --group resume.late --from end')
    await stableGroup(stage, 'resume.late', 1)
    // the member is in the group, and finds its place a moment later
    for (let i = 100; late.stdout() === '' && i < 200; i++) await stage.done('produce resume.events', `${i}\n`)
    late.kill('SIGINT')
    const { code, stdout, stderr } = await late.ended
    expect([code, stderr]).toEqual([130, ''])
    expect(values(stdout).every((value) => Number(value) >= 100)).toBe(true)
    for (const [options, message] of [
      ['-p 0', '--partition and --group do not go together\n  try: a group assigns partitions itself'],
      ['--from 5', '--from takes start or end with --group\n  try: a group goes on where it has committed'],
    ])
      expect(await stage.run(`consume resume.events --group resume.readers ${options}`)).toEqual({
        code: 64,
        stdout: '',
        stderr: `error[usage]: ${message}\n`,
      })
  },
}

const large: Scenario = {
  name: 'a group reads a topic of many fetches to its end',
  slug: 'large',
  play: async (stage) => {
    await stage.declare('topics: { large.events: { partitions: 2, value: string } }\n')
    await stage.done('apply --yes')
    const lines = Array.from({ length: 12_000 }, (_, i) => `${i} ${'x'.repeat(1500)}`)
    for (const partition of [0, 1])
      await stage.done(
        `produce large.events -p ${partition}`,
        lines.slice(partition * 6000, partition * 6000 + 6000).join('\n'),
      )
    const read = await stage.done('consume large.events --group large.readers --exit')
    expect(
      values(read)
        .map((value) => Number.parseInt(value, 10))
        .toSorted((a, b) => a - b),
    ).toEqual(Array.from({ length: 12_000 }, (_, i) => i))
    expect((await javaOffsets(stage, 'large.readers')).map(({ committed }) => committed)).toEqual([6000, 6000])

    // whoever does not read what is printed, and stops it then, is not told of a bug
    const deaf = stage.start('consume large.events')
    await deaf.lines(1)
    deaf.deafen()
    // long enough for the pipe to fill and the next fetches to wait
    await sleep(500)
    deaf.kill('SIGINT')
    await sleep(200)
    deaf.hear()
    const { code, stderr } = await deaf.ended
    expect([code, stderr]).toEqual([130, ''])
  },
}

const members: Scenario = {
  name: 'two members share a topic, and both end with --exit when all is read',
  slug: 'members',
  play: async (stage) => {
    await stage.declare('topics: { members.events: { partitions: 4, key: string, value: string } }\n')
    await stage.done('apply --yes')
    await stage.done(
      'produce members.events --key-separator :',
      Array.from({ length: 4000 }, (_, i) => `${i}:${i} ${'y'.repeat(500)}\n`).join(''),
    )
    const both = await Promise.all([1, 2].map(() => stage.run('consume members.events --group members.readers --exit')))
    expect(both.map(({ code, stderr }) => [code, stderr])).toEqual([
      [0, ''],
      [0, ''],
    ])
    const read = both.flatMap(({ stdout }) => values(stdout)).map((value) => Number.parseInt(value, 10))
    expect([...new Set(read)].toSorted((a, b) => a - b)).toEqual(Array.from({ length: 4000 }, (_, i) => i))
    const offsets = await javaOffsets(stage, 'members.readers')
    expect(offsets.map(({ lag, client }) => [lag, client])).toEqual(Array.from({ length: 4 }, () => [0, '-']))

    const following = [1, 2].map(() => stage.start('consume members.events --group members.readers'))
    const described = await stableGroup(stage, 'members.readers', 2)
    expect(described.members.map(({ client, partitions }) => [client, partitions.length])).toEqual([
      ['evplat', 2],
      ['evplat', 2],
    ])
    expect(await stage.json('groups list')).toContainEqual({
      name: 'members.readers',
      state: 'Stable',
      type: 'classic',
    })
    expect((await javaOffsets(stage, 'members.readers')).map(({ client }) => client)).toEqual(
      Array.from({ length: 4 }, () => 'evplat'),
    )
    // one goes without a word: the other takes over what it read
    following[0]!.kill('SIGKILL')
    await stage.done(
      'produce members.events --key-separator :',
      Array.from({ length: 40 }, (_, i) => `${i}:${i}\n`).join(''),
    )
    await following[1]!.lines(40 - (following[0]!.stdout().split('\n').length - 1), 90_000)
    following[1]!.kill('SIGTERM')
    expect((await following[1]!.ended).code).toBe(130)
    const taken = following.flatMap((one) => values(one.stdout())).map(Number)
    expect([...new Set(taken)].toSorted((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i))
    expect((await javaOffsets(stage, 'members.readers')).map(({ lag }) => lag)).toEqual([0, 0, 0, 0])
  },
}

export const groupScenarios: readonly Scenario[] = [resume, large, members]
