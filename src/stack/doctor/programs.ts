// Programs that runtimes start: Java and Maven for the native one. The versions of docker compose are told for those who use it.
import { EvplatError } from '../../core/errors.ts'
import { type Release, releaseFor } from '../desired/releases.ts'
import { lookForJava, requireJava } from '../native/find-java.ts'
import { needsMaven } from '../native/jars/find-kafka.ts'
import { mavenCommand } from '../native/jars/maven.ts'
import { runProgram } from '../native/run-program.ts'
import type { Check, Patient } from './check.ts'

type Surroundings = Pick<Patient, 'env' | 'signal'>

/** What a program says of its version: the part of its output that fits, undefined where it can't be started or fails. */
async function versionOf(
  [command = '', ...args]: readonly string[],
  pattern: RegExp,
  { env, signal }: Surroundings,
): Promise<string | undefined> {
  const ended = await runProgram(command, args, { env, signal }).catch(() => undefined)
  signal.throwIfAborted()
  return ended?.code === 0 ? pattern.exec(ended.output)?.[1] : undefined
}

/** Java and Maven. Where the stack runs on another runtime, what is not there is no more than a warning. */
export async function javaChecks(patient: Patient): Promise<readonly Check[]> {
  const isNeeded = patient.runtime === 'native'
  const release = isNeeded ? releaseFor(patient.settings) : undefined
  return Promise.all([javaCheck(patient, release), mavenCheck(patient, release)])
}

const nativeOnly = 'only the runtime native needs it'

async function javaCheck({ env, signal }: Patient, release: Release | undefined): Promise<Check> {
  const name = 'java'
  const java = await lookForJava(env, signal)
  try {
    if (release) requireJava(release, java)
  } catch (thrown) {
    if (!(thrown instanceof EvplatError)) throw thrown
    const { hint } = thrown.parts
    return { name, state: 'missing', fact: thrown.message, ...(hint !== undefined && { remedy: hint }) }
  }
  if (java.version !== undefined) return { name, state: 'ok', fact: `Java ${java.version} ${java.place}` }
  const remedy = 'install a Java, and let JAVA_HOME name its folder'
  return { name, state: 'warning', fact: `none ${java.place}; ${nativeOnly}`, remedy }
}

async function mavenCheck({ env, signal }: Patient, release: Release | undefined): Promise<Check> {
  const name = 'maven'
  if (release && !(await needsMaven(release, env)))
    return { name, state: 'ok', fact: `not needed: Kafka ${release.version} is there` }
  const version = await versionOf([mavenCommand(env), '-B', '-v'], /Apache Maven (\S+)/, { env, signal })
  if (version !== undefined) return { name, state: 'ok', fact: `Maven ${version}` }
  const remedy = 'install Maven (`mvn`), or let KAFKA_HOME name an unpacked Kafka'
  return release
    ? { name, state: 'missing', fact: `none, and Kafka ${release.version} has to be fetched once`, remedy }
    : { name, state: 'warning', fact: `none; ${nativeOnly}`, remedy }
}

/** The versions of docker compose on the PATH. evplat needs none of them. */
export async function composeCheck(surroundings: Surroundings): Promise<Check> {
  const pattern = /^v?(\d\S*)\s*$/m
  const [plugin, program] = await Promise.all([
    versionOf(['docker', 'compose', 'version', '--short'], pattern, surroundings),
    versionOf(['docker-compose', 'version', '--short'], pattern, surroundings),
  ])
  const found = [
    ...(plugin === undefined ? [] : [`docker compose ${plugin}`]),
    ...(program === undefined ? [] : [`docker-compose ${program}`]),
  ]
  return { name: 'compose', state: 'ok', fact: found.length === 0 ? 'none, and evplat needs none' : found.join(', ') }
}
