// What servers take of this machine: open files, and room on the disk.
import { statfs } from 'node:fs/promises'
import { roughSize } from '../../core/size.ts'
import { layoutOf } from '../layout.ts'
import { runProgram } from '../native/run-program.ts'
import type { Check, Patient } from './check.ts'

/** what a broker has open beside the files of partitions: connections, jars, and the topics of Kafka itself (50 and 50 partitions) */
const filesOfKafka = 1000
/** the most that the embedded broker has open, and connections */
const filesOfEmbedded = 1000

/**
 * How many files a server may need open at once. Kafka keeps the newest segment of each copy of a partition open, and all that
 * are not deleted yet: three of them are counted. The embedded broker closes files to open others.
 */
export function filesNeeded({
  runtime,
  settings,
  replicas,
}: Pick<Patient, 'runtime' | 'settings' | 'replicas'>): number {
  if (runtime === 'embedded') return filesOfEmbedded
  return filesOfKafka + 3 * Math.ceil(replicas / settings.kafka.brokers)
}

/** The limit that servers started from here have, judged by what they need. */
export async function openFilesCheck(patient: Patient): Promise<Check> {
  const name = 'open files'
  const limit = await openFileLimit(patient)
  const needed = filesNeeded(patient)
  const need = `${needed} for ${patient.partitions} declared partitions`
  if (patient.runtime === 'docker')
    return { name, state: 'ok', fact: `${need} at most; containers have the limit of their engine` }
  if (limit === undefined) return { name, state: 'ok', fact: `${need} at most; there is no limit` }
  if (limit >= needed) return { name, state: 'ok', fact: `${limit} may be open; ${need} at most` }
  const remedy = 'allow more before `evplat up`: `ulimit -n 65536`'
  return { name, state: 'warning', fact: `only ${limit} may be open; ${need} may be needed`, remedy }
}

/** `ulimit -n` as a server would have it; undefined where there is no limit. */
async function openFileLimit({ env, signal }: Patient): Promise<number | undefined> {
  const { output } = await runProgram('/bin/sh', ['-c', 'ulimit -n'], { env, signal })
  const limit = Number.parseInt(output, 10)
  return Number.isNaN(limit) ? undefined : limit
}

const little = 1024 ** 3
const tooLittle = 64 * 1024 ** 2

/** Room on the disk of `.evplat`, or of the folder that it will be in. */
export async function diskCheck({ folder }: Pick<Patient, 'folder'>): Promise<Check> {
  const name = 'disk'
  const { root } = layoutOf(folder)
  const { bavail, bsize } = await statfs(root).catch(() => statfs(folder))
  const free = bavail * bsize
  const fact = `${roughSize(free)} free for ${root}`
  if (free >= little) return { name, state: 'ok', fact }
  const remedy = 'make room there, or work in another folder (`-C`)'
  return { name, state: free < tooLittle ? 'missing' : 'warning', fact: `only ${fact}`, remedy }
}
