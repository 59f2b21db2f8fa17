// The recorded answers of Kafka 3.9: one file of JSON for each file of scenarios. What comes several times (lists of configs) is written
// once, under `shared`.
import { readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Json } from './normalise.ts'

type Answers = Readonly<Record<string, Json>>
interface File {
  readonly shared: Readonly<Record<string, Json>>
  readonly scenarios: Answers
}

const folder = 'test/golden/differential'
/** shorter ones are written where they stand */
const worthSharing = 400

function mapArrays(value: Json, change: (array: readonly Json[]) => Json): Json {
  if (Array.isArray(value)) return change(value.map((item: Json) => mapArrays(item, change)))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, mapArrays(each, change)]))
}

function share(scenarios: Answers): File {
  const counts = new Map<string, number>()
  const count = (array: readonly Json[]): Json => {
    const key = JSON.stringify(array)
    counts.set(key, (counts.get(key) ?? 0) + 1)
    return array
  }
  mapArrays(scenarios, count)
  const names = new Map<string, string>()
  for (const [key, times] of counts) if (times > 1 && key.length >= worthSharing) names.set(key, `$${names.size + 1}`)
  const refer = (array: readonly Json[]): Json => names.get(JSON.stringify(array)) ?? array
  const shared = Object.fromEntries(Array.from(names, ([key, name]) => [name, JSON.parse(key) as Json]))
  return { shared, scenarios: mapArrays(scenarios, refer) as Answers }
}

function unshare({ shared, scenarios }: File): Answers {
  const resolve = (value: Json): Json => {
    if (typeof value === 'string') return shared[value] ?? value
    if (Array.isArray(value)) return value.map(resolve)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, resolve(each)]))
  }
  return resolve(scenarios) as Answers
}

/** The answers to each scenario of a file, by its name. */
export function readGolden(name: string): Answers {
  return unshare(JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as File)
}

/** Writes a file: one line for a step, so that changes are seen. */
export async function writeGolden(name: string, scenarios: Answers): Promise<string> {
  const file = share(scenarios)
  const lines = (object: Answers): string =>
    Object.entries(object)
      .map(([key, value]) => {
        const items = Array.isArray(value) ? value.map((item: Json) => `\n  ${JSON.stringify(item)}`).join(',') : ''
        return `${JSON.stringify(key)}: [${items}]`
      })
      .join(',\n')
  const path = join(folder, `${name}.json`)
  await mkdir(folder, { recursive: true })
  await writeFile(path, `{"shared": {\n${lines(file.shared)}\n},\n"scenarios": {\n${lines(file.scenarios)}\n}}\n`)
  return path
}
