// Reads the settings of a service from a folder that is written for the test.
import { join } from 'node:path'
import { EvplatError } from '../../src/core/errors.ts'
import { createStyle } from '../../src/core/style.ts'
import { type ReadSettings, type SettingsInput, readSettings } from '../../src/service/config/read-settings.ts'
import { findingLines } from '../../src/core/finding-lines.ts'
import { writeFolder } from './txtar.ts'

export interface Setup extends Partial<Omit<SettingsInput, 'folder'>> {
  /** by path from the folder of the platform; the service is in `services/orders` */
  readonly files?: Readonly<Record<string, string | Uint8Array>>
  /** the same for application.yaml alone */
  readonly yaml?: string | Uint8Array
}

/** What `readSettings` makes of a service `orders` in a platform with these files. */
export async function settingsOf({ files = {}, yaml, ...input }: Setup): Promise<ReadSettings> {
  const ofService = yaml === undefined ? {} : { 'services/orders/application.yaml': yaml }
  const all = { 'platform.yaml': '', 'services/orders/package.json': '{}', ...files, ...ofService }
  const platform = await writeFolder(Object.entries(all))
  const service = { name: 'orders', group: 'orders' }
  return readSettings({
    folder: join(platform, 'services', 'orders'),
    env: {},
    args: [],
    service,
    topics: {},
    ...input,
  })
}

/** The error of a setup as people read it. */
export const errorOf = (setup: Setup): Promise<string> => toldBy(settingsOf(setup))

/** The error that something ends with, as people read it. */
export async function toldBy(work: Promise<unknown>): Promise<string> {
  const thrown: unknown = await work.then(
    () => new Error('it ended well'),
    (error: unknown) => error,
  )
  if (!(thrown instanceof EvplatError)) throw thrown
  const lines = (thrown.parts.findings ?? []).flatMap((finding) => ['', ...findingLines(finding, createStyle(false))])
  const hint = thrown.parts.hint === undefined ? [] : [`  try: ${thrown.parts.hint}`]
  return [`error[${thrown.code}]: ${thrown.message}`, ...lines, ...hint].join('\n')
}
