// `services` of platform.yaml -> Service[].
import { didYouMean } from '../core/did-you-mean.ts'
import { type Located, keyPlaceOf, nameOf, placeOf, shown, shownAt } from './located.ts'
import type { Database, Service } from './platform.ts'
import type { Report } from '../yaml/report.ts'
import { type ServiceInput, serviceName } from './shape.ts'
import { type Path, keysAt } from '../yaml/tree.ts'

type ServicesInput = Readonly<Record<string, ServiceInput | null>> | null | undefined

/** All declared services, in the order of the file. */
export function readServices(input: ServicesInput, file: Located, report: Report): Service[] {
  const topics = new Set(keysAt(file.root, ['topics']))
  return Object.entries(input ?? {}).map(([name, service]) => {
    const path = ['services', name]
    checkName(name, path, file, report)
    checkDatabase(name, service?.database, { file, report })
    for (const list of ['produces', 'consumes'] as const)
      checkTopics(service?.[list] ?? [], [...path, list], topics, { file, report })
    checkDir(service?.dir, [...path, 'dir'], file, report)
    return toService(name, service ?? {}, file)
  })
}

function toService(name: string, input: ServiceInput, file: Located): Service {
  const { dir, port, database, group, produces, consumes, failures } = input
  const retryMs = failures?.retry ?? []
  return {
    name,
    at: keyPlaceOf(file, ['services', name]),
    dir: dir ?? `services/${name}`,
    ...(port !== undefined && { port }),
    ...(database !== undefined && { database }),
    group: group ?? name,
    produces: produces ?? [],
    consumes: consumes ?? [],
    ...(failures && {
      failures: {
        attempts: failures.attempts ?? retryMs.length + 1,
        retryMs,
        then: failures.then ?? 'dlt',
      },
    }),
  }
}

function checkName(name: string, path: Path, file: Located, report: Report): void {
  if (serviceName.test(name)) return
  report.error({
    code: 'invalid-name',
    at: keyPlaceOf(file, path),
    message: `a service cannot be called ${shown(name)}`,
    remedy: 'small letters, digits and dashes, a letter first, at most 63; for example `billing`',
  })
}

/** A service has a database of its own name, and these are there before it. */
const takenNames: Readonly<Record<Database, { readonly title: string; readonly names: readonly string[] }>> = {
  postgres: { title: 'PostgreSQL', names: ['postgres', 'template0', 'template1'] },
  mongodb: { title: 'MongoDB', names: ['admin', 'config', 'local'] },
}

function checkDatabase(name: string, database: Database | undefined, { file, report }: Checking): void {
  if (database === undefined) return
  const { title, names } = takenNames[database]
  if (!names.includes(name)) return
  report.error({
    code: 'invalid-name',
    at: keyPlaceOf(file, ['services', name]),
    message: `a service with a database cannot be called ${shown(name)}: ${title} has one of that name itself`,
    remedy: 'give the service another name',
  })
}

function checkDir(dir: string | undefined, path: Path, file: Located, report: Report): void {
  if (dir === undefined || !(dir.startsWith('/') || dir.split(/[/\\]/).includes('..'))) return
  report.error({
    code: 'file-outside',
    at: placeOf(file, path),
    message: `the folder of service ${nameOf(path.slice(0, -1))} lies outside the platform's folder`,
    remedy: 'name a folder below the platform, for example `services/billing`',
  })
}

interface Checking {
  readonly file: Located
  readonly report: Report
}

function checkTopics(names: readonly string[], path: Path, topics: ReadonlySet<string>, to: Checking): void {
  const seen = new Set<string>()
  for (const [i, name] of names.entries()) {
    const at = placeOf(to.file, [...path, i])
    if (!topics.has(name))
      to.report.error({
        code: 'unknown-topic',
        at,
        message: `${nameOf(path)} of service ${nameOf(path.slice(0, -1))} names ${shownAt(to.file, [...path, i])}, which is no declared topic`,
        remedy: didYouMean(name, topics) || 'declare it under "topics"; with `external: true` where others produce it',
      })
    else if (seen.has(name))
      to.report.error({
        code: 'invalid-value',
        at,
        message: `the topic ${shownAt(to.file, [...path, i])} stands in ${nameOf(path)} twice`,
        remedy: 'take it out here',
      })
    seen.add(name)
  }
}
