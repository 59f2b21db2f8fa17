// evplat new service: declares a service in platform.yaml and writes its package.
import { packageRoot } from '../../core/package-root.ts'
import { version } from '../../core/version.ts'
import { EvplatError } from '../../core/errors.ts'
import type { Platform, Service } from '../../platform/platform.ts'
import { addService } from '../../scaffold/edit/entries.ts'
import { type OwnedFile, rememberFiles } from '../../scaffold/ownership.ts'
import { plainServiceFiles } from '../../scaffold/plain-service.ts'
import { serviceFiles } from '../../scaffold/service.ts'
import { serviceFiles as generatedFiles } from '../../scaffold/types/service-files.ts'
import { type NewFile, writeNew } from '../../scaffold/write.ts'
import type { Context, Outcome } from '../context.ts'
import { packagesFor, workspaceFor } from './service-packages.ts'
import { editedPlatform, platformText, requireTopics } from './edited-platform.ts'

interface ServiceInput {
  readonly words: readonly string[]
  readonly file: string | undefined
  readonly consumes: readonly string[]
  readonly produces: readonly string[]
  readonly http: boolean
  readonly template: 'service' | 'plain' | undefined
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

/** Declares the service and writes its files, all or none. */
export async function run(input: ServiceInput, context: Context): Promise<Outcome> {
  const name = input.words[0]!
  const before = await platformText(input, context)
  const { folder, file } = before.platform
  checkNew(name, before.platform)
  const [consumes, produces] = [[...new Set(input.consumes)], [...new Set(input.produces)]]
  requireTopics(before.platform, [...consumes, ...produces])
  // each one has health to tell
  const port = freePort(before.platform)
  const text = addService(before.text, name, { port, produces, consumes })
  const edited = await editedPlatform(before, text, context)
  const service = edited.platform.services.find((each) => each.name === name)!
  const { owned, generated } = await filesOf(service, edited.platform, input)
  const files = [...owned, ...generated]
  await writeNew(folder, files, () => edited.write())
  await rememberFiles(folder, owned, version)
  const paths = files.map(({ path }) => path).toSorted()
  return {
    value: { file, service: { name, dir: service.dir, port, consumes, produces }, files: paths },
    text: () =>
      `service ${name} declared in ${file}\n${paths.map((path) => `  ${path}\n`).join('')}\nnext: \`evplat dev\`\n`,
  }
}

interface Files {
  readonly owned: readonly OwnedFile[]
  /** what `evplat types` makes */
  readonly generated: readonly NewFile[]
}

async function filesOf(service: Service, platform: Platform, input: ServiceInput): Promise<Files> {
  return input.template === 'plain' ? plainFiles(service, platform, input) : typedFiles(service, platform, input)
}

async function typedFiles(service: Service, platform: Platform, { http, evplat }: ServiceInput): Promise<Files> {
  const { asked, files } = await packagesFor(platform, evplat)
  const own = await serviceFiles({ ...service, http, platform: platform.name, asked }, packageRoot())
  const generated = generatedFiles(service, platform).map((each) => ({ ...each, path: `${service.dir}/${each.path}` }))
  return { owned: [...files, ...own], generated }
}

async function plainFiles(service: Service, platform: Platform, { evplat }: ServiceInput): Promise<Files> {
  if (evplat !== undefined)
    throw new EvplatError('usage', 'a service of the template "plain" asks for no version of evplat', {
      hint: 'leave --evplat out, or --template',
    })
  const used = new Set([...service.produces, ...service.consumes])
  const topics = platform.topics.filter((topic) => used.has(topic.name))
  const own = await plainServiceFiles(
    { ...service, port: service.port!, platform: platform.name, topics },
    packageRoot(),
  )
  return { owned: [...(await workspaceFor(platform)), ...own], generated: [] }
}
