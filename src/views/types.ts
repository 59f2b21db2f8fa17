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
  /** services that are written in another language: their folder has no tsconfig.json */
  readonly others: readonly { readonly service: string; readonly dir: string }[]
}

/** What was written or has to be, a line each, or one line when nothing has; then the services that are passed over. */
export function typesReport({ files, others }: PublishedTypes): string {
  const changed = files.filter((file) => file.outcome !== 'current')
  const lines = changed.map(({ outcome, path }) => `${outcome.padEnd(7)}  ${path}\n`)
  if (files.length === 0) lines.push('no service has a folder to write to\n')
  else if (changed.length === 0) lines.push('all generated files are current\n')
  const passed = others.map(({ service, dir }) => `passed over: "${service}", for "${dir}" has no tsconfig.json\n`)
  return [...lines, ...passed].join('')
}
