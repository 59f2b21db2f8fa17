// What zod says about a value -> findings: the fact in words, the place, and what to do.
import type * as z from 'zod/mini'
import { didYouMean } from '../core/did-you-mean.ts'
import type { Refusal } from './leaf.ts'
import { type Located, keyPlaceOf, nameOf, placeOf, shown } from './located.ts'
import type { Problem } from '../yaml/report.ts'
import { type List, type Mapping, type Path, type Tree, nodeAt } from '../yaml/tree.ts'

type Issue = z.core.$ZodIssue

const secretKeys = new Set(['password', 'token'])

/** The problems behind one issue. None where a variable without a value is to blame, which is told already. */
export function problemsOf(issue: Issue, file: Located, above: Path = []): Problem[] {
  const path = [...above, ...(issue.path as (string | number)[])]
  const node = nodeAt(file.root, path)
  if (node?.kind === 'scalar' && node.unset === true) return []
  if (issue.code === 'unrecognized_keys') return unknownKeys(issue, file, path)
  if (!node) return [missingKey(issue, file, path)]
  if (issue.code === 'invalid_union' && issue.errors.length > 0) return insideUnion(issue, file, path)
  return [wrongValue(issue, file, path, node)]
}

function unknownKeys(issue: z.core.$ZodIssueUnrecognizedKeys, file: Located, path: Path): Problem[] {
  const known = issue.message.split('\n').filter((key) => key !== '')
  return issue.keys.map((key) => ({
    code: 'unknown-key',
    at: keyPlaceOf(file, [...path, key]),
    message: `"${key}" is not a key of ${nameOf(path)}`,
    remedy: didYouMean(key, known) || (known.length > 0 ? `known keys: ${known.join(', ')}` : 'it has no keys'),
  }))
}

function missingKey(issue: Issue, file: Located, path: Path): Problem {
  const key = String(path.at(-1))
  const { expected, example, hint } = wanted(issue)
  return {
    code: 'missing-key',
    at: keyPlaceOf(file, path.slice(0, -1)),
    message: `${nameOf(path.slice(0, -1))} lacks "${key}"`,
    remedy:
      example === ''
        ? `"${key}" is ${expected}${hint === undefined ? '' : `; ${hint}`}`
        : `for example \`${key}: ${example}\``,
  }
}

/** Of the forms that a value may have, the one that is a map is meant by a map, and the other by text. */
function insideUnion(issue: z.core.$ZodIssueInvalidUnion, file: Located, path: Path): Problem[] {
  const isMap = nodeAt(file.root, path)?.kind === 'map'
  const ofMap = issue.errors.find((branch) => branch.some((inner) => inner.path.length > 0 || 'keys' in inner))
  const ofText = issue.errors.flat().find((inner) => inner.code === 'custom' && inner.path.length === 0)
  if (isMap && ofMap) return ofMap.filter((inner) => inner !== ofText).flatMap((inner) => problemsOf(inner, file, path))
  return ofText ? problemsOf(orMap(ofText), file, path) : []
}

function orMap(issue: Issue): Issue {
  const { expected } = wanted(issue)
  return { ...issue, code: 'custom', params: { ...refusalOf(issue), expected: `${expected}, or a map` } }
}

function wrongValue(issue: Issue, file: Located, path: Path, node: Tree): Problem {
  const written = node.kind === 'scalar' ? (node.written ?? node.text) : ''
  const { expected, example, hint, later } = wanted(issue, written)
  const at = placeOf(file, path)
  const name = nameOf(path)
  if (later !== undefined)
    return {
      code: 'not-in-this-version',
      at,
      message: `${later} is not in this version of evplat`,
      remedy: 'what there is: TLS, and SASL with plain, scram-sha-256 or scram-sha-512',
    }
  const remedy = hint ?? (example === '' ? `write ${expected}` : `for example \`${entryOf(path, example)}\``)
  if (node.kind === 'scalar' && node.isNull)
    return { code: 'invalid-value', at, message: `${name} has no value`, remedy }
  const isSecret = secretKeys.has(String(path.at(-1)))
  const found = node.kind !== 'scalar' ? kindOf(node) : isSecret ? 'this' : shown(written)
  return { code: 'invalid-value', at, message: `${name} must be ${expected}, not ${found}`, remedy }
}

function kindOf(node: List | Mapping): string {
  if (node.kind === 'map') return 'a map'
  return node.items.length === 0 ? 'an empty list' : 'a list'
}

const entryOf = (path: Path, example: string): string =>
  typeof path.at(-1) === 'number' ? `- ${example}` : `${path.at(-1)}: ${example}`

function refusalOf(issue: Issue): Refusal | undefined {
  return issue.code === 'custom' ? (issue.params as Refusal | undefined) : undefined
}

/** What an issue asks for. */
function wanted(issue: Issue, written = ''): Refusal {
  const refusal = refusalOf(issue)
  if (refusal) return refusal
  if (issue.code === 'invalid_union' && 'options' in issue) {
    const rules = (issue.options ?? []).map(String)
    const hint = didYouMean(written, rules) || undefined
    return { expected: `one of ${rules.join(', ')}`, example: rules[0] ?? '', hint }
  }
  if (issue.code === 'too_small') return { expected: 'a list with at least one entry', example: '' }
  if (issue.code === 'invalid_type' && issue.expected === 'array')
    return { expected: 'a list', example: `[${written === '' ? '...' : written}]` }
  if (issue.code === 'invalid_type' && issue.expected === 'record')
    return { expected: 'a map', example: '{ NAME: ... }' }
  const keys = issue.message.split('\n').join(', ')
  return { expected: 'a map', example: '', hint: keys === '' ? undefined : `known keys: ${keys}` }
}
