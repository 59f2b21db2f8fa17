// What doctor found, for people: a line for each check, its remedy below it.
import type { Style } from '../core/style.ts'
import type { Check, Diagnosis } from '../stack/doctor/check.ts'

function paint(state: Check['state'], style: Style): (text: string) => string {
  switch (state) {
    case 'ok':
      return style.green
    case 'warning':
      return style.yellow
    case 'missing':
      return style.red
  }
}

/** Every check, then whether the stack could start. */
export function diagnosisText({ runtime, ready, checks }: Diagnosis, style: Style): string {
  const width = Math.max(...checks.map(({ name }) => name.length))
  const indent = ' '.repeat('missing'.length + 2 + width + 2)
  const lines = checks.flatMap(({ name, state, fact, remedy, tried = [] }) => [
    `${paint(state, style)(state.padEnd('missing'.length))}  ${name.padEnd(width)}  ${fact}`,
    ...tried.map((line) => indent + style.dim(line)),
    ...(remedy === undefined ? [] : [`${indent}${style.cyan('try')}: ${remedy}`]),
  ])
  const verdict = ready
    ? `the stack can start on the runtime ${runtime}: \`evplat up\``
    : `the stack can't start on the runtime ${runtime}: see what is missing`
  return [...lines, '', verdict].join('\n') + '\n'
}
