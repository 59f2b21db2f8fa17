// The answer that says one error to everything that a request asked for, made from the definitions of both messages: where both
// have a list of the same things (topics, partitions, groups, resources), each thing is answered, with its names and the error.
import type { Api, ResponseWritten } from '../../protocol/api.ts'
import type { Field, Fields } from '../../protocol/notation.ts'

type Values = Readonly<Record<string, unknown>>

export interface How {
  readonly version: number
  readonly code: number
}

/** fields by which both messages call one thing, where they don't call it alike */
const sameThing: readonly (readonly [response: string, request: string])[] = [
  ['partitionIndex', 'partition'],
  ['partition', 'partitionIndex'],
  ['index', 'partition'],
  ['index', 'index'],
  ['responses', 'topicData'],
  ['responses', 'topics'],
  ['responses', 'resources'],
  ['results', 'topics'],
  ['results', 'resources'],
  ['results', 'groupsNames'],
  ['partitionResponses', 'partitionData'],
  ['coordinators', 'coordinatorKeys'],
  ['groups', 'groups'],
]

const empty: Readonly<Record<string, unknown>> = {
  bool: false,
  int8: 0,
  int16: 0,
  int32: 0,
  int64: 0n,
  uuid: 'AAAAAAAAAAAAAAAAAAAAAA',
  string: '',
  bytes: Buffer.alloc(0),
  records: Buffer.alloc(0),
  array: [],
}

function counterpart(name: string, request: Values): unknown {
  if (name in request) return request[name]
  const other = sameThing.find(([response, field]) => response === name && field in request)
  return other && request[other[1]]
}

function valueOf(name: string, { shape, options }: Field, request: Values, how: How): unknown {
  const { since = 0, until = Infinity } = options
  if (how.version < since || how.version > until) return undefined
  if (name === 'errorCode') return how.code
  const same = counterpart(name, request)
  if (shape.kind === 'array' && shape.element.kind === 'struct') {
    const { fields } = shape.element
    return Array.isArray(same) ? same.map((item) => answerTo(fields, itemOf(item, fields), how)) : []
  }
  if (shape.kind === 'struct') return undefined
  if (same !== undefined && typeof same !== 'object') return same
  if ('default' in options) return options.default
  return options.nullable === undefined ? empty[shape.kind] : null
}

/** A name alone, in a list of names, is the first field of what answers it. */
function itemOf(item: unknown, fields: Fields): Values {
  if (typeof item === 'object' && item !== null) return item as Values
  const first = Object.keys(fields).find((key) => key !== 'errorCode' && key !== 'errorMessage') ?? ''
  return { [first]: item, partitionIndex: item }
}

function answerTo(fields: Fields, request: Values, how: How): Values {
  const entries = Object.entries(fields).map(([name, field]) => [name, valueOf(name, field, request, how)] as const)
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined))
}

/** An answer of this API with the error code wherever it has place for an error, at the version of the request. */
export function refuseAll(api: Api, request: object, how: How): ResponseWritten<Api> {
  return answerTo(api.response, request as Values, how) as ResponseWritten<Api>
}
