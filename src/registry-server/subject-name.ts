// Names of subjects, with the context that may stand before one: `:.context:subject`. This registry has the default context only.
import { refusals } from './refusals.ts'

/** The plain name of a subject that a path gives. Throws 42208 for a name that can't be one and for other contexts. */
export function subjectName(text: string): string {
  const { context, name } = splitContext(text)
  if (context !== '.') throw refusals.invalidSubject(text, `Contexts other than the default one are not supported.`)
  // oxlint-disable-next-line no-control-regex -- control characters are what is refused
  if (name === '' || /[\u0000-\u001f\u007f-\u009f]/.test(name) || name === '__GLOBAL')
    throw refusals.invalidSubject(text)
  return name
}

/** Whether a name that stands in a log is one of this registry's; ids of other contexts mean other schemas. */
export function isInDefaultContext(text: string): boolean {
  return splitContext(text).context === '.'
}

/** What names of subjects must begin with, or undefined where none can, for the `subjectPrefix` of a query. */
export function subjectPrefix(text: string): string | undefined {
  const { context, name } = splitContext(text)
  return context === '.' || context === '*' ? name : undefined
}

function splitContext(text: string): { context: string; name: string } {
  const qualified = /^:(\*|\.[^:]*):(.*)$/s.exec(text)
  return qualified ? { context: qualified[1]!, name: qualified[2]! } : { context: '.', name: text }
}
