// Values -> how to reach the cluster and the registry, by the rules that platform.yaml has for its environments.
import { resolve } from 'node:path'
import type { ClusterSettings, RegistrySettings, TlsSettings } from '../../core/connection-settings.ts'
import { takeUserInfo } from '../../core/user-info.ts'
import { failureText, readText } from '../../yaml/read-text.ts'
import { type Binding, tell } from './bind.ts'
import { variableName } from './names.ts'
import type { Bound } from './values.ts'

export interface Connecting extends Binding {
  readonly bound: Bound
  /** where paths start */
  readonly folder: string
}

/** The cluster; undefined where its addresses are not set, or something about it is wrong, which is reported. */
export async function clusterOf(to: Connecting): Promise<ClusterSettings | undefined> {
  const { values } = to.bound
  const [bootstrap, clusterId] = [values['kafka.bootstrapServers'], values['kafka.clusterId']]
  const tls = await tlsOf('kafka', to)
  const sasl = saslOf(to)
  if (bootstrap === undefined) return undefined
  return { bootstrap, ...(clusterId !== undefined && { clusterId }), ...(tls && { tls }), ...(sasl && { sasl }) }
}

const saslParts = ['mechanism', 'username', 'password'] as const

function saslOf(to: Connecting): ClusterSettings['sasl'] {
  const { values, winner } = to.bound
  const mechanism = values['kafka.sasl.mechanism']
  const username = values['kafka.sasl.username']
  const password = values['kafka.sasl.password']
  if (mechanism !== undefined && username !== undefined && password !== undefined)
    return { mechanism, username, password }
  const found = saslParts.flatMap((part) => winner(`kafka.sasl.${part}`) ?? [])
  const lacking = saslParts.filter((part) => !winner(`kafka.sasl.${part}`))
  if (found[0] && lacking[0] !== undefined)
    tell(to.report, found[0], {
      code: 'missing-key',
      message: `"kafka.sasl" lacks ${lacking.map((part) => `"${part}"`).join(' and ')}`,
      remedy: `set \`kafka.sasl.${lacking[0]}\` in application.yaml, or ${variableName(`kafka.sasl.${lacking[0]}`)}`,
    })
  return undefined
}

async function tlsOf(of: 'kafka' | 'schemaRegistry', to: Connecting): Promise<TlsSettings | undefined> {
  const { values, winner } = to.bound
  const isOn = values[`${of}.tls`]
  const file = values[`${of}.tls.ca`]
  const [on, ca] = [winner(`${of}.tls`), winner(`${of}.tls.ca`)]
  // `false` in front of a file that a later source names turns TLS off
  if (isOn === false && (!ca || on!.rank <= ca.rank)) return undefined
  if (file === undefined || !ca) return isOn === true ? {} : undefined
  const reading = await readText(resolve(to.folder, file), 1_000_000)
  if ('text' in reading && reading.text.includes('-----BEGIN CERTIFICATE-----')) return { ca: reading.text }
  tell(to.report, ca, {
    code: 'failure' in reading ? 'file-missing' : 'invalid-value',
    message: `the file "${file}" ${'failure' in reading ? failureText(reading.failure) : 'holds no certificate in PEM'}`,
    remedy: 'paths start at the folder of the service; the file holds lines from "-----BEGIN CERTIFICATE-----" on',
  })
  return {}
}

/** The registry; undefined where none is set, or something about it is wrong, which is reported. */
export async function registryOf(to: Connecting): Promise<RegistrySettings | undefined> {
  const { values, winner } = to.bound
  const tls = await tlsOf('schemaRegistry', to)
  if (values['schemaRegistry.url'] === undefined) return undefined
  const token = values['schemaRegistry.token']
  const given = { username: values['schemaRegistry.username'], password: values['schemaRegistry.password'] }
  const { url, username, password } = takeUserInfo({
    url: values['schemaRegistry.url'],
    ...(given.username !== undefined && { username: given.username }),
    ...(given.password !== undefined && { password: given.password }),
  })
  const place = winner('schemaRegistry.username') ?? winner('schemaRegistry.password') ?? winner('schemaRegistry.url')!
  const refuse = (message: string, remedy: string): void =>
    tell(to.report, place, { code: 'invalid-value', message: `the registry ${message}`, remedy })
  const lacking = username === undefined ? 'username' : 'password'
  if ((username === undefined) !== (password === undefined) && !winner(`schemaRegistry.${lacking}`))
    refuse('needs both "username" and "password"', 'give both, or none')
  else if (token !== undefined && username !== undefined)
    refuse('takes a token or a user, not both', 'take one of them out')
  return {
    url,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(token !== undefined && { token }),
    ...(tls && { tls }),
  }
}
