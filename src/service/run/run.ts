// `await run(service)`: a service as a program. The one place of the library that reads the process, prints, and exits.
import { dirname } from 'node:path'
import { errorKinds } from '../../core/error-codes.ts'
import { errorLines } from '../../core/error-lines.ts'
import { EvplatError } from '../../core/errors.ts'
import { createStyle } from '../../core/style.ts'
import { withoutUserInfo } from '../../core/user-info.ts'
import { ownDriver } from '../../kafka/driver/own-driver.ts'
import { configOf } from '../config/config-of.ts'
import { readSettings } from '../config/read-settings.ts'
import type { ServiceDefinition } from '../define-service.ts'
import type { Topics } from '../definition.ts'
import { createLogs } from '../logging/create-logs.ts'
import type { ShutdownReason } from '../shutdown.ts'
import { type RunningService, startService } from '../start/start-service.ts'
import { packageOf } from './package-of.ts'

/**
 * Runs the service until it is told to end: by SIGTERM, SIGINT, or the end of `evplat dev` that started it. Then the process exits: 0
 * when everything was handled and committed, 1 when not or when an error ended it, 130 when a second signal cut it short. A service
 * that can't start says why and exits with the code of the error (docs/errors.md).
 */
export async function run<T extends Topics, Config>(definition: ServiceDefinition<T, Config>): Promise<void> {
  // who reads the log may go away; the service goes on
  process.stdout.on('error', () => undefined)
  process.stderr.on('error', () => undefined)
  let running: RunningService | undefined
  const early: ShutdownReason[] = []
  const end = (reason: ShutdownReason): void => {
    if (running) void endBy(running, reason)
    else if (early.push(reason) > 1 || 'error' in reason) exitOf(reason)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => end({ signal }))
  process.on('disconnect', () => end({ signal: 'the end of `evplat dev`' }))
  for (const event of ['uncaughtException', 'unhandledRejection'] as const)
    process.on(event, (error: unknown) => end({ error }))
  try {
    running = await start(definition)
  } catch (thrown) {
    return exitWith(tellError(thrown))
  }
  running.failed.catch((error: unknown) => end({ error }))
  for (const reason of early) end(reason)
}

async function start<T extends Topics, Config>(definition: ServiceDefinition<T, Config>): Promise<RunningService> {
  const { env, argv, stdout, version: node } = process
  const { folder, version } = await packageOf(dirname(argv[1] ?? '.'))
  const { service, topics } = definition
  const { settings, facts } = await readSettings({ folder, env, args: argv.slice(2), service, topics })
  const config = await configOf(definition.config, settings.app, facts)
  const logs = createLogs({
    service: service.name,
    ...settings.logging,
    colour: wantsColour(env, stdout.isTTY),
    write: (text) => void stdout.write(text),
    written: () => new Promise((resolve) => stdout.write('', () => resolve())),
  })
  return startService(definition, config, {
    settings,
    facts,
    logs,
    info: { name: service.name, version, node },
    driver: ownDriver,
  })
}

/** NO_COLOR and FORCE_COLOR before what the terminal can. */
function wantsColour({ NO_COLOR, FORCE_COLOR }: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '0') return true
  return isTerminal
}

async function endBy(running: RunningService, reason: ShutdownReason): Promise<void> {
  const { code } = await running.stop(reason)
  exitWith(code)
}

/** Nothing runs yet: there is nothing to end in order. */
function exitOf(reason: ShutdownReason): void {
  exitWith('error' in reason ? tellError(reason.error) : 130)
}

/** Says what kept the service from starting; returns the exit code of it. */
function tellError(thrown: unknown): number {
  const { stderr, env } = process
  const isKnown = thrown instanceof EvplatError
  const stack = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
  const lines = isKnown ? errorLines(thrown, createStyle(wantsColour(env, stderr.isTTY))) : [stack]
  stderr.write(`${withoutUserInfo(lines.join('\n'))}\n`)
  return isKnown ? errorKinds[thrown.code].exit : 1
}

/** What was written is out before the process ends. */
function exitWith(code: number): void {
  process.stdout.write('', () => process.exit(code))
}
