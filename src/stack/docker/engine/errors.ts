// What an engine and its client say, as errors of evplat: the one place that reads their words. They are those of Docker 20.10 to
// 29 and of Podman 4 and 5, which have no codes for them.
import { elapsed } from '../../../core/duration.ts'
import { EvplatError, type ErrorParts, messageOf, systemCode } from '../../../core/errors.ts'
import { dockerHub, registryOf } from './image-name.ts'

/** What was asked of the engine. */
export interface Request {
  /** the engine for people: `Docker 20.10.24 at unix:///var/run/docker.sock` */
  readonly engine: string
  /** what for: `start container "shop-kafka-1"`, after "to" */
  readonly action: string
  /** the image that it is about */
  readonly image?: string
}

/** What to do about an engine that does not let this user in. */
export const deniedHint =
  'let this user use it: `sudo usermod -aG docker $USER`, and log in again; `evplat doctor` shows what was tried'

const goneCodes = ['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENOTFOUND']
const goneWords = /^(?:socket hang up|aborted|premature close)$/i

/** how long one request may take, in milliseconds; the making of a container on a slow disk takes long */
const patienceMs = 120_000

/** Does one request. Throws what the engine refuses as an EvplatError, and `engine-away` where it gives no answer in time. */
export async function onEngine<T>(request: Request, work: () => Promise<T>, limitMs: number = patienceMs): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(away(request, `no answer within ${elapsed(limitMs)}`)), limitMs)
  })
  try {
    return await Promise.race([work(), late])
  } catch (thrown) {
    throw engineError(thrown, request)
  } finally {
    clearTimeout(timer)
  }
}

/** The status that the engine answered with, undefined where it did not. */
export function statusOf(thrown: unknown): number | undefined {
  return thrown instanceof Error && 'statusCode' in thrown && typeof thrown.statusCode === 'number'
    ? thrown.statusCode
    : undefined
}

/** What was asked for, or undefined where the engine has no such thing (any more). */
export function foundOr404<T>(request: Promise<T>): Promise<T | undefined> {
  return request.catch((thrown: unknown) => {
    if (statusOf(thrown) === 404) return undefined
    throw thrown
  })
}

/** What the engine said, without what its client puts around it. */
function wordsOf(thrown: unknown): string {
  const json: unknown = thrown instanceof Error && 'json' in thrown ? thrown.json : undefined
  const said: unknown = typeof json === 'object' && json !== null && 'message' in json ? json.message : undefined
  const words = typeof said === 'string' ? said : messageOf(thrown).replace(/^\(HTTP code \d+\) .*? - /s, '')
  return words.trim()
}

/** Anything that was thrown by a request, as an EvplatError. */
export function engineError(thrown: unknown, request: Request): EvplatError {
  if (thrown instanceof EvplatError) return thrown
  const code = systemCode(thrown)
  if (code === 'EACCES')
    return new EvplatError('engine-denied', `this user may not use ${request.engine}`, {
      hint: deniedHint,
      cause: thrown,
    })
  if (goneCodes.includes(code) || goneWords.test(messageOf(thrown))) return away(request, messageOf(thrown))
  return refusal(wordsOf(thrown), request, thrown)
}

function away({ engine }: Request, reason: string): EvplatError {
  return new EvplatError('engine-away', `${engine} does not answer any more: ${reason}`, {
    hint: 'see whether it runs with `evplat doctor`; then run the command again: it goes on where this one ended',
  })
}

type Translation = readonly [words: RegExp, error: (said: string, image: string) => Fact]
type Fact = readonly [code: EvplatError['code'], message: string, parts: ErrorParts]

const ofAnything: readonly Translation[] = [
  [/port is already allocated|address already in use/i, portTaken],
  [/no space left on device|not enough (?:free )?space/i, diskFull],
  [/no matching manifest|exec format error|does not match the specified platform/i, unfit],
]
/** said of a request that is about an image; elsewhere the same words mean something else */
const ofImages: readonly Translation[] = [
  [/no such image|image not known|manifest unknown|manifest for .* not found|name unknown|: not found$/i, missing],
  [/pull access denied|unauthori[sz]ed|no basic auth credentials|denied: /i, notLetIn],
  [/no such host|dial tcp|i\/o timeout|tls: |x509: |toomanyrequests|Client\.Timeout|connection refused/i, unfetched],
]

function refusal(said: string, { engine, action, image }: Request, cause: unknown): EvplatError {
  const translations = image === undefined ? ofAnything : [...ofAnything, ...ofImages]
  const [code, message, parts] = translations.find(([words]) => words.test(said))?.[1](said, image ?? '') ?? [
    'engine-refused',
    `${engine} refused to ${action}`,
    { hint: 'see its own words, and what `evplat doctor` says of this machine' },
  ]
  return new EvplatError(code, message, { said, saidBy: 'engine', ...parts, cause })
}

/** A port that the engine can't publish: `Bind for 127.0.0.1:9092 failed`, `listen tcp4 127.0.0.1:9092: bind: ...`. */
function portTaken(said: string): Fact {
  const port = /(?:127\.0\.0\.1|0\.0\.0\.0|::1?\]?):([1-9]\d*)/.exec(said)?.[1]
  const parts = {
    hint: 'stop who has it, or set another in platform.yaml: `stack.ports`',
    ...(port !== undefined && { details: { port: Number(port) } }),
  }
  return ['port-taken', `port ${port ?? 'of a container'} is taken by another program or container`, parts]
}

function diskFull(): Fact {
  const hint = 'make room there: `docker system df` shows what takes it; then run the command again'
  return ['disk-full', 'the disk of the container engine is full', { hint }]
}

function unfit(_: string, image: string): Fact {
  const which = image === '' ? 'the image of a container' : `image "${image}"`
  return [
    'image-unfit',
    `${which} is not made for the processor of the engine`,
    { hint: 'name one that is in platform.yaml: `stack.images`' },
  ]
}

function missing(_: string, image: string): Fact {
  const hint = 'is its name right? `stack.images` in platform.yaml names another; then `evplat up`'
  return ['image-missing', `there is no image "${image}"`, { hint }]
}

/** A registry tells a stranger of an image that he may not see the same as of one that is not there. */
function notLetIn(_: string, image: string): Fact {
  const registry = registryOf(image)
  const login = registry === dockerHub ? '`docker login`' : `\`docker login ${registry}\``
  const hint = `is its name right? If it needs a login, say ${login} first; \`stack.images\` in platform.yaml names another`
  return ['image-missing', `there is no image "${image}", or not for this user`, { hint }]
}

function unfetched(_: string, image: string): Fact {
  const hint = `the engine has to reach ${registryOf(image)}: look at its network and proxy, or name a registry that it reaches by \`stack.images\``
  return ['download-failed', `image "${image}" could not be fetched`, { hint }]
}
