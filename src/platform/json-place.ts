// From a JSON pointer to the characters it names: every JSON text is YAML to the `yaml` library, which keeps positions.
import { type Node, isMap, isNode, isPair, isSeq, parseDocument } from 'yaml'
import type { Place } from '../core/finding.ts'
import { type Source, placeIn } from '../yaml/source.ts'

/** The place of what a JSON pointer (RFC 6901) names in a JSON text; as near above it as the text goes. */
export function jsonPlace(source: Source, pointer: string): Place {
  const { contents } = parseDocument(source.text, { uniqueKeys: false, schema: 'failsafe', logLevel: 'silent' })
  let node: Node | null = contents
  for (const step of pointer.split('/').slice(1)) {
    const next: unknown = child(node, step.replaceAll('~1', '/').replaceAll('~0', '~'))
    if (!isNode(next)) break
    node = next
  }
  const range = node?.range
  return range ? placeIn(source, range[0], range[1]) : placeIn(source, 0)
}

function child(node: Node | null, key: string): unknown {
  if (isSeq(node)) return node.items[Number(key)]
  if (isMap(node)) return node.items.find((pair) => isPair(pair) && String(pair.key) === key)?.value
  return undefined
}
