// Java and Maven as judges: finds them on the machine and fetches pinned jars once into the user's cache.
import { execFile, spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { type Found, fetchedFolder } from './found.ts'

const run = promisify(execFile)

/** `group:artifact:version` of Maven Central. */
export type Coordinates = readonly string[]

async function missingTool(names: readonly string[]): Promise<string | undefined> {
  for (const name of names)
    try {
      await run(name, [name === 'mvn' ? '--version' : '-version'])
    } catch {
      return `${name} is not installed`
    }
  return undefined
}

/**
 * The class path of artifacts with all that they depend on. They are fetched by Maven into
 * `test-jars/<name>` of the user's cache, once; `name` should tell the version.
 */
export async function classPathOf(name: string, coordinates: Coordinates): Promise<Found<string>> {
  const cache = fetchedFolder('test-jars')
  const folder = join(cache, name)
  const missing = await missingTool(['java', 'javac'])
  if (missing !== undefined) return { missing }
  if ((await readdir(folder).catch(() => [])).length === 0) {
    const failed = (await missingTool(['mvn'])) ?? (await fetchJars(folder, cache, coordinates))
    if (failed !== undefined) return { missing: failed }
  }
  return { value: join(folder, '*') }
}

/** A machine without a way to Maven Central must not wait for ever. */
const fetchTimeoutMs = 180_000

const dependencyPlugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies'

/** Fetches beside the folder and renames, so that a half-filled folder never counts as fetched. Returns why it failed. */
async function fetchJars(folder: string, cache: string, coordinates: Coordinates): Promise<string | undefined> {
  await mkdir(cache, { recursive: true })
  const work = await mkdtemp(join(cache, '.fetch-'))
  try {
    await writeFile(join(work, 'pom.xml'), projectFile(coordinates))
    const args = ['-q', '-B', '-f', join(work, 'pom.xml'), dependencyPlugin, `-DoutputDirectory=${join(work, 'jars')}`]
    await run('mvn', args, { timeout: fetchTimeoutMs })
    await rename(join(work, 'jars'), folder).catch(async (thrown: unknown) => {
      if ((await readdir(folder).catch(() => [])).length === 0) throw thrown
    })
    return undefined
  } catch (thrown) {
    const said =
      thrown instanceof Error && 'stdout' in thrown ? String(thrown.stdout).trim().split('\n')[0] : String(thrown)
    return `Maven could not fetch ${coordinates.join(', ')}: ${said}`
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

function projectFile(coordinates: Coordinates): string {
  const dependencies = coordinates.map((each) => {
    const [group, artifact, version] = each.split(':')
    return `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`
  })
  return `<project><modelVersion>4.0.0</modelVersion><groupId>evplat</groupId><artifactId>jars</artifactId><version>1</version>
<dependencies>${dependencies.join('')}</dependencies></project>`
}

/**
 * Compiles one Java source file, with those beside it that it uses, and runs its class with lines on the standard input; returns the lines that it prints.
 * Throws when it does not compile or ends with another code than 0.
 */
export async function runJava(source: string, classPath: string, lines: readonly string[]): Promise<string[]> {
  const classes = await mkdtemp(join(tmpdir(), 'evplat-java-'))
  try {
    await run('javac', ['-d', classes, '-cp', classPath, '-sourcepath', dirname(source), source])
    const name = source.replace(/^.*[/\\]|\.java$/g, '')
    const java = spawn('java', ['-Xmx512m', '-cp', [classes, classPath].join(delimiter), name])
    const ended = new Promise<number | null>((done) => java.on('close', done))
    java.stdin.end(lines.map((line) => `${line}\n`).join(''))
    const [printed, complaints] = await Promise.all([text(java.stdout), text(java.stderr)])
    const code = await ended
    if (code !== 0) throw new Error(`java ${name} ended with ${code}: ${complaints.slice(0, 1000)}`)
    return printed.split('\n').slice(0, -1)
  } finally {
    await rm(classes, { recursive: true, force: true })
  }
}
