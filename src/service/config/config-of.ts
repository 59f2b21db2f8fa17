// What stands under `app` -> the service's own configuration, by its schema.
import { EvplatError } from '../../core/errors.ts'
import { type Finding, sortFindings } from '../../core/finding.ts'
import type { Json } from '../../core/json.ts'
import type { Setting, SettingsFacts } from '../actuator/ports.ts'
import type { ConfigSchema } from '../define-service.ts'
import { commaParts } from './kinds.ts'
import { variableName } from './names.ts'

interface Issue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
  /** what zod and others name beside the path of their parent */
  readonly keys?: readonly string[]
}

type Values = Readonly<Record<string, Json>>

/**
 * The values as the schema gives them back; as they stand, without one. Throws `settings-invalid` with the place of each problem.
 * What is written without quotes may be a number or text (`1234` as a password): where the schema refuses the one, the other is tried.
 */
export async function configOf<Config>(
  schema: ConfigSchema<Config> | undefined,
  app: Values,
  facts: SettingsFacts,
): Promise<Config> {
  // without a schema nothing says what a configuration is
  if (!schema) return app as Config
  const { validate } = schema['~standard']
  const first = await validate(app)
  if (!first.issues) return first.value
  const texts = withTexts(app, first.issues, facts)
  const second = texts ? await validate(texts) : first
  if (!second.issues) return second.value
  const findings = second.issues.flatMap((issue) => findingsOf(issue, facts))
  const count = findings.length === 1 ? 'an error' : `${findings.length} errors`
  throw new EvplatError('settings-invalid', `the settings under "app" have ${count}`, {
    findings: sortFindings(findings),
  })
}

const stepsOf = ({ path = [] }: Issue): string[] =>
  path.map((step) => String(typeof step === 'object' ? step.key : step))

/** The values with the text of those that the issues name, where they were read as something else; undefined where there are none. */
function withTexts(app: Values, issues: readonly Issue[], { found }: SettingsFacts): Values | undefined {
  const copy = structuredClone(app) as Record<string, Json>
  let isChanged = false
  for (const issue of issues) {
    const steps = stepsOf(issue)
    const text = textAt(found, steps)
    const last = steps.pop()
    let holder: Json | undefined = copy
    for (const step of steps) holder = (holder as Record<string, Json> | undefined)?.[step]
    if (text === undefined || last === undefined || typeof holder !== 'object' || holder === null) continue
    const values = holder as Record<string, Json>
    if (!Object.hasOwn(values, last) || values[last] === text) continue
    values[last] = text
    isChanged = true
  }
  return isChanged ? copy : undefined
}

/** The text that was found at a path, also within a list, which may be a text with commas. */
function textAt(found: readonly Setting[], steps: readonly string[]): string | undefined {
  const setting = nearest(found, steps)
  let value: unknown = setting?.value
  for (const step of steps.slice(setting ? setting.name.split('.').length - 1 : 0)) {
    const holder: unknown = typeof value === 'string' ? commaParts(value) : value
    value = typeof holder === 'object' && holder !== null ? (holder as Record<string, unknown>)[step] : undefined
  }
  return typeof value === 'string' ? value : undefined
}

/** What was found for a path, or for the nearest thing above it. */
function nearest(found: readonly Setting[], steps: readonly string[]): Setting | undefined {
  for (let depth = steps.length; depth > 0; depth--) {
    const name = ['app', ...steps.slice(0, depth)].join('.')
    const setting = found.find((each) => each.name === name)
    if (setting) return setting
  }
  return undefined
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
