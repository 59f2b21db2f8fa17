// What `evplat init` writes: a platform that verifies, starts and applies as it stands.
import { join } from 'node:path'
import { type RenderedFile, renderFile, renderFolder } from './render.ts'
import { askedPackages } from './vendor.ts'

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
}

const ciFiles: Readonly<Record<CiSystem, string>> = {
  github: '.github/workflows/platform.yml',
  gitlab: '.gitlab-ci.yml',
}

/** The files of a new platform. `root` is the folder of the package, `version` the evplat that CI installs. */
export async function platformFiles(platform: NewPlatform, root: string, version: string): Promise<RenderedFile[]> {
  const files = await renderFolder(join(root, 'templates/platform'), {
    ...platform,
    version,
    ...askedPackages(version),
  })
  const schema = await renderFile(join(root, 'schema/platform.schema.json'), 'platform.schema.json', {})
  const { ci } = platform
  const workflow =
    ci === undefined ? [] : [await renderFile(join(root, `templates/ci/${ci}.yml.ejs`), ciFiles[ci], { version })]
  return [...files, schema, ...workflow]
}
