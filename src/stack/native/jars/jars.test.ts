import { mkdir, readdir, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../../../test/support/evplat.ts'
import { writeProgram } from '../../../../test/support/fake-program.ts'
import { waitFor } from '../../../core/deadline.ts'
import { knownReleases, releaseFor } from '../../desired/releases.ts'
import { findKafka } from './find-kafka.ts'
import { isComplete, jarProblems, jarsOf, listJars } from './jar-list.ts'
import { mavenFailure, projectText } from './maven.ts'

const kafka3 = releaseFor({ kafka: { version: '3.9', coordination: 'zookeeper', brokers: 1 } })

describe('the committed lists', () => {
  test.each(knownReleases().map((release) => [release.exact, release] as const))(
    'of Kafka %s name its jars',
    (_, release) => {
      const jars = jarsOf(release)
      const names = jars.map(({ name }) => name)
      for (const artifact of release.artifacts) {
        const [, name, version] = artifact.split(':')
        expect(names).toContain(`${name}-${version}.jar`)
      }
      expect(new Set(names).size).toBe(names.length)
      for (const { bytes, sha256 } of jars)
        expect([bytes > 0, sha256]).toEqual([true, expect.stringMatching(/^[\da-f]{64}$/)])
    },
  )
})

describe('a folder of jars', () => {
  test('is compared file by file', async () => {
    const folder = temporaryFolder()
    await writeFile(join(folder, 'b.jar'), 'bee')
    await writeFile(join(folder, 'a.jar'), 'hello')
    const jars = await listJars(folder)
    expect(jars[0]).toEqual({
      name: 'a.jar',
      bytes: 5,
      sha256: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
    })
    expect(jarProblems(jars, jars)).toEqual([])
    expect(jarProblems(jars.slice(1), [{ ...jars[1]!, sha256: 'x' }, jars[0]!])).toEqual([
      `b.jar has SHA-256 ${jars[1]!.sha256} instead of x`,
      'a.jar is missing',
    ])
    expect(jarProblems(jars, jars.slice(1))).toEqual(['a.jar is not expected'])
  })

  test('that lost a file or a part of one is not complete', async () => {
    const folder = temporaryFolder()
    await writeFile(join(folder, 'a.jar'), 'hello')
    const jars = await listJars(folder)
    expect(await isComplete(folder, jars)).toBe(true)
    await truncate(join(folder, 'a.jar'), 3)
    expect(await isComplete(folder, jars)).toBe(false)
    expect(await isComplete(join(folder, 'nowhere'), jars)).toBe(false)
  })
})

describe('Maven', () => {
  test('is asked for the artifacts of the release', () => {
    expect(projectText({ artifacts: ['g:a:1', 'h:b:2'] })).toContain(
      '    <dependency><groupId>g</groupId><artifactId>a</artifactId><version>1</version></dependency>\n' +
        '    <dependency><groupId>h</groupId><artifactId>b</artifactId><version>2</version></dependency>\n',
    )
  })

  test('its failure is told without its advice and without credentials', () => {
    const output = [
      '[INFO] BUILD FAILURE',
      '[ERROR] Failed to execute goal on project kafka: Could not transfer artifact from/to mirror (https://ann:secret@repo.example/x): Unknown host -> [Help 1]',
      '[ERROR] ',
      '[ERROR] Could not resolve dependencies',
      '[ERROR] To see the full stack trace of the errors, re-run Maven with the -e switch.',
      '[ERROR] Re-run Maven using the -X switch to enable full debug logging.',
      '[ERROR] [Help 1] https://maven.example/NoGoalSpecifiedException',
    ].join('\n')
    expect(mavenFailure(output)).toBe(
      'Failed to execute goal on project kafka: Could not transfer artifact from/to mirror (https://repo.example/x): Unknown host\n' +
        'Could not resolve dependencies',
    )
  })
})

describe('finding Kafka', () => {
  const said: string[] = []
  const options = (env: Record<string, string>, signal?: AbortSignal) => ({
    env: { PATH: '/usr/bin:/bin', ...env },
    ...(signal && { signal }),
    say: (message: string) => void said.push(message),
    progress: () => undefined,
  })

  test('KAFKA_HOME is taken when its version fits', async () => {
    const home = temporaryFolder()
    await expect(findKafka(kafka3, options({ KAFKA_HOME: home }))).rejects.toMatchObject({
      code: 'kafka-home-unusable',
      message: `KAFKA_HOME names "${home}", which has no Kafka in libs`,
    })
    await mkdir(join(home, 'libs'))
    await writeFile(join(home, 'libs', 'kafka_2.13-3.9.1.jar'), '')
    expect(await findKafka(kafka3, options({ KAFKA_HOME: home }))).toBe(join(home, 'libs'))
    const kafka4 = releaseFor({ kafka: { version: '4.3', coordination: 'kraft', brokers: 1 } })
    await expect(findKafka(kafka4, options({ KAFKA_HOME: home }))).rejects.toMatchObject({
      code: 'kafka-home-unusable',
      message: 'KAFKA_HOME is Kafka 3.9.1, and platform.yaml asks for 4.3',
    })
  })

  test('without Maven it says what to do', async () => {
    const cache = temporaryFolder()
    await expect(findKafka(kafka3, options({ XDG_CACHE_HOME: cache, MAVEN_HOME: '/nowhere' }))).rejects.toMatchObject({
      code: 'maven-missing',
      parts: { hint: expect.stringContaining('KAFKA_HOME') },
    })
    expect(await readdir(join(cache, 'evplat', 'kafka'))).toEqual([])
  })

  test('other files than the released ones are refused and do not stay', async () => {
    const cache = temporaryFolder()
    const maven = temporaryFolder()
    await writeProgram(
      join(maven, 'bin', 'mvn'),
      `for a; do case $a in -DoutputDirectory=*) mkdir -p "\${a#*=}"; echo forged >"\${a#*=}/kafka_2.13-3.9.2.jar" ;; esac; done`,
    )
    await expect(findKafka(kafka3, options({ XDG_CACHE_HOME: cache, MAVEN_HOME: maven }))).rejects.toMatchObject({
      code: 'download-failed',
      message: 'what Maven fetched is not the Kafka 3.9.2 that was released',
    })
    expect(await readdir(join(cache, 'evplat', 'kafka'))).toEqual([])
  })

  test('a fetch that is interrupted, or was killed, is never taken for a Kafka', async () => {
    const cache = temporaryFolder()
    const maven = temporaryFolder()
    const kafka = join(cache, 'evplat', 'kafka')
    await mkdir(join(kafka, '3.9.2.partial-of-a-killed-one'), { recursive: true })
    await writeProgram(join(maven, 'bin', 'mvn'), 'echo started; exec sleep 60')
    const stop = new AbortController()
    const finding = findKafka(kafka3, options({ XDG_CACHE_HOME: cache, MAVEN_HOME: maven }, stop.signal))
    const project = async (): Promise<true | undefined> =>
      (await readdir(kafka)).some((name) => name.endsWith('.project')) ? true : undefined
    expect(await waitFor(project, { timeoutMs: 20_000, everyMs: 10 })).toBe(true)
    stop.abort(new Error('enough'))
    await expect(finding).rejects.toThrow('enough')
    expect(await readdir(kafka)).toEqual([])
    expect(said.at(-1)).toMatch(/^fetching Kafka 3\.9\.2 with Maven, once: 57 files, 4\dMiB, into /)
  })
})
