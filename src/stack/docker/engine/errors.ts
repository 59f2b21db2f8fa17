// What an engine and its client say, as errors of evplat.
import { elapsed } from '../../../core/duration.ts'
import { EvplatError, messageOf, systemCode } from '../../../core/errors.ts'
import { translate } from './refusals.ts'

/** What was asked of the engine. */
export interface Request {
  /** the engine for people: `Docker 20.10.24 at unix:///var/run/docker.sock` */
  readonly engine: string
  /** what for: `start container "shop-kafka-1"`, after "to" */
  readonly action: string
  /** the image that it is about */
  readonly image?: string
}

/** What to do about an engine that does not let this user in; `engine` is its name or its socket. Podman has one for each user. */
export function deniedHint(engine: string): string {
  return /podman/i.test(engine)
    ? 'start a Podman of this user: `systemctl --user enable --now podman.socket`; `evplat doctor` shows what was tried'
    : 'let this user use it: `sudo usermod -aG docker $USER`, and log in again; `evplat doctor` shows what was tried'
}

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

/** Whether the engine refuses to make what is there already. Podman has no status for it, up to 5 for containers and to 4.3 for networks. */
export function isThereAlready(thrown: unknown): boolean {
  return statusOf(thrown) === 409 || /is already in use by|already exists/i.test(wordsOf(thrown))
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
      hint: deniedHint(request.engine),
      cause: thrown,
    })
  if (goneCodes.includes(code) || goneWords.test(messageOf(thrown))) return away(request, messageOf(thrown))
  return refusal(wordsOf(thrown), request, thrown)
}

/** The engine has answered before, and does not any more. */
export function away({ engine }: Request, reason: string): EvplatError {
  return new EvplatError('engine-away', `${engine} does not answer any more: ${reason}`, {
    hint: 'see whether it runs with `evplat doctor`; then run the command again: it goes on where this one ended',
  })
}

function refusal(said: string, { engine, action, image }: Request, cause: unknown): EvplatError {
  const [code, message, parts] = translate(said, image) ?? [
    'engine-refused',
    `${engine} refused to ${action}`,
    { hint: 'see its own words, and what `evplat doctor` says of this machine' },
  ]
  return new EvplatError(code, message, { said, saidBy: 'engine', ...parts, cause })
}
