// evplat new listener: a service reads one more topic.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EvplatError, systemCode } from '../../core/errors.ts'
import { writeAtomic } from '../../core/files.ts'
import { packageRoot } from '../../core/package-root.ts'
import { version } from '../../core/version.ts'
import type { Platform, Service } from '../../platform/platform.ts'
import { addConsumed } from '../../scaffold/edit/entries.ts'
import { rememberFiles } from '../../scaffold/ownership.ts'
import { listenerFile, listenerNames, withListener } from '../../scaffold/service.ts'
import { writeNew } from '../../scaffold/write.ts'
import type { Context, Outcome } from '../context.ts'
import { generatedOf, hasFolder, isTypeScript, writeStale } from '../generated-files.ts'
import { declaredService } from './declared-service.ts'
import { editedPlatform, platformText, requireTopics } from './edited-platform.ts'

interface ListenerInput {
  readonly words: readonly string[]
  readonly file: string | undefined
  readonly service: string | undefined
}

/** Adds a topic to `consumes` of a service, writes its handler, and names it in src/service.ts. */
export async function run(input: ListenerInput, context: Context): Promise<Outcome> {
  const topic = input.words[0]!
  if (input.service === undefined)
    throw new EvplatError('usage', 'the service that listens is missing', {
      hint: `\`evplat new listener ${topic} --service NAME\``,
    })
  const before = await platformText(input, context)
  const { platform } = before
  requireTopics(platform, [topic])
  const service = declaredService(platform, input.service)
  const { dir } = service
  if (service.consumes.includes(topic))
    throw new EvplatError('already-declared', `service "${service.name}" consumes "${topic}" already`, {
      hint: `its listener stands in ${dir}/src/service.ts`,
    })
  const edited = await editedPlatform(before, addConsumed(before.text, service.name, topic), context)
  const after = edited.platform.services.find(({ name }) => name === service.name)!
  if (await isOfAnotherKind(platform, service)) {
    await edited.write()
    return told(platform.file, after.name, topic, {
      files: [],
      byHand: [`what it does with an event of ${topic}`],
      in: dir,
    })
  }
  const file = await listenerFile(dir, topic, packageRoot())
  const main = join(dir, 'src/service.ts')
  const code = await textAt(join(platform.folder, main))
  const changed = code === undefined ? undefined : withListener(code, topic)
  await writeNew(platform.folder, [file], () => edited.write())
  if (changed !== undefined) await writeAtomic(join(platform.folder, main), changed)
  await rememberFiles(platform.folder, [file], version)
  await writeStale(edited.platform, await generatedOf(after, edited.platform))
  const { handler, file: name } = listenerNames(topic)
  const lines = [`import { ${handler} } from './listeners/${name}.ts'`, `'${topic}': ${handler}, // under listeners`]
  const byHand = changed === undefined ? lines : []
  return told(platform.file, after.name, topic, { files: [file.path], byHand, in: main })
}

/** A service that is there and has no tsconfig.json is written in another language: its handlers are its author's matter. */
async function isOfAnotherKind(platform: Platform, service: Service): Promise<boolean> {
  return (await hasFolder(platform, service.dir)) && !(await isTypeScript(platform, service))
}

function textAt(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((thrown: unknown) => {
    if (systemCode(thrown) === 'ENOENT') return undefined
    throw thrown
  })
}

interface Written {
  readonly files: readonly string[]
  /** what is left to its author, and where */
  readonly byHand: readonly string[]
  readonly in: string
}

function told(file: string, service: string, topic: string, written: Written): Outcome {
  const { files, byHand, in: place } = written
  const left = byHand.length === 0 ? '' : `\nadd to ${place}:\n${byHand.map((line) => `  ${line}\n`).join('')}`
  return {
    value: { file, service, topic, files, registered: byHand.length === 0 },
    text: () =>
      `service ${service} listens to ${topic}${files.map((path) => `: ${path}`).join('')}\n${left}\nnext: \`evplat dev\`\n`,
  }
}
