/** The published JSON shape of `evplat types`. Paths are relative to the folder of platform.yaml. */
export interface PublishedTypes {
  readonly files: readonly {
    readonly service: string
    readonly path: string
    /** `differs`: with `--check`, which writes nothing */
    readonly outcome: 'written' | 'current' | 'differs'
  }[]
  /** services whose folder is not there */
  readonly missing: readonly { readonly service: string; readonly dir: string }[]
}

/** What was written or has to be, a line each; one line when nothing has. */
export function typesReport({ files }: PublishedTypes): string {
  const changed = files.filter((file) => file.outcome !== 'current')
  if (changed.length > 0) return changed.map(({ outcome, path }) => `${outcome.padEnd(7)}  ${path}\n`).join('')
  return files.length === 0 ? 'no service has a folder to write to\n' : 'all generated files are current\n'
}
