/** The JSON pointer (RFC 6901) of a place some steps below another; '' is the whole. */
export function pointerTo(base: string, ...steps: readonly (string | number)[]): string {
  return [base, ...steps.map((step) => String(step).replaceAll('~', '~0').replaceAll('/', '~1'))].join('/')
}
