// Kafka's own command-line tools, of both lines of versions.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Embedded, startEmbedded } from '../../src/stack/embedded/start-embedded.ts'
import { missingOf, needed } from '../support/found.ts'
import { type KafkaShell, startKafkaShell, toolJars } from '../support/kafka-shell.ts'
import { skipNote } from '../support/native-runtime.ts'
import { type ToolStep, type ToolVersion, toolSteps } from './kafka-tools.ts'

const keep = { version: 1, partitions: [{ topic: 'orders', partition: 1, offset: 1 }] }

/** The words of its command line; some take the address before their verb, some with another option. */
function wordsOf({ args }: ToolStep, bootstrap: string, file: string): string[] {
  const words = args.split(' ').filter((word) => word !== '')
  const given = words.map((word) => word.replace('BOOTSTRAP', bootstrap).replace('FILE', file))
  const address = ['--bootstrap-server', bootstrap]
  if (args.includes('BOOTSTRAP')) return given
  if (words[0] === 'cluster-id') return [...given, ...address]
  return [...address, ...given]
}

for (const version of ['3.9', '4.3'] satisfies ToolVersion[]) {
  const jars = await toolJars(version)
  const missing = missingOf(jars)

  describe.skipIf(missing !== undefined)(`Kafka's tools ${version} on the embedded broker${skipNote(missing)}`, () => {
    let folder: string
    let embedded: Embedded
    let shell: KafkaShell
    const troubles: string[] = []
    beforeAll(async () => {
      const classPath = needed(jars)
      folder = await mkdtemp(join(tmpdir(), 'evplat-tools-'))
      await writeFile(join(folder, 'keep.json'), JSON.stringify(keep))
      embedded = await startEmbedded({ data: join(folder, 'data'), onTrouble: (message) => troubles.push(message) })
      shell = await startKafkaShell(classPath)
    })
    afterAll(async () => {
      await shell.close()
      await embedded.close()
      await rm(folder, { recursive: true, force: true })
    })

    test.each(toolSteps.map((step, i) => [i + 1, step.tool, step.does, step] as const))(
      '%i: %s %s',
      async (_number, _tool, _does, step) => {
        const main = typeof step.main === 'string' ? step.main : step.main[version]
        const words = wordsOf(step, embedded.bootstrap, join(folder, 'keep.json'))
        const { code, stdout, stderr } = await shell.tool(main, words, step.input)
        const said = (step.refused ? stdout + stderr : stdout).replace(/\s+/g, ' ')
        expect(said).toMatch(step.says)
        expect(code === 0).toBe(step.refused !== true)
      },
    )

    test('the broker met no bug of its own', () => {
      expect(troubles).toEqual([])
    })
  })
}
