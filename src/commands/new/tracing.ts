// evplat new tracing: a service records spans.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EvplatError, messageOf, systemCode } from '../../core/errors.ts'
import { onFile } from '../../core/file-error.ts'
import { writeAtomic } from '../../core/files.ts'
import { packageRoot } from '../../core/package-root.ts'
import { version } from '../../core/version.ts'
import type { Service } from '../../platform/platform.ts'
import { rememberFiles } from '../../scaffold/ownership.ts'
import { tracedLines, tracingFile, tracingPackages, withDependencies, withTracing } from '../../scaffold/tracing.ts'
import { writeNew } from '../../scaffold/write.ts'
import type { Context, Outcome } from '../context.ts'
import { loadSoundPlatform } from '../platform-target.ts'
import { declaredService } from './declared-service.ts'

interface TracingInput {
  readonly words: readonly string[]
  readonly file: string | undefined
}

/** Writes src/tracing.ts of a service, adds its packages, and lets src/main.ts begin with it: each where it is not so yet. */
export async function run(input: TracingInput, context: Context): Promise<Outcome> {
  const { platform } = await loadSoundPlatform({ file: input.file, env: undefined }, context)
  const service = declaredService(platform, input.words[0]!)
  const { dir } = service
  const root = packageRoot()
  const at = (path: string): string => join(platform.folder, path)
  const [packageJson, main] = [`${dir}/package.json`, `${dir}/src/main.ts`]
  const before = { packages: await textAt(at(packageJson)), main: await textAt(at(main)) }
  const packages = packagesWith(before.packages, await tracingPackages(root), service)
  const file = await tracingFile(dir, root)
  const own = await textAt(at(file.path))
  const isNew = own === undefined
  if (own !== undefined && !own.includes('export function traced'))
    throw new EvplatError(
      'would-overwrite',
      `"${file.path}" is there already, and not as evplat writes it; nothing was written`,
      {
        hint: `give it another name, then \`evplat new tracing ${service.name}\``,
        details: { files: [file.path] },
      },
    )
  const code = before.main === undefined ? undefined : withTracing(before.main)
  const edits = [
    { path: packageJson, from: before.packages, to: packages },
    { path: main, from: before.main, to: code },
  ].filter((edit): edit is typeof edit & { to: string } => edit.to !== undefined && edit.to !== edit.from)
  await writeNew(platform.folder, isNew ? [file] : [], async () => {
    for (const { path, to } of edits) await writeAtomic(at(path), to)
  })
  if (isNew) await rememberFiles(platform.folder, [file], version)
  const files = [...(isNew ? [file.path] : []), ...edits.map(({ path }) => path)]
  return told(service.name, files, code === undefined ? main : undefined)
}

/** The text of package.json with the packages. Throws `usage` for a service that is not written on `@evplat/service`. */
function packagesWith(text: string | undefined, packages: Readonly<Record<string, string>>, service: Service): string {
  const path = `${service.dir}/package.json`
  if (text === undefined || !text.includes('"@evplat/service"'))
    throw new EvplatError(
      'usage',
      `service "${service.name}" has no spans to record: "${path}" asks for no @evplat/service`,
      {
        hint: '`evplat new service NAME` writes a service on it',
      },
    )
  try {
    return withDependencies(text, packages)
  } catch (thrown) {
    throw new EvplatError('bad-input', `"${path}" is no JSON: ${messageOf(thrown)}`, {
      hint: 'mend it: the packages of OpenTelemetry are added there',
    })
  }
}

function textAt(path: string): Promise<string | undefined> {
  return onFile(path, () =>
    readFile(path, 'utf8').catch((thrown: unknown) => {
      if (systemCode(thrown) === 'ENOENT') return undefined
      throw thrown
    }),
  )
}

/** `byHand` is the main.ts that its author has to edit. */
function told(service: string, files: readonly string[], byHand: string | undefined): Outcome {
  const list = files.map((path) => `  ${path}\n`).join('')
  const fact =
    files.length === 0 ? 'has all of it already' : byHand === undefined ? 'records spans' : 'can record spans'
  const head = `service ${service} ${fact}\n${list}`
  const left = byHand === undefined ? '' : `\nadd to ${byHand}:\n${tracedLines.map((line) => `  ${line}\n`).join('')}`
  const next = files.length === 0 ? '' : '\nnext: `npm install`, then `evplat dev`\n'
  return { value: { service, files, registered: byHand === undefined }, text: () => `${head}${left}${next}` }
}
