// application.yaml and application-PROFILE.yaml -> what was found in them, and what they may not say.
import { join } from 'node:path'
import { didYouMean } from '../../core/did-you-mean.ts'
import { failureText, readText } from '../../yaml/read-text.ts'
import type { Report } from '../../yaml/report.ts'
import { type Source, createSource, placeIn } from '../../yaml/source.ts'
import type { Entry, Mapping, Tree } from '../../yaml/tree.ts'
import { parseYaml } from '../../yaml/yaml-text.ts'
import { convertTree } from '../../yaml/yaml-tree.ts'
import type { Found, Raw } from './found.ts'
import { isGroup, keyOf, namesBelow, settingName } from './names.ts'

const maxBytes = 1_000_000

/** What a file of the folder sets, `application` or `application-PROFILE` with `.yaml` or `.yml`; nothing where there is none. */
export async function readYamlSource(folder: string, base: string, report: Report): Promise<Found[]> {
  for (const name of [`${base}.yaml`, `${base}.yml`]) {
    const reading = await readText(join(folder, name), maxBytes)
    const at = { file: name, line: 1, column: 1 }
    if ('failure' in reading) {
      if (reading.failure === 'ENOENT') continue
      const message = `"${name}" ${failureText(reading.failure)}`
      report.error({ code: 'file-missing', at, message, remedy: 'it has to be a file that this user may read' })
    } else if ('bytes' in reading || 'badAt' in reading) {
      const isLarge = 'bytes' in reading
      report.error({
        code: isLarge ? 'yaml-too-large' : 'yaml-encoding',
        at: isLarge ? at : placeIn(createSource(name, reading.text), reading.badAt),
        message: isLarge ? `the file has ${reading.bytes} bytes` : 'the file is not UTF-8',
        remedy: isLarge ? `at most ${maxBytes} bytes are read` : 'save it as UTF-8',
      })
    } else return foundIn(createSource(name, reading.text), report)
    return []
  }
  return []
}

function foundIn(source: Source, report: Report): Found[] {
  const contents = parseYaml(source, report)
  const root = contents ? convertTree(source, contents, report) : undefined
  if (root?.kind === 'map') {
    const found = new Map<string, Found>()
    flatten({ source, report, found }, root, '')
    return [...found.values()]
  }
  if (root !== undefined && !(root.kind === 'scalar' && root.isNull))
    report.error({
      code: 'yaml-empty',
      at: placeIn(source, root.start, root.end),
      message: 'the file is no map of keys and values',
      remedy: 'for example `server:`, and below it `  port: 8080`',
    })
  return []
}

interface Flattening {
  readonly source: Source
  readonly report: Report
  readonly found: Map<string, Found>
}

function flatten(to: Flattening, { entries }: Mapping, above: string): void {
  for (const [key, entry] of entries) visit(to, above === '' ? key : `${above}.${key}`, key, entry)
}

function visit(to: Flattening, dotted: string, key: string, entry: Entry): void {
  const { value } = entry
  const name = settingName(dotted)
  const isOpen = name !== undefined && isFree(name)
  if (isGroup(dotted) && isNothing(value)) return
  if (value.kind === 'map' && (isGroup(dotted) || (isOpen && value.entries.size > 0))) flatten(to, value, dotted)
  else if (name !== undefined) add(to, name, entry)
  else if (!isGroup(dotted)) tellUnknown(to, dotted, key, entry)
  else {
    const message = `"${dotted}" must be a map, not ${value.kind === 'list' ? 'a list' : 'a value'}`
    const remedy = `known keys: ${namesBelow(dotted).join(', ') || 'those of the service'}`
    to.report.error({ code: 'invalid-value', at: placeIn(to.source, value.start, value.end), message, remedy })
  }
}

const isNothing = (tree: Tree): boolean => tree.kind === 'scalar' && tree.isNull

/** Whether names that users give may go on below it. */
const isFree = (name: string): boolean => name.startsWith('app.') || (keyOf(name)?.isMap ?? false)

function add({ source, report, found }: Flattening, name: string, { key, value }: Entry): void {
  const { start, end } = value.kind === 'scalar' && !value.isNull ? value : key
  const at = placeIn(source, start, end)
  const first = found.get(name)
  if (first) {
    const remedy = `it stands in line ${first.at!.line} already: keep one of them`
    const message = `"${name}" stands here for the second time`
    report.error({ code: 'yaml-duplicate-key', at: placeIn(source, key.start, key.end), message, remedy })
    return
  }
  found.set(name, { name, raw: rawOf(source, value), source: source.file, origin: `${source.file}:${at.line}`, at })
}

function rawOf(source: Source, tree: Tree): Raw {
  if (tree.kind === 'list') return { kind: 'list', items: tree.items.map((item) => rawOf(source, item)) }
  if (tree.kind === 'map')
    return { kind: 'map', entries: [...tree.entries].map(([name, { value }]) => [name, rawOf(source, value)]) }
  if (tree.isNull) return { kind: 'nothing' }
  const isPlain = !/["'|>]/.test(source.text[tree.start] ?? '')
  return { kind: 'text', text: tree.text, isPlain, isFilled: true }
}

function tellUnknown({ source, report }: Flattening, dotted: string, key: string, entry: Entry): void {
  const above = dotted.slice(0, Math.max(0, dotted.length - key.length - 1))
  const known = namesBelow(above)
  const remedy =
    dotted === 'spring'
      ? 'leave "spring" out: `kafka.bootstrapServers`, `profiles.active`'
      : didYouMean(key, known) || `known keys: ${known.join(', ')}; those of your own stand under \`app\``
  report.error({
    code: 'unknown-key',
    at: placeIn(source, entry.key.start, entry.key.end),
    message: `"${key}" is not a key of ${above === '' ? 'the settings' : `"${above}"`}`,
    remedy,
  })
}
