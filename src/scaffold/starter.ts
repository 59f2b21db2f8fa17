// The two services of a new platform: one that produces, one that listens. What is their own lies over what every new service has.
import { join, posix } from 'node:path'
import { type OwnedFile, ownershipOf } from './ownership.ts'
import { renderFolder } from './render.ts'
import { type NewService, serviceFiles } from './service.ts'
import type { Asked } from './workspace.ts'

/** As templates/platform/platform.yaml.ejs declares them. */
const services = [
  { name: 'gateway', port: 8080, consumes: [], http: false },
  { name: 'audit', port: 8082, consumes: ['events', 'orders.placed'], http: true },
] as const

/** The schema of the topic `events`, and the services. `root` is the folder of the package. */
export async function starterFiles(platform: string, asked: Asked, root: string): Promise<OwnedFile[]> {
  const schemas = await renderFolder(join(root, 'templates/starter/schemas'), {})
  const each = await Promise.all(services.map((service) => starterService({ ...service, platform, asked }, root)))
  return [
    ...schemas.map(({ path, content }) => owned(posix.join('schemas', path.replaceAll('\\', '/')), content)),
    ...each.flat(),
  ]
}

async function starterService(service: Omit<NewService, 'dir'>, root: string): Promise<readonly OwnedFile[]> {
  const dir = `services/${service.name}`
  const own = await renderFolder(join(root, 'templates/starter', service.name), {})
  const files = new Map((await serviceFiles({ ...service, dir }, root)).map((file) => [file.path, file]))
  for (const { path, content } of own) {
    const place = posix.join(dir, path.replaceAll('\\', '/'))
    files.set(place, owned(place, content))
  }
  return [...files.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1))
}

const owned = (path: string, content: string): OwnedFile => ({
  path,
  content,
  ownership: ownershipOf(path),
  template: 'starter',
})
