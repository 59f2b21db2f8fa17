// Which runtime a stack runs on: what platform.yaml says, and where that may be any, the one that has its data.
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { EvplatError } from '../core/errors.ts'
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

const byDefault: RuntimeName = 'embedded'

/** The runtime that platform.yaml and the memory of the stack speak of, be it in this version or not. */
export function expectedRuntime(declared: Runtime, remembered: RuntimeName | undefined): Exclude<Runtime, 'auto'> {
  return declared === 'auto' ? (remembered ?? byDefault) : declared
}

/** The runtime that the stack runs on; `remembered` wins over `auto`. Throws `not-in-this-version` for one that is not built yet. */
export function chooseRuntime({ runtime, places }: StackSettings, remembered: RuntimeName | undefined): RuntimeChoice {
  if (runtime === 'auto')
    return remembered ? { runtime: remembered, by: 'memory' } : { runtime: byDefault, by: 'default' }
  if (runtime === 'native' || runtime === 'embedded') return { runtime, by: 'declaration' }
  throw new EvplatError('not-in-this-version', `the runtime "${runtime}" is not in this version`, {
    ...(places?.runtime && { at: places.runtime }),
    hint: 'set `stack.runtime` in platform.yaml to `embedded`, which needs nothing but Node, or to `native`, which needs Java',
  })
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
