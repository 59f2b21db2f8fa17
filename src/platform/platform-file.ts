// The bytes of platform.yaml -> its tree.
import { EvplatError } from '../core/errors.ts'
import { didYouMean } from '../core/did-you-mean.ts'
import { type Located, placeOf, shownAt } from './located.ts'
import { failureText, readText } from '../yaml/read-text.ts'
import type { Problem, Report } from '../yaml/report.ts'
import { apiVersion } from './shape.ts'
import { createSource, placeIn } from '../yaml/source.ts'
import type { Tree } from '../yaml/tree.ts'
import { parseYaml } from '../yaml/yaml-text.ts'
import { convertTree } from '../yaml/yaml-tree.ts'

/** some 60,000 topics; the parser needs 80 times the memory */
const maxBytes = 8_000_000

/**
 * The file at `path`, which people call `name`; or `given`, where it is there, as if the file held it. Undefined when it cannot be
 * read as a platform: the report says why.
 */
export async function readPlatformFile(
  path: string,
  name: string,
  report: Report,
  given?: string,
): Promise<Located | undefined> {
  const reading = given === undefined ? await readText(path, maxBytes) : { text: given }
  if ('failure' in reading) {
    const hint = 'start one with `evplat init`, or name another file with `-f`'
    throw reading.failure === 'ENOENT'
      ? new EvplatError('platform-missing', `there is no "${name}" here`, { hint })
      : new EvplatError('platform-unreadable', `"${name}" ${failureText(reading.failure)}`, {
          hint: reading.failure === 'EISDIR' ? 'name the file in it with `-f`' : 'let this user read it',
          details: { path },
        })
  }
  const at = { file: name, line: 1, column: 1 }
  if ('bytes' in reading) {
    const remedy = `split it into several platforms: at most ${maxBytes} bytes are read`
    report.error({ code: 'yaml-too-large', at, message: `the file has ${reading.bytes} bytes`, remedy })
    return undefined
  }
  const source = createSource(name, reading.text)
  if ('badAt' in reading) {
    const place = placeIn(source, reading.badAt)
    report.error({ code: 'yaml-encoding', at: place, message: 'the file is not UTF-8', remedy: 'save it as UTF-8' })
    return undefined
  }
  const contents = parseYaml(source, report)
  if (contents === undefined) return undefined
  const root: Tree | undefined = contents === null ? undefined : convertTree(source, contents, report)
  if (root?.kind !== 'map') {
    report.error(noMap(root, at))
    return undefined
  }
  return isKnownVersion({ source, root }, report) ? { source, root } : undefined
}

function noMap(root: Tree | undefined, at: Required<Problem>['at']): Problem {
  const isEmpty = root === undefined || (root.kind === 'scalar' && root.isNull)
  return {
    code: 'yaml-empty',
    at,
    message: isEmpty ? 'the file is empty' : 'the file is no map of keys and values',
    remedy: `it starts with \`apiVersion: ${apiVersion}\`; \`evplat init\` writes one in an empty folder`,
  }
}

/** Another version may mean anything by its keys, so that nothing else is worth saying. */
function isKnownVersion(file: Located, report: Report): boolean {
  const version = file.root.entries.get('apiVersion')?.value
  if (version?.kind !== 'scalar' || version.isNull || version.text === apiVersion || version.text.includes('$'))
    return true
  report.error({
    code: 'api-version',
    at: placeOf(file, ['apiVersion']),
    message: `this evplat does not read ${shownAt(file, ['apiVersion'])}`,
    remedy: didYouMean(version.text, [apiVersion]) || `it reads \`apiVersion: ${apiVersion}\``,
  })
  return false
}
