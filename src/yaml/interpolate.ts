// `${VAR}`, `${VAR:-default}`, `${VAR:?message}` and `$$` in scalar values, as compose files have them.

export type Variables = Readonly<Record<string, string | undefined>>

export interface Interpolated {
  readonly text: string
  /** the first variable without a value, and the message that the file gives for it */
  readonly missing?: { readonly name: string; readonly message?: string }
  /** a `${` that is none of the forms */
  readonly malformed?: true
}

const form = /\$\$|\$\{([A-Za-z_]\w*)(?:(:[-?])([^}]*))?\}|\$\{/g

/** Fills variables in. An empty variable counts as missing where a default or a message is given, as in POSIX shells. */
export function interpolate(text: string, variables: Variables): Interpolated {
  if (!text.includes('$')) return { text }
  const problem: { missing?: NonNullable<Interpolated['missing']>; malformed?: true } = {}
  const filled = text.replaceAll(form, (whole, name?: string, operator?: string, word?: string) => {
    if (whole === '$$') return '$'
    if (name === undefined) {
      problem.malformed = true
      return ''
    }
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined
    if (value !== undefined && (value !== '' || operator === undefined)) return value
    if (operator === ':-') return word ?? ''
    problem.missing ??= word ? { name, message: word } : { name }
    return ''
  })
  return { text: filled, ...problem }
}
