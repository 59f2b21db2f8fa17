// The session of `evplat dev`: services run, and what changes is brought to them. One loop takes the changes one after the other.
import { type Ending, type Patience, supervise } from './supervise.ts'
import { type FileChange, type Watched, createWatches } from './watch-files.ts'
import { type DevService, createFleet } from './fleet.ts'

/** What a session needs of the platform that it runs. */
export interface DevPlatform {
  /** absolute */
  readonly folder: string
  /** makes topics, schemas and generated types what platform.yaml says; false where that failed, which it has told */
  readonly prepare: () => Promise<boolean>
  /** the declared services that have a folder; undefined where platform.yaml has errors, which it has told */
  readonly services: () => Promise<readonly DevService[] | undefined>
  /** folders of schemas, absolute */
  readonly schemaFolders: () => Promise<readonly string[]>
}

export interface DevEvents {
  readonly line: (service: string, text: string) => void
  readonly say: (message: string) => void
}

const ofPlatform = 'platform.yaml'
const codeOf = (name: string): string => `service ${name}`

/** Code and settings of a service; its tests are none of what runs. */
export function mattersToService(path: string): boolean {
  if (/\.test\.[mc]?[jt]s$/.test(path)) return false
  return /(?:\.[mc]?[jt]s|\.json)$/.test(path) || /^(?:application(?:-[^/]+)?\.ya?ml|\.env)$/.test(path)
}

/** How a program's end is told. */
export function endingText({ code, signal, error }: Ending): string {
  if (error) return `can't be started: ${error.message}`
  return signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`
}

/** Runs until the signal aborts, and resolves when every service has ended. Throws what the platform throws, after that, too. */
export async function runSession(
  platform: DevPlatform,
  events: DevEvents,
  { signal, patience }: { readonly signal: AbortSignal; readonly patience?: Patience },
): Promise<void> {
  const fleet = createFleet((service) => supervise(service, programEvents(service.name, events), patience))
  const queue = newQueue<FileChange<string>[]>(signal)
  const watches = createWatches({ changed: queue.put, trouble: events.say }, signal)
  const refresh = async (): Promise<void> => {
    const services = await platform.services()
    watches.bringTo(placesOf(platform.folder, await platform.schemaFolders(), services ?? fleet.services()))
    const fits = services !== undefined && (await platform.prepare())
    if (signal.aborted) return
    if (fits) await fleet.bringTo(services)
    else events.say('waiting for a change')
  }
  try {
    await refresh()
    for await (const changes of queue.all) {
      if (changes.some(({ name }) => name === ofPlatform)) await refresh()
      for (const { name } of fleet.services()) {
        const change = changes.find((one) => one.name === codeOf(name))
        if (!change) continue
        events.say(`${name}: ${change.paths.join(', ')} changed`)
        fleet.restart(name)
      }
    }
  } catch (thrown) {
    // what was under way may have been ended by the signal
    if (!signal.aborted) throw thrown
  } finally {
    await fleet.bringTo([])
  }
}

function programEvents(name: string, { line, say }: DevEvents) {
  return {
    line: (text: string) => line(name, text),
    started: () => undefined,
    ended: (ending: Ending, againInMs: number) =>
      say(`${name} ${endingText(ending)}; started again in ${againInMs / 1000} s`),
  }
}

function placesOf(
  folder: string,
  schemaFolders: readonly string[],
  services: readonly DevService[],
): Watched<string>[] {
  return [
    { name: ofPlatform, folder, deep: false, matters: (path) => path === 'platform.yaml' || path === '.env' },
    ...schemaFolders.map((schemas) => ({
      name: ofPlatform,
      folder: schemas,
      deep: true,
      matters: (path: string) => path.endsWith('.avsc'),
    })),
    ...services.map((service) => ({
      name: codeOf(service.name),
      folder: service.folder,
      deep: true,
      matters: mattersToService,
    })),
  ]
}

/** Values in the order in which they were put, until the signal aborts. */
function newQueue<T>(signal: AbortSignal): { readonly put: (value: T) => void; readonly all: AsyncIterable<T> } {
  const values: T[] = []
  let wake = (): void => undefined
  signal.addEventListener('abort', () => wake(), { once: true })
  async function* take(): AsyncGenerator<T> {
    while (!signal.aborted) {
      const value = values.shift()
      if (value !== undefined) yield value
      else await new Promise<void>((resolve) => (wake = resolve))
    }
  }
  return {
    put: (value) => {
      values.push(value)
      wake()
    },
    all: take(),
  }
}
