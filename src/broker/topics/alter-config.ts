// Changes of configs as IncrementalAlterConfigs (KIP-339) and the older AlterConfigs ask for them: what would be set in the end.
import { brokerConfig } from './broker-config-table.ts'
import type { BrokerConfigs, Overrides } from './broker-configs.ts'
import type { ConfigDefinition } from './config-definition.ts'
import { parseConfig } from './config-value.ts'
import { topicConfigProblem } from './topic-config.ts'
import { topicConfig } from './topic-config-table.ts'
import type { Problem } from './topics.ts'

/** The operations of KIP-339 by their numbers. */
export const operations = { set: 0, delete: 1, append: 2, subtract: 3 } as const

export interface Operation {
  readonly name: string
  readonly operation: number
  readonly value: string | null
}

/** How a kind of resource knows its keys, and refuses list operations on others. */
export interface Keys {
  definition(name: string): ConfigDefinition | undefined
  notAList(name: string, operation: 'append' | 'subtract'): string
}

export const topicKeys: Keys = {
  definition: topicConfig,
  notAList: (name, operation) => `Can't ${operation.toUpperCase()} to key ${name} because its type is not LIST.`,
}

export const brokerKeys: Keys = {
  definition: brokerConfig,
  notAList: (name, operation) => `Config value ${operation} is not allowed for config key: ${name}`,
}

const invalidRequest = (message: string): Problem => ({ error: 'INVALID_REQUEST', message })
const invalidConfig = (message: string): Problem => ({ error: 'INVALID_CONFIG', message })

/** What is wrong with a list of changes, whatever it is for. */
export function changesProblem(changes: readonly Operation[]): Problem | undefined {
  const nulls = changes.filter(({ operation, value }) => value === null && operation !== operations.delete)
  if (nulls.length > 0)
    return invalidRequest(`Null value not supported for : ${nulls.map(({ name }) => name).join(',')}`)
  if (new Set(changes.map(({ name }) => name)).size < changes.length)
    return invalidRequest('Error due to duplicate config keys')
  return undefined
}

function parts(list: string): string[] {
  return list.split(',').filter((part) => part !== '')
}

function appended(list: string, more: string): string {
  return [...new Set([...parts(list), ...parts(more)])].join(',')
}

function subtracted(list: string, less: string): string {
  const gone = new Set(parts(less))
  return parts(list)
    .filter((part) => !gone.has(part))
    .join(',')
}

/** What is set after the changes; lists start from what is set, else from the default of the key. */
export function changed(current: Overrides, changes: readonly Operation[], keys: Keys): Overrides | Problem {
  const next = new Map(current)
  for (const { name, operation, value } of changes) {
    const given = value ?? ''
    if (operation === operations.set) next.set(name, given)
    else if (operation === operations.delete) next.delete(name)
    else if (operation === operations.append || operation === operations.subtract) {
      const isAppend = operation === operations.append
      const definition = keys.definition(name)
      if (definition?.type !== 'LIST') return invalidConfig(keys.notAList(name, isAppend ? 'append' : 'subtract'))
      const list = current.get(name) ?? definition.default ?? ''
      next.set(name, isAppend ? appended(list, given) : subtracted(list, given))
    } else return { error: 'UNKNOWN_SERVER_ERROR', message: null }
  }
  return next
}

/** What is wrong with what a topic would be set to. */
export function topicProblem(overrides: Overrides, broker: BrokerConfigs): Problem | undefined {
  const message = topicConfigProblem(overrides, broker)
  return message === undefined ? undefined : invalidConfig(message)
}

/** What is wrong with what the broker would be set to; only what is new or different has to be changeable. */
export function brokerProblem(next: Overrides, current: Overrides): Problem | undefined {
  const fixed = [...next.keys()].filter((name) => brokerConfig(name)?.readOnly !== false)
  const touched = fixed.filter((name) => next.get(name) !== current.get(name))
  if (touched.length > 0) return invalidRequest(`Cannot update these configs dynamically: Set(${touched.join(', ')})`)
  for (const [name, value] of next) {
    const definition = brokerConfig(name)
    const parsed = definition ? parseConfig(definition, value) : undefined
    if (parsed && 'invalid' in parsed) return invalidRequest(parsed.invalid)
  }
  return undefined
}
