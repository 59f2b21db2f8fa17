// Asks the components of a service how they are: each with a deadline, and for a storm of probes only once.
import { messageOf } from '../../core/errors.ts'
import { endWithin } from '../clock.ts'
import type { Clock } from '../clock.ts'
import type { Health, HealthCheck, HealthGroup, HealthStatus } from './ports.ts'

export interface HealthOptions {
  readonly checks: readonly HealthCheck[]
  readonly clock: Clock
  /** a check that takes longer is DOWN */
  readonly timeoutMs: number
  /** an answer is good for so long */
  readonly cacheMs: number
}

export interface HealthReport {
  readonly status: HealthStatus
  readonly components: Readonly<Record<string, Health>>
}

export interface HealthReader {
  /** The checks of a group, or all of them. Never throws; ends within the time of one check. */
  read(group?: HealthGroup): Promise<HealthReport>
}

const worstFirst: readonly HealthStatus[] = ['DOWN', 'OUT_OF_SERVICE', 'UP']

/** DOWN before OUT_OF_SERVICE before UP; UP where there is nothing. */
export function worst(all: readonly HealthStatus[]): HealthStatus {
  return worstFirst.find((status) => all.includes(status)) ?? 'UP'
}

/** Reads the health of a service. Two checks of one name are told apart by nobody: the later one hides the earlier. */
export function healthReader(options: HealthOptions): HealthReader {
  const readers = options.checks.map((check) => ({ check, read: cached(options, () => ask(options, check)) }))
  return {
    async read(group) {
      const asked = readers.filter(({ check }) => group === undefined || check.groups.includes(group))
      const told = await Promise.all(asked.map(async ({ check, read }) => [check.name, await read()] as const))
      return { status: worst(told.map(([, health]) => health.status)), components: Object.fromEntries(told) }
    },
  }
}

async function ask({ clock, timeoutMs }: HealthOptions, check: HealthCheck): Promise<Health> {
  const ended = await endWithin(clock, timeoutMs, (signal) => check.check(signal))
  switch (ended.as) {
    case 'done':
      return ended.value
    case 'failed':
      return { status: 'DOWN', details: { error: messageOf(ended.thrown) } }
    case 'late':
      return { status: 'DOWN', details: { error: `no answer within ${timeoutMs} ms` } }
  }
}

/** Whoever asks while the question is under way, or shortly after, gets the same answer. */
function cached({ clock, cacheMs }: HealthOptions, read: () => Promise<Health>): () => Promise<Health> {
  let answer: Promise<Health> | undefined
  let goodUntil = Infinity
  return () => {
    if (answer !== undefined && clock.now() < goodUntil) return answer
    goodUntil = Infinity
    answer = read().finally(() => {
      goodUntil = clock.now() + cacheMs
    })
    return answer
  }
}
