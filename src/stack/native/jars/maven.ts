// Maven as a downloader: a project of nothing but dependencies, whose files are copied into one folder.
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EvplatError, systemCode } from '../../../core/errors.ts'
import { onFile } from '../../../core/file-error.ts'
import { makeFolder } from '../../../core/files.ts'
import type { Release } from '../../desired/releases.ts'
import { runProgram } from '../run-program.ts'

/** The plugin is pinned like everything else, so that a file is the same file next year. */
const copyDependencies = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies'

export interface MavenRun {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal?: AbortSignal | undefined
  /** told the name of each file that Maven begins to fetch */
  readonly onFile: (name: string) => void
}

/** The project that asks for the artifacts of a release. */
export function projectText({ artifacts }: Pick<Release, 'artifacts'>): string {
  const dependencies = artifacts.map((artifact) => {
    const [group, name, version] = artifact.split(':')
    return `    <dependency><groupId>${group}</groupId><artifactId>${name}</artifactId><version>${version}</version></dependency>\n`
  })
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>evplat</groupId><artifactId>kafka</artifactId><version>1</version>
  <dependencies>
${dependencies.join('')}  </dependencies>
</project>
`
}

const advice = /^$|^To see the full stack trace|^Re-run Maven|^For more information|^\[Help \d+\]/

/** What Maven says of a failure, without its advice on itself, and without credentials in an address. */
export function mavenFailure(output: string): string {
  const lines = output.split('\n').filter((line) => line.startsWith('[ERROR]'))
  const said = lines.map((line) => line.slice('[ERROR]'.length).trim()).filter((line) => !advice.test(line))
  return said
    .slice(0, 4)
    .map((line) => line.replace(/ -> \[Help \d+\]$/, ''))
    .join('\n')
    .replaceAll(/\/\/[^/\s@]+@/g, '//')
}

/** The Maven of MAVEN_HOME or M2_HOME, else the one on the PATH. */
export function mavenCommand({ M2_HOME: m2, MAVEN_HOME: home = m2 }: MavenRun['env']): string {
  return home === undefined || home === '' ? 'mvn' : join(home, 'bin', 'mvn')
}

/** Copies the jars of a release, and all that they depend on, into `folder`, which is made. Throws `maven-missing` or `download-failed`. */
export async function fetchByMaven(release: Release, folder: string, run: MavenRun): Promise<void> {
  const command = mavenCommand(run.env)
  const work = `${folder}.project`
  await makeFolder(work)
  try {
    await onFile(work, () => writeFile(join(work, 'pom.xml'), projectText(release)))
    const args = ['-B', '-f', 'pom.xml', copyDependencies, '-DincludeScope=runtime', `-DoutputDirectory=${folder}`]
    const { code, output } = await runProgram(command, args, {
      cwd: work,
      env: run.env,
      signal: run.signal,
      onLine: (line) => {
        const name = /Downloading from \S+: \S*\/([^/\s]+\.jar)$/.exec(line.trimEnd())?.[1]
        if (name !== undefined) run.onFile(name)
      },
    })
    if (code === 0) return
    throw new EvplatError('download-failed', `Maven could not fetch Kafka ${release.exact}`, {
      said: mavenFailure(output) || output.split('\n').slice(-5).join('\n'),
      saidBy: 'maven',
      hint: 'when the network answers again, run `evplat up` again; or let KAFKA_HOME name an unpacked Kafka',
    })
  } catch (thrown) {
    if (!['ENOENT', 'EACCES', 'ENOTDIR'].includes(systemCode(thrown))) throw thrown
    throw new EvplatError('maven-missing', `Kafka ${release.exact} has to be fetched once, and there is no Maven`, {
      hint: 'install Maven (`mvn`), or let KAFKA_HOME name an unpacked Kafka of that version',
      cause: thrown,
    })
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}
