// evplat types: TypeScript for services, from the schemas and topics that platform.yaml declares for them.
import { exitCode } from '../core/exit-codes.ts'
import type { Service } from '../platform/platform.ts'
import { type PublishedTypes, typesReport } from '../views/types.ts'
import type { Context, Outcome } from './context.ts'
import { generatedOf, hasFolder, isTypeScript, writeStale } from './generated-files.ts'
import { loadSoundPlatform } from './platform-target.ts'

interface TypesInput {
  readonly file: string | undefined
  readonly check: boolean
}

/** Writes what differs; with `--check` only tells it, and exits with 2. */
export async function run(input: TypesInput, context: Context): Promise<Outcome> {
  const { platform } = await loadSoundPlatform({ file: input.file, env: undefined }, context)
  const states = await Promise.all(
    platform.services.map(async (service) => {
      if (!(await hasFolder(platform, service.dir))) return 'missing'
      return (await isTypeScript(platform, service)) ? 'there' : 'other'
    }),
  )
  const [there, missing, others] = (['there', 'missing', 'other'] as const).map((state) =>
    platform.services.filter((_, at) => states[at] === state),
  ) as [Service[], Service[], Service[]]
  const files = (await Promise.all(there.map((service) => generatedOf(service, platform)))).flat()
  const isStale = files.some((file) => !file.current)
  if (!input.check) await writeStale(platform, files)
  const value: PublishedTypes = {
    files: files.map(({ service, path, current }) => ({
      service: service.name,
      path,
      outcome: current ? 'current' : input.check ? 'differs' : 'written',
    })),
    missing: missing.map(({ name, dir }) => ({ service: name, dir })),
    others: others.map(({ name, dir }) => ({ service: name, dir })),
  }
  const exit = input.check && isStale ? exitCode.changes : exitCode.ok
  for (const { service, dir } of value.missing)
    context.say(`service "${service}" has no folder "${dir}": \`evplat new service ${service}\` writes it`)
  return { value, text: () => typesReport(value), exit }
}
