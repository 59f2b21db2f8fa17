// Which runtime a stack runs on: what platform.yaml says, and where that may be any, the one that has its data.
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Runtime, StackSettings } from '../platform/platform.ts'
import { embeddedData } from './desired/embedded.ts'
import { type Layout, stackFolders } from './layout.ts'
import type { StackRecord } from './stack-file.ts'

/** A runtime that this version has. */
export type RuntimeName = 'native' | 'embedded' | 'docker'

export interface RuntimeChoice {
  readonly runtime: RuntimeName
  /** by platform.yaml, by what the stack ran on before, or here and now */
  readonly by: 'declaration' | 'memory' | 'default'
}

/** The runtime that platform.yaml and the memory of the stack speak of; undefined where `auto` was not decided yet. */
export function expectedRuntime(declared: Runtime, remembered: RuntimeName | undefined): RuntimeName | undefined {
  return declared === 'auto' ? remembered : declared
}

/** The runtime that the stack runs on; `remembered` wins over `auto`, which else is containers where an engine answers. */
export async function chooseRuntime(
  { runtime }: StackSettings,
  remembered: RuntimeName | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Promise<RuntimeChoice> {
  if (runtime !== 'auto') return { runtime, by: 'declaration' }
  if (remembered) return { runtime: remembered, by: 'memory' }
  const { engineAnswers } = await import('./docker/engine/discovery/find-engine.ts')
  return { runtime: (await engineAnswers(env)) ? 'docker' : 'embedded', by: 'default' }
}

/** What a stack ran on that was not deleted since: by its record, else by its data, so that data without a record is not passed over. */
export async function rememberedRuntime(
  layout: Layout,
  record: StackRecord | undefined,
): Promise<RuntimeName | undefined> {
  return record?.runtime ?? runtimeOf(await readdir(join(layout.root, stackFolders.data)).catch(() => []))
}

/** PostgreSQL and MongoDB keep theirs alike on both. */
const isDatabase = (name: string): boolean => /^(postgres|mongodb)\b/.test(name)

function runtimeOf(data: readonly string[]): RuntimeName | undefined {
  const kafka = data.filter((name) => !isDatabase(name))
  if (kafka.length === 0) return undefined
  return kafka.includes(embeddedData) ? 'embedded' : 'native'
}

/** The one line that tells how `auto` was decided; undefined where it was not decided now. */
export function choiceNote({ runtime, by }: RuntimeChoice): string | undefined {
  if (by !== 'default') return undefined
  return `runtime auto is ${runtime} here, and stays so until \`evplat down --volumes\``
}
