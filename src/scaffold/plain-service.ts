// The files of a service on kafkajs, without a library of ours.
import { join, posix } from 'node:path'
import type { Format, Topic } from '../platform/platform.ts'
import { type OwnedFile, ownershipOf } from './ownership.ts'
import { renderFolder } from './render.ts'
import { literal, textLiteral } from './types/literal.ts'

export interface NewPlainService {
  readonly name: string
  /** name of the platform */
  readonly platform: string
  /** relative to the folder of platform.yaml */
  readonly dir: string
  readonly port: number
  readonly group: string
  readonly consumes: readonly string[]
  readonly produces: readonly string[]
  /** those that it consumes or produces */
  readonly topics: readonly Topic[]
}

/** All files of the service; `root` is the folder of the package. */
export async function plainServiceFiles(service: NewPlainService, root: string): Promise<OwnedFile[]> {
  const files = await renderFolder(join(root, 'templates/plain'), { ...service, literal: textLiteral, format })
  return files.map(({ path, content }): OwnedFile => {
    return { path: posix.join(service.dir, path), content, ownership: ownershipOf(path), template: 'plain' }
  })
}

function format(given: Format): string {
  return literal(given.kind === 'avro' ? { kind: 'avro', subject: given.subject } : { kind: given.kind })
}
