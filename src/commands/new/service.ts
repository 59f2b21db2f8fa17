// evplat new service: declares a service in platform.yaml and writes its package.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { packageRoot } from '../../core/package-root.ts'
import { version } from '../../core/version.ts'
import { EvplatError } from '../../core/errors.ts'
import type { Platform } from '../../platform/platform.ts'
import { addService } from '../../scaffold/edit/entries.ts'
import { rememberFiles } from '../../scaffold/ownership.ts'
import { serviceFiles } from '../../scaffold/service.ts'
import { serviceFiles as generatedFiles } from '../../scaffold/types/service-files.ts'
import { type Packages, askedAtRoot, packagesOf, rootPackage, versionOf } from '../../scaffold/workspace.ts'
import { writeNew } from '../../scaffold/write.ts'
import type { Context, Outcome } from '../context.ts'
import { editedPlatform, platformText, requireTopics } from './edited-platform.ts'

interface ServiceInput {
  readonly words: readonly string[]
  readonly file: string | undefined
  readonly consumes: readonly string[]
  readonly produces: readonly string[]
  readonly http: boolean
  readonly evplat: string | undefined
}

/** The first port from 8080 on that nothing of the platform has. */
function freePort({ services, stack }: Platform): number {
  const taken = new Set<unknown>([...services.map(({ port }) => port), ...Object.values(stack.ports)])
  for (let i = 0; i < stack.kafka.brokers; i++) taken.add(Number(stack.ports.kafka) + i)
  let port = 8080
  while (taken.has(port)) port++
  return port
}

function checkNew(name: string, { services }: Platform): void {
  if (!/^[a-z][a-z\d-]{0,62}$/.test(name))
    throw new EvplatError('usage', `"${name}" is no name for a service`, {
      hint: 'small letters, digits and dashes, a letter first: `evplat new service billing`',
    })
  const there = services.find((service) => service.name === name)
  if (there)
    throw new EvplatError(
      'already-declared',
      `the service "${name}" is declared already: ${there.at.file}:${there.at.line}`,
      { hint: `\`evplat new listener TOPIC --service ${name}\` lets it read one more topic` },
    )
}

/** What the package of the platform asks for; where it asks for nothing yet, with the files that then are needed at the root. */
async function packagesFor({ name, folder }: Platform, published: string | undefined): Promise<Packages> {
  const there = await askedAtRoot(folder)
  if (there?.evplat !== undefined && there.library !== undefined && published === undefined)
    return { asked: { evplat: there.evplat, library: there.library }, files: [] }
  const root = packageRoot()
  const { asked, files } = await packagesOf(published === undefined ? undefined : versionOf(published), root)
  const missing = files.filter(({ path }) => !existsSync(join(folder, path)))
  return { asked, files: there ? missing : [await rootPackage(name, asked, root), ...missing] }
}

/** Declares the service and writes its files, all or none. */
export async function run(input: ServiceInput, context: Context): Promise<Outcome> {
  const name = input.words[0]!
  const before = await platformText(input, context)
  const { folder, file } = before.platform
  checkNew(name, before.platform)
  const [consumes, produces] = [[...new Set(input.consumes)], [...new Set(input.produces)]]
  requireTopics(before.platform, [...consumes, ...produces])
  const port = input.http || produces.length > 0 ? { port: freePort(before.platform) } : {}
  const text = addService(before.text, name, { ...port, produces, consumes })
  const edited = await editedPlatform(before, text, context)
  const dir = `services/${name}`
  const { asked, files: atRoot } = await packagesFor(before.platform, input.evplat)
  const service = { name, dir, ...port, consumes, http: input.http, platform: before.platform.name, asked }
  const own = await serviceFiles(service, packageRoot())
  const generated = generatedFiles(
    edited.platform.services.find((each) => each.name === name)!,
    edited.platform,
  )
  const types = generated.map((each) => ({ ...each, path: `${dir}/${each.path}` }))
  await writeNew(folder, [...atRoot, ...own, ...types], () => edited.write())
  await rememberFiles(folder, [...atRoot, ...own], version)
  const paths = [...atRoot, ...own, ...types].map(({ path }) => path).toSorted()
  return {
    value: { file, service: { name, dir, ...port, consumes, produces }, files: paths },
    text: () =>
      `service ${name} declared in ${file}\n${paths.map((path) => `  ${path}\n`).join('')}\nnext: \`evplat dev\`\n`,
  }
}
