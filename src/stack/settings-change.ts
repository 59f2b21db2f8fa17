// What of the declared stack differs from the one that runs, or from the one that wrote the data.
import { EvplatError } from '../core/errors.ts'
import type { StackSettings } from '../platform/platform.ts'
import type { RuntimeName } from './runtime.ts'
import type { StackRecord } from './stack-file.ts'

/** One difference for people: `kafka.version 3.9 -> 4.3`. */
function difference(name: string, before: unknown, now: unknown): string[] {
  return before === now ? [] : [`${name} ${before} -> ${now}`]
}

/** Every setting that a running stack does not have as it is declared. A port that may be any is as it should be. */
export function changedSettings(record: StackRecord, settings: StackSettings): string[] {
  const { kafka, ports } = record
  const port = (name: string, before: number, now: number | 'auto'): string[] =>
    now === 'auto' ? [] : difference(name, before, now)
  return [
    ...difference('kafka.version', kafka.version, settings.kafka.version),
    ...difference('kafka.coordination', kafka.coordination, settings.kafka.coordination),
    ...difference('kafka.brokers', kafka.brokers, settings.kafka.brokers),
    ...port('ports.kafka', ports.brokers[0]!, settings.ports.kafka),
    ...port('ports.registry', ports.registry, settings.ports.registry),
    ...settings.services.flatMap((name) => {
      const before = ports.services?.[name]
      return before === undefined ? [`${name} is new`] : port(`ports.${name}`, before, settings.ports[name])
    }),
  ]
}

/** Every setting with which Kafka could not go on with the data that is there. In containers brokers may join those that have it. */
export function settingsAgainstData(record: StackRecord, settings: StackSettings): string[] {
  const { kafka, runtime } = record
  const isJoined = runtime === 'docker' && settings.kafka.brokers > kafka.brokers
  const isOlder = settings.kafka.version.localeCompare(kafka.version, 'en', { numeric: true }) < 0
  return [
    ...(isOlder ? difference('kafka.version', kafka.version, settings.kafka.version) : []),
    ...difference('kafka.coordination', kafka.coordination, settings.kafka.coordination),
    ...(isJoined ? [] : difference('kafka.brokers', kafka.brokers, settings.kafka.brokers)),
  ]
}

const factOf = (changes: readonly string[], isRunning: boolean): string =>
  `the stack ${isRunning ? 'runs' : 'has data that was written'} with other settings: ${changes.join(', ')}`

/** Throws `stack-changed` when the stack, running or as data, is one of another runtime: it is never passed over for an empty one. */
export function requireSameRuntime(
  before: RuntimeName | undefined,
  { settings, runtime, isRunning }: { settings: StackSettings; runtime: RuntimeName; isRunning: boolean },
): void {
  if (before === undefined || before === runtime) return
  const changes = difference('runtime', before, runtime)
  const at = settings.places?.runtime ?? settings.at
  throw new EvplatError('stack-changed', factOf(changes, isRunning), {
    ...(at && { at }),
    hint: `write \`runtime: ${before}\` to go on with it; or delete it with its data by \`evplat down --volumes\`, then \`evplat up\``,
    details: { changes },
  })
}

/** Throws `stack-changed` when the containers and volumes of the stack are those of another name: nobody would ever ask for them again. */
export function requireSameProject({ project }: StackRecord, now: string, { at }: StackSettings): void {
  if (project === undefined || project === now) return
  const changes = difference('name', project, now)
  throw new EvplatError('stack-changed', factOf(changes, false), {
    ...(at && { at }),
    hint: `write \`name: ${project}\` to go on with it; or delete it with its data by \`evplat down --volumes\`, then \`evplat up\``,
    details: { changes },
  })
}

/** Throws `stack-changed` when the declared settings need the running stack, or its data, to go first. */
export function requireFitting(record: StackRecord, settings: StackSettings, isRunning: boolean): void {
  const against = isRunning ? changedSettings : settingsAgainstData
  const changes = against(record, settings)
  if (changes.length === 0) return
  const needsNewData = settingsAgainstData(record, settings).length > 0
  const at = settings.at && { at: settings.at }
  throw new EvplatError('stack-changed', factOf(changes, isRunning), {
    ...at,
    hint: needsNewData
      ? 'delete it with its data by `evplat down --volumes`, then `evplat up`; or take the change back'
      : 'stop it with `evplat down`, then `evplat up`',
    details: { changes },
  })
}
