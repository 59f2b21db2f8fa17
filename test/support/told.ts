// What a run of the program told, as one text that a test compares whole: the exit code, what it printed, what it said.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Ran, type RunOptions, evplat, temporaryFolder } from './evplat.ts'

/** What varies from run to run (a port, a path, an id) and the name that stands for it. */
export type Hidden = Readonly<Record<string, string>>

/** `exit N`, then the lines of stdout after `| `, then those of stderr as they are. */
export function told({ code, stdout, stderr }: Ran, hidden: Hidden = {}): string {
  const printed = stdout.replace(/\n$/, '').split('\n')
  const lines = [`exit ${code}`, ...(stdout === '' ? [] : printed.map((line) => `| ${line}`.trimEnd()))]
  let text = [...lines, stderr.replace(/\n$/, '')].join('\n').trimEnd()
  // the longest first: a port may be a part of an address, a folder one of a path
  for (const varying of Object.keys(hidden).toSorted((a, b) => b.length - a.length))
    text = text.replaceAll(varying, hidden[varying]!)
  return text
}

/** Runs the program and tells what it told. */
export async function tell(
  args: readonly string[],
  { hide = {}, ...options }: RunOptions & { readonly hide?: Hidden } = {},
): Promise<string> {
  return told(await evplat(args, options), hide)
}

/** The same for several commands, each after a line with what was typed. */
export async function tellEach(
  commands: readonly (readonly string[])[],
  options: Parameters<typeof tell>[1] = {},
): Promise<string> {
  const texts: string[] = []
  for (const args of commands) texts.push(`$ evplat ${args.join(' ')}\n${await tell(args, options)}`)
  return texts.join('\n\n')
}

/** A new folder with these files; it is gone when the test is over. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder()
  writeFiles(folder, files)
  return folder
}

export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
}

/** platform.yaml with these lines below its head. */
export function platform(...lines: readonly string[]): string {
  return `${['apiVersion: evplat/v1', 'name: shop', ...lines].join('\n')}\n`
}
