// The configuration as an operator may see it: every value with its place, no secret ever.
import type { Setting, SettingsFacts } from './ports.ts'

export const hidden = '******'
const secretName = /passw|secret|token|credential|passphrase|private|sasl\.jaas|api-?_?key|(^|[._-])keys?$/i

/** Whether a name sounds like that of a secret. */
export const isSecretName = (name: string): boolean => secretName.test(name)

const userInAddress = /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi

/** The value as it may be shown: hidden where it is a secret by declaration or by name, without user and password in addresses. */
export function shown({ name, value, isSecret }: Setting): unknown {
  if (isSecret || isSecretName(name)) return value === undefined || value === null ? value : hidden
  return harmless(value)
}

/** Without user and password in addresses. */
export const withoutUsers = (text: string): string => text.replace(userInAddress, `$1${hidden}@`)

function harmless(value: unknown): unknown {
  if (typeof value === 'string') return withoutUsers(value)
  if (typeof value === 'bigint') return String(value)
  if (Array.isArray(value)) return value.map(harmless)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      shown({ name, value: inner, isSecret: false, origin: '', source: '' }),
    ]),
  )
}

/** `/actuator/env`: all values that were found, by where they come from; what comes first wins. */
export function envBody({ profiles, found }: SettingsFacts): object {
  const sources = [...new Set(found.map(({ source }) => source))]
  const propertySources = sources.map((source) => ({
    name: source,
    properties: Object.fromEntries(
      found
        .filter((setting) => setting.source === source)
        .map((setting) => [setting.name, { value: shown(setting), origin: setting.origin }]),
    ),
  }))
  return { activeProfiles: profiles, propertySources }
}

/** `/actuator/configprops`: the values that hold, by the first part of their names. */
export function configpropsBody(service: string, { effective }: SettingsFacts): object {
  const prefixes = [...new Set(effective.map(({ name }) => prefixOf(name)))]
  const beans = prefixes.map((prefix) => [
    prefix,
    {
      prefix,
      properties: Object.fromEntries(
        effective
          .filter(({ name }) => prefixOf(name) === prefix)
          .map((setting) => [setting.name, { value: shown(setting), origin: setting.origin, source: setting.source }]),
      ),
    },
  ])
  return { contexts: { [service]: { beans: Object.fromEntries(beans) } } }
}

const prefixOf = (name: string): string => name.split('.')[0]!
