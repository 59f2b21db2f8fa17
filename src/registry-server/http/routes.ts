// From method and path to the handler of a resource.
import type { Json, JsonObject } from '../../core/json.ts'
import type { Journal } from '../journal.ts'
import { refusals } from '../refusals.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

export interface Call {
  /** a part of the path by its name in the route, decoded */
  readonly part: (name: string) => string
  readonly query: URLSearchParams
  /** the JSON object of a POST or PUT, else empty */
  readonly body: JsonObject
  readonly journal: Journal
}

/** What goes back: a value to be written as JSON, or a text that is JSON already. */
export type Answer = { readonly json: Json } | { readonly text: string }

export interface Route {
  readonly method: Method
  /** `/subjects/:subject/versions`: parts after a colon are named */
  readonly path: string
  readonly handle: (call: Call) => Answer | Promise<Answer>
}

export interface Match {
  readonly route: Route
  readonly parts: ReadonlyMap<string, string>
}

/** The route of a request. Throws 404 where no route has the path, 405 where it has other methods, 400 for a path that can't be decoded. */
export function findRoute(routes: readonly Route[], method: string, path: string): Match {
  const wanted = method === 'HEAD' ? 'GET' : method
  const segments = path.split('/').map(decoded)
  let known = false
  for (const route of routes) {
    const parts = matchPath(route.path.split('/'), segments)
    if (parts && route.method === wanted) return { route, parts }
    known ||= parts !== undefined
  }
  throw known ? refusals.methodNotAllowed() : refusals.noSuchPath()
}

/** The methods that a path knows, as the Allow header lists them. */
export function allowedMethods(routes: readonly Route[], path: string): string {
  const segments = path.split('/')
  const methods = routes.filter((r) => matchPath(r.path.split('/'), segments)).map((r) => r.method as string)
  return [...new Set(methods.includes('GET') ? ['HEAD', ...methods] : methods)].sort().join(', ')
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw refusals.badRequest('The path is not URL-encoded UTF-8')
  }
}

function matchPath(pattern: readonly string[], segments: readonly string[]): Map<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined
  const parts = new Map<string, string>()
  for (const [i, segment] of segments.entries()) {
    const expected = pattern[i]!
    if (expected.startsWith(':') && segment !== '') parts.set(expected.slice(1), segment)
    else if (expected !== segment) return undefined
  }
  return parts
}
