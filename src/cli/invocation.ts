import { relative } from 'node:path'

/** How the user started evplat, so that a command that a message names can be typed as it stands. */
export function invocationOf(env: NodeJS.ProcessEnv, script: string): string {
  if (env['npm_command'] === 'exec') return 'npx evplat'
  return script.endsWith('evplat.js') ? `node ${relative('.', script)}` : 'evplat'
}

/** Commands in backticks start with `evplat`; shown in the form in which evplat was started. */
export function inInvocationForm(text: string, invocation: string): string {
  return text.replaceAll(/`evplat(?=[ `])/g, () => `\`${invocation}`)
}

/** Whether a stream gets colour: FORCE_COLOR and NO_COLOR decide, else whether it is a terminal. */
export function wantsColour(env: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  if (env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '0') return true
  if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '') return false
  return isTerminal && env['TERM'] !== 'dumb'
}
