// An edit of platform.yaml: nothing is written before the edited text has been read as a platform.
import { readFile, realpath } from 'node:fs/promises'
import { resolve } from 'node:path'
import { didYouMean } from '../../core/did-you-mean.ts'
import { EvplatError } from '../../core/errors.ts'
import { onFile } from '../../core/file-error.ts'
import { writeAtomic } from '../../core/files.ts'
import { loadPlatform } from '../../platform/load.ts'
import type { Platform } from '../../platform/platform.ts'
import type { NotEditable } from '../../scaffold/edit/insert.ts'
import type { Context } from '../context.ts'
import { loadSoundPlatform } from '../platform-target.ts'

interface EditInput {
  readonly file: string | undefined
}

export interface PlatformText {
  readonly platform: Platform
  readonly text: string
  /** absolute, links followed */
  readonly path: string
}

export interface EditedPlatform extends PlatformText {
  write(): Promise<void>
}

/** The platform as it stands, and its text. Throws `platform-invalid` where it has errors already. */
export async function platformText(input: EditInput, context: Context): Promise<PlatformText> {
  const { platform } = await loadSoundPlatform({ file: input.file, env: undefined }, context)
  const named = resolve(context.cwd, input.file ?? 'platform.yaml')
  const path = await onFile(named, () => realpath(named))
  return { platform, path, text: await onFile(path, () => readFile(path, 'utf8')) }
}

/**
 * The platform after an edit, not written yet. Throws `platform-not-editable` where the edit found no place, and `platform-invalid`,
 * with the findings, where the file would have errors.
 */
export async function editedPlatform(
  before: PlatformText,
  edit: string | NotEditable,
  context: Context,
): Promise<EditedPlatform> {
  const { file } = before.platform
  if (typeof edit !== 'string')
    throw new EvplatError('platform-not-editable', `"${file}" can't be extended here: ${edit.problem}`, {
      hint: 'write the entry by hand, then check it: `evplat verify --offline`',
    })
  const { platform, findings } = await loadPlatform({
    file,
    cwd: context.cwd,
    environment: 'local',
    env: context.env,
    text: edit,
  })
  if (platform) return { platform, path: before.path, text: edit, write: () => writeAtomic(before.path, edit) }
  throw new EvplatError('platform-invalid', `"${file}" would have errors with it; nothing was written`, { findings })
}

/** Throws `not-declared` for the first of the topics that platform.yaml does not declare. */
export function requireTopics({ file, topics }: Platform, names: readonly string[]): void {
  const declared = topics.filter(({ madeFor }) => madeFor === undefined).map(({ name }) => name)
  const unknown = names.find((name) => !declared.includes(name))
  if (unknown !== undefined)
    throw new EvplatError('not-declared', `"${file}" declares no topic "${unknown}"`, {
      hint: didYouMean(unknown, declared) || `\`evplat new topic ${unknown}\``,
    })
}
