// The end of a service: steps in order under one hard deadline, whatever hangs or throws.
import { messageOf } from '../core/errors.ts'
import { endWithin } from './clock.ts'
import type { Clock } from './clock.ts'
import type { Log } from './definition.ts'

export interface ShutdownStep {
  readonly name: string
  /** Gets the time that it may take, and a signal that aborts when that is over. */
  run(timeoutMs: number, signal: AbortSignal): void | Promise<void>
  /** what the steps before it must leave for it; 0 without it */
  readonly reserveMs?: number
}

export interface ShutdownOptions {
  readonly steps: readonly ShutdownStep[]
  /** for all steps together */
  readonly deadlineMs: number
  readonly clock: Clock
  readonly log: Log
}

/** `code` is the exit code: 0 all was done, 1 something was not or the service ended by an error, 130 a second signal cut it short. */
export interface ShutdownOutcome {
  readonly code: 0 | 1 | 130
  readonly unfinished: readonly { readonly step: string; readonly why: string }[]
}

/** Why a service ends: a signal, or an error that no patience helps against. */
export type ShutdownReason = { readonly signal: string } | { readonly error: unknown }

/**
 * What ends a service. The first call begins, each one returns the same outcome, and a second signal ends it at once.
 * The outcome always comes: at the deadline at the latest. Who gets it exits, since what hangs may still hold the process.
 */
export function shutdownOf(options: ShutdownOptions): (reason: ShutdownReason) => Promise<ShutdownOutcome> {
  const cut = new AbortController()
  let isFailed = false
  let outcome: Promise<ShutdownOutcome> | undefined
  return (reason) => {
    if ('error' in reason) {
      isFailed = true
      options.log.error({ error: messageOf(reason.error) }, 'the service ends by an error')
    }
    if (outcome === undefined) {
      if ('signal' in reason) options.log.info({ signal: reason.signal }, 'the service ends')
      outcome = runSteps(options, cut.signal).then((unfinished) => {
        const code = cut.signal.aborted ? 130 : isFailed || unfinished.length > 0 ? 1 : 0
        return { code, unfinished }
      })
    } else if ('signal' in reason) cut.abort()
    return outcome
  }
}

async function runSteps(
  { steps, deadlineMs, clock, log }: ShutdownOptions,
  cut: AbortSignal,
): Promise<ShutdownOutcome['unfinished']> {
  const end = clock.now() + deadlineMs
  const unfinished: { step: string; why: string }[] = []
  for (const [index, step] of steps.entries()) {
    const timeoutMs = shareOf(end - clock.now(), steps.slice(index + 1))
    const why = cut.aborted ? 'cut short by a second signal' : await whyUnfinished(clock, { ...step, timeoutMs }, cut)
    if (why === undefined) continue
    unfinished.push({ step: step.name, why })
    log.warn({ step: step.name, why }, 'a step of the shutdown did not end well')
  }
  return unfinished
}

/** What a step may take of the time that is left: all but what later steps need, and never less than an even share. */
function shareOf(leftMs: number, later: readonly ShutdownStep[]): number {
  const reserved = later.reduce((sum, step) => sum + (step.reserveMs ?? 0), 0)
  return Math.max(0, leftMs - reserved, leftMs / (later.length + 1))
}

async function whyUnfinished(
  clock: Clock,
  step: ShutdownStep & { readonly timeoutMs: number },
  cut: AbortSignal,
): Promise<string | undefined> {
  const { timeoutMs } = step
  const ended = await endWithin(clock, timeoutMs, (signal) => step.run(timeoutMs, signal), cut)
  if (ended.as === 'failed') return messageOf(ended.thrown)
  if (ended.as === 'done') return undefined
  return cut.aborted ? 'cut short by a second signal' : `not done within ${Math.round(timeoutMs)} ms`
}

/** What a service has to let go of, each from another engineer's hand. */
export interface ShutdownParts {
  /** from here on readiness is OUT_OF_SERVICE */
  refuseTraffic(): void
  /** for load balancers to notice that, in milliseconds */
  readonly graceMs: number
  /** No new connections; ends when the requests under way have their answers. */
  stopHttp(timeoutMs: number, signal: AbortSignal): Promise<void>
  /** No new records; waits for handlers, commits what they did, leaves the group. */
  stopConsumers(timeoutMs: number, signal: AbortSignal): Promise<void>
  flushProducer(timeoutMs: number, signal: AbortSignal): Promise<void>
  /** probes are answered up to here */
  stopManagement(timeoutMs: number, signal: AbortSignal): Promise<void>
  /** the author's own */
  onStop?(): void | Promise<void>
  flushLogs(timeoutMs: number, signal: AbortSignal): void | Promise<void>
}

/** The steps in the order in which nothing is lost: handlers may still send while they drain, and onStop may still log. */
export function shutdownSteps(parts: ShutdownParts, clock: Clock): readonly ShutdownStep[] {
  const onStop = parts.onStop?.bind(parts)
  return [
    { name: 'readiness', run: () => parts.refuseTraffic() },
    { name: 'grace', run: (timeoutMs) => pause(clock, Math.min(parts.graceMs, timeoutMs / 2)) },
    { name: 'http', run: (timeoutMs, signal) => parts.stopHttp(timeoutMs, signal), reserveMs: 1000 },
    { name: 'consumers', run: (timeoutMs, signal) => parts.stopConsumers(timeoutMs, signal), reserveMs: 5000 },
    { name: 'producer', run: (timeoutMs, signal) => parts.flushProducer(timeoutMs, signal), reserveMs: 2000 },
    ...(onStop ? [{ name: 'onStop', run: () => onStop(), reserveMs: 1000 }] : []),
    { name: 'management', run: (timeoutMs, signal) => parts.stopManagement(timeoutMs, signal), reserveMs: 500 },
    { name: 'logs', run: (timeoutMs, signal) => parts.flushLogs(timeoutMs, signal), reserveMs: 500 },
  ]
}

function pause(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(ms, resolve)
  })
}
