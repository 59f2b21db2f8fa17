// What stands under `app` -> the service's own configuration, by its schema.
import { EvplatError } from '../../core/errors.ts'
import { type Finding, sortFindings } from '../../core/finding.ts'
import type { Setting, SettingsFacts } from '../actuator/ports.ts'
import type { ConfigSchema } from '../define-service.ts'
import { variableName } from './names.ts'
import {
  type AppValues,
  type Issue,
  type Readings,
  maxRounds,
  nearest,
  otherReadings,
  stepsOf,
  withReadings,
} from './readings.ts'

/**
 * The values as the schema gives them back; as they stand, without one. Throws `settings-invalid` with the place of each problem.
 * What is written without quotes may be a number or text (`1234` as a password), and outside of files a list with commas: where the
 * schema refuses the one, the others are tried.
 */
export async function configOf<Config>(
  schema: ConfigSchema<Config> | undefined,
  app: AppValues,
  facts: SettingsFacts,
): Promise<Config> {
  // without a schema nothing says what a configuration is
  if (!schema) return app as Config
  const { validate } = schema['~standard']
  let readings: Readings = new Map()
  let result = await validate(app)
  for (let round = 0; result.issues && round < maxRounds; round++) {
    const next = otherReadings(result.issues, readings, facts)
    if (!next) break
    readings = next
    result = await validate(withReadings(app, readings, facts))
  }
  if (!result.issues) return result.value
  const findings = result.issues.flatMap((issue) => findingsOf(issue, facts))
  const count = findings.length === 1 ? 'an error' : `${findings.length} errors`
  throw new EvplatError('settings-invalid', `the settings under "app" have ${count}`, {
    findings: sortFindings(findings),
  })
}

function findingsOf(issue: Issue, { found }: SettingsFacts): Finding[] {
  const steps = stepsOf(issue)
  const all = issue.keys && issue.keys.length > 0 ? issue.keys.map((key) => [...steps, key]) : [steps]
  return all.map((path) => findingOf(path, issue, found))
}

function findingOf(steps: readonly string[], { message }: Issue, found: readonly Setting[]): Finding {
  const name = ['app', ...steps].join('.')
  const setting = nearest(found, steps) ?? found.find((each) => each.name.startsWith(`${name}.`))
  if (!setting)
    return {
      severity: 'error',
      code: 'missing-key',
      message: `"${name}" is missing: ${message}`,
      remedy: `write it into application.yaml, or set ${variableName(name)}`,
    }
  // a schema may quote the value
  const fact = `"${name}" is not what the service takes${setting.isSecret ? '' : `: ${message}`}`
  const told = setting.at ? fact : `${setting.origin}: ${fact}`
  const remedy = 'the schema is `config` of `defineService`'
  return { severity: 'error', code: 'invalid-value', message: told, remedy, ...(setting.at && { at: setting.at }) }
}
