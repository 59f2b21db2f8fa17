// The Java that servers run on: JAVA_HOME's, else the one on the PATH.
import { join } from 'node:path'
import { EvplatError, systemCode } from '../../core/errors.ts'
import type { Release } from '../desired/releases.ts'
import { runProgram } from './run-program.ts'

type Env = Readonly<Record<string, string | undefined>>

/** The major version in what `java -version` prints: 17 for "17.0.15", 8 for "1.8.0_292". */
export function javaVersionOf(output: string): number | undefined {
  const [, first, second] = /version "(\d+)(?:\.(\d+))?/.exec(output) ?? []
  if (first === undefined) return undefined
  return Number(first === '1' && second !== undefined ? second : first)
}

/** A Java as it was found, or not. */
export interface FoundJava {
  readonly command: string
  /** for people: `on the PATH` */
  readonly place: string
  /** what it answered; undefined where there is none */
  readonly output?: string
  /** undefined where what answers is no Java */
  readonly version?: number
}

/** Starts the Java of this user once, to hear its version. */
export async function lookForJava(env: Env, signal?: AbortSignal): Promise<FoundJava> {
  const home = env['JAVA_HOME']
  const command = home === undefined || home === '' ? 'java' : join(home, 'bin', 'java')
  const place = command === 'java' ? 'on the PATH' : `in JAVA_HOME, "${home}"`
  const found = await runProgram(command, ['-version'], { env, signal }).catch((thrown: unknown) => {
    if (['ENOENT', 'EACCES', 'ENOTDIR'].includes(systemCode(thrown))) return undefined
    throw thrown
  })
  if (!found) return { command, place }
  const version = javaVersionOf(found.output)
  return { command, place, output: found.output, ...(version !== undefined && { version }) }
}

/** The command of a Java that is new enough for the release. Throws `java-missing` or `java-too-old`. */
export async function findJava(release: Release, env: Env, signal?: AbortSignal): Promise<string> {
  const java = await lookForJava(env, signal)
  requireJava(release, java)
  return java.command
}

/** Throws `java-missing` or `java-too-old` where the release does not run on this Java. */
export function requireJava(release: Release, { command, place, output, version }: FoundJava): void {
  const hint = `install a Java of version ${release.minJava} or newer, and let JAVA_HOME name its folder`
  if (version === undefined)
    throw new EvplatError('java-missing', `Kafka ${release.version} needs Java, and there is none ${place}`, {
      hint,
      ...(output !== undefined && { said: output, saidBy: 'java' }),
    })
  if (version < release.minJava)
    throw new EvplatError(
      'java-too-old',
      `Kafka ${release.version} needs Java ${release.minJava} or newer, and there is Java ${version} ${place}`,
      { hint, details: { java: command, version, needed: release.minJava } },
    )
}
