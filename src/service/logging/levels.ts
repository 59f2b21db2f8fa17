// Loggers form a tree by the dots of their names: a level holds for a logger and all below it that have none of their own.
import type { Loggers } from '../actuator/ports.ts'
import { type LogLevel, logLevels } from '../config/settings.ts'

const root = 'ROOT'

export interface Levels {
  readonly loggers: Loggers
  /** The logger is there from now on; `isOn` follows each change of levels. */
  add(name: string): { isOn(level: LogLevel): boolean }
}

/** ROOT is at `info` where nothing is configured. */
export function createLevels(configuredLevels: Readonly<Record<string, LogLevel>>): Levels {
  const configured = new Map(Object.entries(configuredLevels).map(([name, level]) => [canonical(name), level]))
  const effective = new Map<string, LogLevel>()
  const names = new Set<string>([root])
  for (const name of configured.keys()) addName(names, name)
  const levelOf = (name: string): LogLevel => {
    const known = effective.get(name)
    if (known !== undefined) return known
    const level = configured.get(name) ?? (name === root ? 'info' : levelOf(parentOf(name)))
    effective.set(name, level)
    return level
  }
  const set = (given: string, level: string | undefined): boolean => {
    const name = canonical(given)
    if (!names.has(name) || (level !== undefined && !isLevel(level))) return false
    if (level === undefined) configured.delete(name)
    else configured.set(name, level)
    effective.clear()
    return true
  }
  const list = (): ReturnType<Loggers['list']> =>
    new Map(
      [root, ...[...names].filter((name) => name !== root).toSorted()].map((name) => {
        const own = configured.get(name)
        return [name, { effective: levelOf(name), ...(own !== undefined && { configured: own }) }]
      }),
    )
  const add = (given: string): ReturnType<Levels['add']> => {
    const name = canonical(given)
    addName(names, name)
    return { isOn: (level) => logLevels.indexOf(level) >= logLevels.indexOf(levelOf(name)) }
  }
  return { loggers: { levels: logLevels, list, set }, add }
}

const canonical = (name: string): string => (name.toUpperCase() === root ? root : name)

function parentOf(name: string): string {
  const dot = name.lastIndexOf('.')
  return dot < 1 ? root : name.slice(0, dot)
}

/** The parents of a logger can be set as well. */
function addName(names: Set<string>, name: string): void {
  for (let each = name; !names.has(each); each = parentOf(each)) names.add(each)
}

function isLevel(text: string): text is LogLevel {
  return (logLevels as readonly string[]).includes(text)
}
