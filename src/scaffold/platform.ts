// What `evplat init` writes: a platform that verifies, starts and applies as it stands.
import { join } from 'node:path'
import { type OwnedFile, ownershipOf } from './ownership.ts'
import { renderFile, renderFolder } from './render.ts'
import { starterFiles } from './starter.ts'
import { packagesOf, rootPackage } from './workspace.ts'

export type CiSystem = 'github' | 'gitlab'

/** Apache Kafka, in containers or on the Java of the machine. */
export interface ApacheStack {
  readonly runtime: 'docker' | 'native'
  readonly kafkaVersion: string
  readonly coordination: 'zookeeper' | 'kraft'
  readonly brokers: 1 | 3
}

/** What the stack runs on; the embedded runtime is one broker of one version, so there is nothing more to choose. */
export type NewStack = ApacheStack | { readonly runtime: 'embedded' }

export interface NewPlatform {
  readonly name: string
  readonly stack: NewStack
  readonly ports: 'fixed' | 'auto'
  readonly ci?: CiSystem
  /** with the two services of the starter, and the npm workspace that they are part of */
  readonly services: boolean
}

const ciFiles: Readonly<Record<CiSystem, string>> = {
  github: '.github/workflows/platform.yml',
  gitlab: '.gitlab-ci.yml',
}

/** The evplat that writes them. */
export interface Source {
  /** the folder of its package */
  readonly root: string
  readonly version: string
  /** the published version that services and tests take; without one the platform carries the packages of this evplat */
  readonly published: string | undefined
}

/** The files of a new platform; those that `evplat types` makes are not among them. */
export async function platformFiles(platform: NewPlatform, source: Source): Promise<OwnedFile[]> {
  const { root, version } = source
  const { ci } = platform
  const files = await renderFolder(join(root, 'templates/platform'), { ...platform, version })
  const schema = await renderFile(join(root, 'schema/platform.schema.json'), 'platform.schema.json', {})
  const workflow =
    ci === undefined
      ? []
      : [
          await renderFile(join(root, `templates/ci/${ci}.yml.ejs`), ciFiles[ci], {
            version,
            services: platform.services,
          }),
        ]
  const own = [...files, schema, ...workflow].map((file): OwnedFile => {
    return { ...file, ownership: file === schema ? 'machine' : ownershipOf(file.path), template: 'platform' }
  })
  return platform.services ? [...own, ...(await withServices(platform.name, source))] : own
}

async function withServices(name: string, { root, published }: Source): Promise<OwnedFile[]> {
  const { asked, files } = await packagesOf(published, root)
  return [await rootPackage(name, asked, root), ...files, ...(await starterFiles(name, asked, root))]
}
