// Fills the variables of a whole tree in: those of the chosen environment and of what all share must have a value.
import { type Interpolated, type Variables, interpolate } from '../yaml/interpolate.ts'
import type { Report } from '../yaml/report.ts'
import type { Located } from './located.ts'
import { type Source, placeIn } from '../yaml/source.ts'
import type { Scalar, Tree } from '../yaml/tree.ts'

export interface Filling {
  readonly environment: string
  readonly variables: Variables
  readonly report: Report
}

/** Replaces variables in the scalars of the tree. An unset one under another environment is no problem of this run. */
export function fillVariables({ root, source }: Located, { environment, variables, report: to }: Filling): void {
  const seen = new Set<Tree>()
  const others: Tree[] = []
  const visit = (tree: Tree, report: Report | undefined): void => {
    if (seen.has(tree)) return
    seen.add(tree)
    if (tree.kind === 'scalar') fillScalar(tree, variables, report, source)
    else if (tree.kind === 'list') for (const item of tree.items) visit(item, report)
    else for (const { value } of tree.entries.values()) visit(value, report)
  }
  for (const [key, { value }] of root.entries)
    if (key === 'environments' && value.kind === 'map') {
      for (const [name, entry] of value.entries)
        if (name === environment) visit(entry.value, to)
        else others.push(entry.value)
    } else visit(value, to)
  for (const other of others) visit(other, undefined)
}

function fillScalar(scalar: Scalar, variables: Variables, report: Report | undefined, source: Source): void {
  if (!scalar.text.includes('$')) return
  const written = scalar.text
  const filled = interpolate(written, variables)
  if (filled.text === written && !filled.missing) return
  scalar.text = filled.text
  if (written.includes('${')) scalar.written = written
  if (!filled.missing && !filled.malformed) return
  scalar.unset = true
  if (report) tell(report, filled, source, scalar)
}

function tell(report: Report, { missing }: Interpolated, source: Source, { start, end }: Scalar): void {
  const at = placeIn(source, start, end)
  if (missing)
    report.error({
      code: 'unset-variable',
      at,
      message: `the variable "${missing.name}" has no value${missing.message === undefined ? '' : `: ${missing.message}`}`,
      remedy: `set it in the environment or in a file ".env" beside the platform, or give it one here: \`\${${missing.name}:-value}\``,
    })
  else
    report.error({
      code: 'variable-syntax',
      at,
      message: 'this is no variable that can be filled in',
      remedy: 'the forms are `${NAME}`, `${NAME:-default}` and `${NAME:?message}`; `$$` is a dollar sign',
    })
}
