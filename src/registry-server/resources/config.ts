// /config: the compatibility level of the registry and of subjects.
import { compatibilityLevels } from '../../avro/compatibility-level.ts'
import type { JsonObject } from '../../core/json.ts'
import type { Config, Scope } from '../content.ts'
import type { Call, Route } from '../http/routes.ts'
import type { Decision } from '../journal.ts'
import { refusals } from '../refusals.ts'
import { type RegistryState, configFor } from '../state.ts'
import { subjectName } from '../subject-name.ts'
import { checkWritable } from '../write-access.ts'
import { isSet } from './answers.ts'

export const configRoutes: readonly Route[] = [
  { method: 'GET', path: '/config', handle: ({ journal: { state } }) => ({ json: configOfRegistry(state) }) },
  { method: 'PUT', path: '/config', handle: (call) => putConfig(call, null) },
  { method: 'DELETE', path: '/config', handle: (call) => deleteConfig(call, null) },
  {
    method: 'GET',
    path: '/config/:subject',
    handle: ({ part, query, journal: { state } }) => {
      const subject = subjectName(part('subject'))
      const own = state.configs.get(subject)
      if (own === undefined && !isSet(query, 'defaultToGlobal')) throw refusals.noLevelOfItsOwn(subject)
      return { json: { ...(isSet(query, 'defaultToGlobal') && configOfRegistry(state)), ...own } }
    },
  },
  { method: 'PUT', path: '/config/:subject', handle: (call) => putConfig(call, subjectName(call.part('subject'))) },
  {
    method: 'DELETE',
    path: '/config/:subject',
    handle: (call) => deleteConfig(call, subjectName(call.part('subject'))),
  },
]

/** What holds for the whole registry; `normalize` only where it was set. */
function configOfRegistry(state: RegistryState): Config {
  return { compatibilityLevel: configFor(state, null).compatibilityLevel, ...state.configs.get(null) }
}

/** Sets the fields that the body names and keeps the others. */
async function putConfig({ body, journal }: Call, scope: Scope): Promise<{ json: JsonObject }> {
  const given = readConfig(body)
  await journal.write((state) => {
    checkWritable(state, scope)
    const config = { ...state.configs.get(scope), ...given }
    return { records: [{ kind: 'config', scope, config }], answer: undefined }
  })
  const { compatibilityLevel, ...others } = given
  return { json: { ...(compatibilityLevel && { compatibility: compatibilityLevel }), ...others } }
}

async function deleteConfig({ journal }: Call, scope: Scope): Promise<{ json: JsonObject }> {
  const decide = (state: RegistryState): Decision<Config> => {
    if (scope !== null && !state.configs.has(scope)) throw refusals.subjectNotFound(scope)
    checkWritable(state, scope)
    const before = scope === null ? configOfRegistry(state) : state.configs.get(scope)!
    return { records: [{ kind: 'config', scope, config: null }], answer: before }
  }
  return { json: await journal.write(decide) }
}

const notBuilt = [
  'alias',
  'compatibilityGroup',
  'compatibilityPolicy',
  'defaultMetadata',
  'overrideMetadata',
  'defaultRuleSet',
  'overrideRuleSet',
  'validateFields',
  'validateNewSchemas',
]

/** Throws 42203 for no or an unknown level, 501 for settings that would change what the registry answers and are not built. */
function readConfig(body: JsonObject): Config {
  for (const name of notBuilt) if (body[name]) throw refusals.notBuilt(`The setting "${name}"`)
  const { compatibility = null, normalize } = body
  const onlyNormalize = compatibility === null && typeof normalize === 'boolean'
  const name = typeof compatibility === 'string' ? compatibility.toUpperCase() : undefined
  const level = compatibilityLevels.find((known) => known === name)
  if (!level && !onlyNormalize) throw refusals.invalidLevel()
  return { ...(level && { compatibilityLevel: level }), ...(typeof normalize === 'boolean' && { normalize }) }
}
