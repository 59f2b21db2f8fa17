// How a service is started while it is worked on: as its package.json says under `start`, without npm between it and its signals.
import { EvplatError } from '../core/errors.ts'

export type Command = readonly [program: string, ...args: string[]]

interface Package {
  readonly scripts?: { readonly start?: unknown }
}

/**
 * The program and arguments of the script `start`. `node ...` is run by the Node that evplat runs on; what needs a shell or is another
 * program goes through `npm start`. Throws `bad-input` where there is no such script; `file` is how people call the package.json.
 */
export function startCommand(text: string, file: string, node: string): Command {
  const start = packageOf(text, file).scripts?.start
  if (typeof start !== 'string' || start.trim() === '')
    throw new EvplatError('bad-input', `${file} has no script "start"`, {
      hint: 'say there how the service is started, for example "start": "node src/main.ts"',
    })
  const [program, ...args] = start.trim().split(/\s+/)
  return program === 'node' && !/["'`$\\;&|<>*?(){}~#]/.test(start) ? [node, ...args] : ['npm', 'start', '--silent']
}

function packageOf(text: string, file: string): Package {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value
  } catch (thrown) {
    throw new EvplatError(
      'bad-input',
      `${file} is no JSON: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
    )
  }
  throw new EvplatError('bad-input', `${file} is no JSON object`)
}
