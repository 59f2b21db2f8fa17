// The session of `evplat dev`: services run, and what changes is brought to them. One loop takes the changes one after the other.
import { type Ending, type Patience, type Supervised, type Program, supervise } from './supervise.ts'
import { type FileChange, type Watched, watchFiles } from './watch-files.ts'

export interface DevService extends Program {
  readonly name: string
}

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

/** Runs until the signal aborts, and resolves when every service has ended. */
export async function runSession(
  platform: DevPlatform,
  events: DevEvents,
  { signal, patience }: { readonly signal: AbortSignal; readonly patience?: Patience },
): Promise<void> {
  const running = new Map<string, { readonly service: DevService; readonly program: Supervised }>()
  const start = (service: DevService): void => {
    const program = supervise(service, programEvents(service.name, events), patience)
    running.set(service.name, { service, program })
  }
  const stop = async (name: string): Promise<void> => {
    const one = running.get(name)
    running.delete(name)
    await one?.program.stop()
  }
  /** Starts what is declared now, stops what is not any more, and starts anew what is declared otherwise. */
  const bringTo = async (desired: readonly DevService[]): Promise<void> => {
    const wanted = new Map(desired.map((service) => [service.name, service]))
    const gone = [...running].filter(([name, { service }]) => !isSame(service, wanted.get(name)))
    await Promise.all(gone.map(([name]) => stop(name)))
    if (!signal.aborted) for (const service of desired) if (!running.has(service.name)) start(service)
  }
  const queue = newQueue<FileChange<string>[]>(signal)
  const watching = new Map<string, AbortController>()
  /** A place that is watched already goes on: a change that comes meanwhile is not lost. */
  const watchAll = async (services: readonly DevService[]): Promise<void> => {
    const places = placesOf(platform.folder, await platform.schemaFolders(), services)
    const wanted = new Map(places.map((place) => [`${place.name} ${place.folder}`, place]))
    for (const [key, end] of watching)
      if (!wanted.has(key)) {
        end.abort()
        watching.delete(key)
      }
    for (const [key, place] of wanted)
      if (!watching.has(key)) {
        const end = new AbortController()
        watching.set(key, end)
        watchFiles([place], { changed: queue.put, trouble: events.say }, AbortSignal.any([signal, end.signal]))
      }
  }
  const refresh = async (): Promise<void> => {
    const services = await platform.services()
    await watchAll(services ?? [...running.values()].map(({ service }) => service))
    if (services && (await platform.prepare())) await bringTo(services)
    else if (!signal.aborted) events.say('waiting for a change')
  }
  await refresh()
  for await (const changes of queue.all) {
    const isPlatform = changes.some(({ name }) => name === ofPlatform)
    if (isPlatform) await refresh()
    for (const [name, { program }] of running) {
      const change = changes.find((one) => one.name === codeOf(name))
      if (!change) continue
      events.say(`${name}: ${change.paths.join(', ')} changed`)
      program.restart()
    }
  }
  await Promise.all([...running.keys()].map(stop))
}

function programEvents(name: string, { line, say }: DevEvents) {
  return {
    line: (text: string) => line(name, text),
    started: () => undefined,
    ended: (ending: Ending, againInMs: number) =>
      say(`${name} ${endingText(ending)}; started again in ${againInMs / 1000} s`),
  }
}

function isSame(one: DevService, other: DevService | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
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
