import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../../test/support/evplat.ts'
import { writeProgram } from '../../../test/support/fake-program.ts'
import { releaseFor } from '../desired/releases.ts'
import { findJava, javaVersionOf } from './find-java.ts'

const kafka3 = releaseFor({ kafka: { version: '3.9', coordination: 'kraft', brokers: 1 } })
const kafka4 = releaseFor({ kafka: { version: '4.3', coordination: 'kraft', brokers: 1 } })

async function homeWith(script: string): Promise<string> {
  const home = temporaryFolder()
  await writeProgram(join(home, 'bin', 'java'), script)
  return home
}
const javaThatSays = (version: string): Promise<string> => homeWith(`echo 'openjdk version "${version}" 2025' >&2`)

test.each([
  ['openjdk version "17.0.15" 2025-04-15', 17],
  ['java version "1.8.0_292"', 8],
  ['openjdk version "21" 2023-09-19', 21],
  ['openjdk version "24-ea" 2025-03-18', 24],
  ['command not found', undefined],
])('%s is %s', (output, version) => expect(javaVersionOf(output)).toBe(version))

test('the Java of JAVA_HOME is taken when it is new enough for the Kafka', async () => {
  const home = await javaThatSays('11.0.2')
  expect(await findJava(kafka3, { JAVA_HOME: home })).toBe(join(home, 'bin', 'java'))
  await expect(findJava(kafka4, { JAVA_HOME: home })).rejects.toMatchObject({
    code: 'java-too-old',
    message: `Kafka 4.3 needs Java 17 or newer, and there is Java 11 in JAVA_HOME, "${home}"`,
    parts: { details: { version: 11, needed: 17 } },
  })
})

test('without JAVA_HOME the PATH is looked at', async () => {
  const home = await javaThatSays('17.0.1')
  expect(await findJava(kafka3, { PATH: `${join(home, 'bin')}:/usr/bin:/bin` })).toBe('java')
})

test('a Java that is not there, or is none, is told with the place where it was looked for', async () => {
  await expect(findJava(kafka3, { JAVA_HOME: '/nowhere' })).rejects.toMatchObject({
    code: 'java-missing',
    message: 'Kafka 3.9 needs Java, and there is none in JAVA_HOME, "/nowhere"',
    parts: { hint: 'install a Java of version 11 or newer, and let JAVA_HOME name its folder' },
  })
  await expect(findJava(kafka3, { PATH: '/nowhere' })).rejects.toMatchObject({
    message: 'Kafka 3.9 needs Java, and there is none on the PATH',
  })
  // what macOS puts where Java is not installed
  const home = await homeWith('echo "Unable to locate a Java Runtime."; exit 1')
  await expect(findJava(kafka3, { JAVA_HOME: home })).rejects.toMatchObject({
    code: 'java-missing',
    parts: { said: expect.stringContaining('Unable to locate') },
  })
})
