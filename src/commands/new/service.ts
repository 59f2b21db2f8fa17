// evplat new service: declares a service in platform.yaml and writes its package.
import { packageRoot } from '../../core/package-root.ts'
import { version } from '../../core/version.ts'
import { EvplatError } from '../../core/errors.ts'
import type { Platform } from '../../platform/platform.ts'
import { addService } from '../../scaffold/edit/entries.ts'
import { rememberFiles } from '../../scaffold/ownership.ts'
import { libraryOf, serviceFiles } from '../../scaffold/service.ts'
import { writeNew } from '../../scaffold/write.ts'
import type { Context, Outcome } from '../context.ts'
import { editedPlatform, platformText, requireTopics } from './edited-platform.ts'

interface ServiceInput {
  readonly words: readonly string[]
  readonly file: string | undefined
  readonly consumes: readonly string[]
  readonly produces: readonly string[]
  readonly http: boolean
}

/** The first port from 8080 on that nothing of the platform has. */
function freePort({ services, stack }: Platform): number {
  const taken = new Set<unknown>([...services.map(({ port }) => port), ...Object.values(stack.ports)])
  for (let i = 0; i < stack.kafka.brokers; i++) taken.add(Number(stack.ports.kafka) + i)
  let port = 8080
  while (taken.has(port)) port++
  return port
}

/** Declares the service and writes its files, all or none. */
export async function run(input: ServiceInput, context: Context): Promise<Outcome> {
  const name = input.words[0]!
  if (!/^[a-z][a-z\d-]{0,62}$/.test(name))
    throw new EvplatError('usage', `"${name}" is no name for a service`, {
      hint: 'small letters, digits and dashes, a letter first: `evplat new service billing`',
    })
  const before = await platformText(input, context)
  const there = before.platform.services.find((service) => service.name === name)
  if (there)
    throw new EvplatError(
      'already-declared',
      `the service "${name}" is declared already: ${there.at.file}:${there.at.line}`,
      { hint: `\`evplat new listener TOPIC --service ${name}\` lets it read one more topic` },
    )
  const [consumes, produces] = [[...new Set(input.consumes)], [...new Set(input.produces)]]
  requireTopics(before.platform, [...consumes, ...produces])
  const { folder } = before.platform
  const port = input.http || produces.length > 0 ? { port: freePort(before.platform) } : {}
  const text = addService(before.text, name, { ...port, produces, consumes })
  const edited = await editedPlatform(before, text, context)
  const dir = `services/${name}`
  const library = await libraryOf(folder, dir, version)
  const files = await serviceFiles({ name, dir, ...port, consumes, http: input.http, library }, packageRoot())
  await writeNew(folder, files, () => edited.write())
  await rememberFiles(folder, files, version)
  const paths = files.map(({ path }) => path)
  return {
    value: { file: before.platform.file, service: { name, dir, ...port, consumes, produces }, files: paths },
    text: () =>
      `service ${name} declared in ${before.platform.file}\n${paths.map((path) => `  ${path}\n`).join('')}\nnext: \`evplat types\`\n`,
  }
}
