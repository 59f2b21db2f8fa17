// `environments` of platform.yaml -> the Environment that was chosen.
import { resolve } from 'node:path'
import { takeUserInfo } from '../core/user-info.ts'
import type { ClusterSettings, RegistrySettings, TlsSettings } from '../core/connection-settings.ts'
import { type Located, keyPlaceOf, placeOf, shown, shownAt } from './located.ts'
import type { Environment } from './platform.ts'
import { failureText, readText } from '../yaml/read-text.ts'
import type { Report } from '../yaml/report.ts'
import type { EnvironmentInput, TlsInput } from './shape-environments.ts'
import { type Path, keysAt, nodeAt } from '../yaml/tree.ts'

export const localEnvironment = 'local'

/** Names of all environments, `local` first. */
export function environmentNames({ root }: Pick<Located, 'root'>): string[] {
  return [localEnvironment, ...keysAt(root, ['environments']).filter((name) => name !== localEnvironment)]
}

/** A name is typed after `--env`, and stands in messages and file names. */
export function checkEnvironmentNames(file: Located, report: Report): void {
  for (const name of keysAt(file.root, ['environments']))
    if (!/^[A-Za-z\d][\w.-]{0,62}$/.test(name))
      report.error({
        code: 'invalid-name',
        at: keyPlaceOf(file, ['environments', name]),
        message: `an environment cannot be called ${shown(name)}`,
        remedy: 'letters, digits, dots and dashes, at most 63; for example `staging`',
      })
}

interface Reading {
  readonly file: Located
  /** the folder of platform.yaml, absolute */
  readonly folder: string
  readonly report: Report
}

/** The chosen environment with its files read. `input` is undefined for `local`. */
export async function readEnvironment(
  name: string,
  input: EnvironmentInput | undefined,
  reading: Reading,
): Promise<Environment> {
  if (!input) return { name }
  const path = ['environments', name]
  const registry = input.registry && (await readRegistry(input.registry, [...path, 'registry'], reading))
  return { name, cluster: await readCluster(input.kafka, [...path, 'kafka'], reading), ...(registry && { registry }) }
}

type KafkaInput = EnvironmentInput['kafka']

async function readCluster(input: KafkaInput, path: Path, reading: Reading): Promise<ClusterSettings> {
  const tls = await readTls(input.tls, [...path, 'tls'], reading)
  return {
    bootstrap: input.bootstrap.flat(),
    ...(input.clusterId !== undefined && { clusterId: input.clusterId }),
    ...(tls && { tls }),
    ...(input.sasl && { sasl: input.sasl }),
  }
}

async function readTls(input: TlsInput | undefined, path: Path, reading: Reading): Promise<TlsSettings | undefined> {
  if (input === undefined || input === false) return undefined
  if (input === true) return {}
  const ca = await readCertificates(input.ca, [...path, 'ca'], reading)
  return ca === undefined ? {} : { ca }
}

async function readCertificates(
  name: string,
  path: Path,
  { file, folder, report }: Reading,
): Promise<string | undefined> {
  const node = nodeAt(file.root, path)
  if (node?.kind === 'scalar' && node.unset === true) return undefined
  const reading = await readText(resolve(folder, name), 1_000_000)
  if ('text' in reading && reading.text.includes('-----BEGIN CERTIFICATE-----')) return reading.text
  report.error({
    code: 'failure' in reading ? 'file-missing' : 'invalid-value',
    at: placeOf(file, path),
    message: `the file ${shownAt(file, path)} ${'failure' in reading ? failureText(reading.failure) : 'holds no certificate in PEM'}`,
    remedy: 'paths start at the folder of the platform; the file holds lines from "-----BEGIN CERTIFICATE-----" on',
  })
  return undefined
}

type RegistryInput = NonNullable<EnvironmentInput['registry']>

async function readRegistry(input: RegistryInput, path: Path, reading: Reading): Promise<RegistrySettings> {
  const { token } = input
  const { url, username, password } = takeUserInfo(input)
  const lacking = username === undefined ? 'username' : 'password'
  const isWritten = nodeAt(reading.file.root, [...path, lacking]) !== undefined
  if ((username === undefined) !== (password === undefined) && !isWritten)
    report(reading, path, 'needs both "username" and "password"', 'give both, or none')
  else if (token !== undefined && username !== undefined)
    report(reading, path, 'takes a token or a user, not both', 'take one of them out')
  const tls = await readTls(input.tls, [...path, 'tls'], reading)
  return {
    url,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(token !== undefined && { token }),
    ...(tls && { tls }),
  }
}

function report({ file, report }: Reading, path: Path, message: string, remedy: string): void {
  report.error({ code: 'invalid-value', at: placeOf(file, path), message: `the registry ${message}`, remedy })
}

const secrets: readonly Path[] = [
  ['kafka', 'sasl', 'password'],
  ['registry', 'password'],
  ['registry', 'token'],
  ['registry', 'url'],
]

/** Warns of secrets that stand in the file itself. */
export function reportSecrets(file: Located, report: Report): void {
  for (const name of environmentNames(file))
    for (const secret of secrets) {
      const path = ['environments', name, ...secret]
      const node = nodeAt(file.root, path)
      const isUrl = secret.at(-1) === 'url'
      if (node?.kind !== 'scalar' || node.isNull || node.written !== undefined) continue
      if (isUrl && !/:\/\/[^/@]*:[^/@]+@/.test(node.text)) continue
      const what = isUrl ? 'password' : String(secret.at(-1))
      const variable = `${name}_${String(secret[0])}_${what}`.toUpperCase().replaceAll(/\W/g, '_')
      report.warning({
        code: 'secret-in-file',
        at: placeOf(file, path),
        message: `a ${what} for environment "${name}" stands in the file`,
        remedy: `put it into a variable${isUrl ? ', beside the URL' : ''}: \`${what}: \${${variable}}\``,
      })
    }
}
