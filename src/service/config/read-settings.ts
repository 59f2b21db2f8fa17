// `readSettings`: every source of a service's settings into one value, or everything that is wrong with them at once.
import { didYouMean } from '../../core/did-you-mean.ts'
import { EvplatError } from '../../core/errors.ts'
import { type Finding, sortFindings } from '../../core/finding.ts'
import { type Report, createReport } from '../../yaml/report.ts'
import type { SettingsFacts } from '../actuator/ports.ts'
import type { DeclaredService, Topics } from '../definition.ts'
import { tell } from './bind.ts'
import { type Connecting, clusterOf, registryOf } from './connections.ts'
import { foundSetting } from './facts.ts'
import { limitsOf, logLevelsOf, managementOf, producerOf, serverOf } from './parts.ts'
import type { ServiceSettings } from './settings.ts'
import { type Sources, readSources } from './sources.ts'
import { type Bound, bindValues } from './values.ts'
import type { Variables } from './variable-source.ts'

export interface SettingsInput {
  /** of the service's package, absolute */
  readonly folder: string
  readonly env: Variables
  /** without the program and its file */
  readonly args: readonly string[]
  readonly service: DeclaredService
  readonly topics: Topics
}

export interface ReadSettings {
  readonly settings: ServiceSettings
  readonly facts: SettingsFacts
  readonly profiles: readonly string[]
  readonly isProduction: boolean
}

/** Reads the settings of a service. Throws `settings-invalid` with all problems and their places. */
export async function readSettings(input: SettingsInput): Promise<ReadSettings> {
  const report = createReport()
  const produced = Object.keys(input.topics).filter((name) => input.topics[name]!.produced)
  const sources = await readSources({ ...input, topics: produced }, report)
  const { found, variables, profiles, isProduction } = sources
  const bound = bindValues(found, isProduction, { variables, report })
  tellUnknownTopics(bound, produced, report)
  const to: Connecting = { bound, folder: input.folder, variables, report }
  const kafka = await clusterOf(to)
  const registry = await registryOf(to)
  refuse(input.service, [...report.findings, ...absences(report, bound, sources, input.topics)])
  const settings: ServiceSettings = {
    server: serverOf(bound),
    management: managementOf(bound),
    // refused above without one
    kafka: kafka!,
    registry,
    producer: producerOf(bound),
    listener: limitsOf(bound),
    logging: { format: bound.values['logging.format'], levels: logLevelsOf(bound) },
    app: bound.app,
  }
  const facts = { profiles, effective: bound.effective, found: found.map((each) => foundSetting(each, variables)) }
  return { settings, facts, profiles, isProduction }
}

/** Throws for the findings, where there are any; one alone that has no place is the error itself. */
function refuse({ name }: DeclaredService, findings: readonly Finding[]): void {
  const [first] = findings
  if (!first) return
  if (findings.length === 1 && first.code === 'missing-key' && !first.at && first.remedy !== undefined)
    throw new EvplatError('settings-invalid', first.message, { hint: first.remedy })
  const count = findings.length === 1 ? 'an error' : `${findings.length} errors`
  throw new EvplatError('settings-invalid', `the settings of service "${name}" have ${count}`, {
    findings: sortFindings(findings),
  })
}

/** What is not set; not told of a file that can't be read, where it may be set. */
function absences({ findings }: Report, bound: Bound, sources: Sources, topics: Topics): Finding[] {
  if (findings.some(({ code }) => code.startsWith('yaml-') && code !== 'yaml-duplicate-key')) return []
  return [...absentKafka(bound, sources), ...absentRegistry(bound, topics)]
}

function absentKafka({ winner }: Bound, { isProduction }: Sources): Finding[] {
  if (winner('kafka.bootstrapServers')) return []
  const message = isProduction
    ? 'no Kafka is set: "kafka.bootstrapServers" has no value, and production takes no local stack'
    : 'no Kafka is set: "kafka.bootstrapServers" has no value, and no local stack is there'
  const set = 'set `kafka.bootstrapServers` in application.yaml, or KAFKA_BOOTSTRAP_SERVERS'
  const remedy = isProduction ? set : `\`evplat up\` in the folder of the platform, or ${set}`
  return [{ severity: 'error', code: 'missing-key', message, remedy }]
}

function absentRegistry({ winner }: Bound, topics: Topics): Finding[] {
  // without a cluster that is the lesser of two
  if (winner('schemaRegistry.url') || !winner('kafka.bootstrapServers')) return []
  const name = Object.keys(topics).find((each) => [topics[each]!.key.kind, topics[each]!.value.kind].includes('avro'))
  if (name === undefined) return []
  const message = `no Schema Registry is set, and topic "${name}" has an Avro schema: "schemaRegistry.url" has no value`
  const remedy = 'set `schemaRegistry.url` in application.yaml, or SCHEMA_REGISTRY_URL'
  return [{ severity: 'error', code: 'missing-key', message, remedy }]
}

function tellUnknownTopics({ below, winner }: Bound, produced: readonly string[], report: Report): void {
  for (const topic of Object.keys(below('producer.keys')))
    if (!produced.includes(topic))
      tell(report, winner(`producer.keys.${topic}`)!, {
        code: 'invalid-value',
        message: `"producer.keys" names "${topic}", which the service does not produce`,
        remedy: didYouMean(topic, produced) || `it produces ${produced.join(', ') || 'nothing'}`,
      })
}
