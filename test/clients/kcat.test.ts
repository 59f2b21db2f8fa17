// kcat, the command line of librdkafka, as Debian has it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { kcat, kcatIsMissing } from '../support/kcat.ts'
import { clients } from './clients.ts'
import {
  type CodecCounts,
  type Report,
  type SeenRecord,
  codecCount,
  codecNames,
  codecValue,
  onceCount,
  things,
} from './exercise.ts'
import { judge } from './judge.ts'
import { type Member, playGroup } from './three-members.ts'

type Run = (args: string, input?: string) => Promise<string>

interface KcatRecord {
  readonly ts: number
  readonly key: string | null
  readonly payload: string | null
  readonly headers?: readonly string[]
}

const inPairs = (list: readonly string[]): [string, string][] =>
  list.flatMap((name, i): [string, string][] => (i % 2 === 0 ? [[name, list[i + 1]!]] : []))

async function writeThings(run: Run): Promise<void> {
  for (const { key, value, headers } of things) {
    const named = headers.map(([name, content]) => `-H ${name}=${content}`).join(' ')
    await run(
      `-P -Z -t things ${key === null ? '' : '-K:'} ${named}`,
      `${key === null ? '' : `${key}:`}${value ?? ''}\n`,
    )
    // the times of two records must differ, that one can be asked for
    await sleep(5)
  }
}

async function readThings(run: Run): Promise<Pick<Report, 'records' | 'times'>> {
  const lines = (await run('-C -t things -J -e -q')).trim().split('\n')
  const read = lines.map((line) => JSON.parse(line) as KcatRecord)
  const records = read.map(({ key, payload, headers = [] }): SeenRecord => ({
    key,
    value: payload,
    headers: inPairs(headers),
  }))
  const asked = [-2, read[1]!.ts, -1]
  const [earliest, second, latest] = await Promise.all(
    asked.map(async (at) => Number(/offset (\d+)/.exec(await run(`-Q -t things:0:${at}`))?.[1])),
  )
  return { records, times: { earliest: earliest!, second: second!, latest: latest! } }
}

async function playCodecs(run: Run): Promise<CodecCounts> {
  const values = Array.from({ length: codecCount }, (_, i) => codecValue(i))
  const seen: Record<string, number> = {}
  for (const codec of codecNames) {
    await run(`-P -t codec-${codec} -z ${codec} -X linger.ms=50`, values.map((value) => `${value}\n`).join(''))
    const lines = (await run(`-C -t codec-${codec} -e -q`)).split('\n')
    seen[codec] = values.filter((value, i) => value === lines[i]).length
  }
  return seen
}

async function joinAs(bootstrap: string, see: (value: string) => void): Promise<Member> {
  const settings = ['-X', 'auto.offset.reset=earliest', '-X', 'auto.commit.interval.ms=100']
  const child = spawn('kcat', ['-b', bootstrap, '-G', 'workers', '-u', ...settings, 'work'])
  const ended = once(child, 'close')
  let partitions = 0
  createInterface(child.stdout).on('line', see)
  createInterface(child.stderr).on('line', (line) => {
    if (line.includes('revoked')) partitions = 0
    if (line.includes('assigned')) partitions = line.match(/work \[\d+\]/g)?.length ?? 0
  })
  return {
    partitions: () => partitions,
    leave: async () => {
      child.kill('SIGINT')
      await ended
    },
  }
}

async function play(bootstrap: string): Promise<Report> {
  const run: Run = async (args, input) =>
    String(await kcat(['-b', bootstrap, ...args.split(' ').filter(Boolean)], input))
  await writeThings(run)
  const seen = await readThings(run)
  const codecs = await playCodecs(run)
  const groups = await playGroup({
    join: (see) => joinAs(bootstrap, see),
    write: async (partition, values) =>
      void (await run(`-P -t work -p ${partition}`, values.map((v) => `${v}\n`).join(''))),
  })
  const numbers = Array.from({ length: onceCount }, (_, i) => `${i}\n`)
  await run('-P -E -t once -X enable.idempotence=true -X batch.num.messages=1', numbers.join(''))
  return { ...seen, codecs, groups, idempotence: onceCount }
}

judge(clients.kcat, play, kcatIsMissing())
