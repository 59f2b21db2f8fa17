// The words in which engines and registries refuse, as facts and remedies. They are those of Docker 20.10 to 29 and of Podman 4 and 5,
// which have no codes for them.
import type { EvplatError, ErrorParts } from '../../../core/errors.ts'
import { dockerHub, registryOf } from './image-name.ts'

type Translation = readonly [words: RegExp, error: (said: string, image: string) => Fact]
export type Fact = readonly [code: EvplatError['code'], message: string, parts: ErrorParts]

const ofAnything: readonly Translation[] = [
  [/port is already allocated|address already in use|only one usage of each socket address/i, portTaken],
  // Windows sets ranges of ports aside
  [/a socket in a way forbidden by its access permissions/i, portKept],
  [/bind source path does not exist|mounts denied|statfs .*: no such file or directory/is, unseen],
  [/address pools? (?:among|have been)/i, noAddresses],
  [/no space left on device|not enough (?:free )?space/i, diskFull],
  [/no matching manifest|exec format error|does not match the specified platform/i, unfit],
]
/** said of a request that is about an image; elsewhere the same words mean something else */
const ofImages: readonly Translation[] = [
  [/toomanyrequests|too many requests/i, askedTooOften],
  [/no such image|image not known|manifest unknown|manifest for .* not found|name unknown|: not found$/i, missing],
  [/pull access denied|unauthori[sz]ed|no basic auth credentials|denied: |403 forbidden/i, notLetIn],
  [/no such host|dial tcp|proxyconnect|connection (?:refused|reset)|network is unreachable|unexpected EOF/i, unfetched],
  [/i\/o timeout|Client\.Timeout|deadline exceeded|handshake timeout|tls: |x509: |HTTP response to HTTPS/i, unfetched],
  [/50[0-4] (?:internal server error|bad gateway|service unavailable|gateway time-?out)/i, unfetched],
]

/** What the words of an engine mean; undefined where they are not known. `image` is the one that the request was about. */
export function translate(said: string, image: string | undefined): Fact | undefined {
  const translations = image === undefined ? ofAnything : [...ofAnything, ...ofImages]
  return translations.find(([words]) => words.test(said))?.[1](said, image ?? '')
}

/** A port that the engine can't publish: `Bind for 127.0.0.1:9092 failed`, `listen tcp4 127.0.0.1:9092: bind: ...`, `bind port 9092 (...)`. */
function portIn(said: string): string | undefined {
  return /(?:(?:127\.0\.0\.1|0\.0\.0\.0|::1?\]?):|bind port )([1-9]\d*)/.exec(said)?.[1]
}

function portTaken(said: string): Fact {
  const port = portIn(said)
  const parts = {
    hint: 'stop who has it, or set another in platform.yaml: `stack.ports`',
    ...(port !== undefined && { details: { port: Number(port) } }),
  }
  return ['port-taken', `port ${port ?? 'of a container'} is taken by another program or container`, parts]
}

/** Nobody is named in the details: there is no program to look for. */
function portKept(said: string): Fact {
  const port = portIn(said)
  const hint =
    'set another in platform.yaml: `stack.ports` (`netsh interface ipv4 show excludedportrange protocol=tcp` shows those that Windows keeps)'
  return ['port-taken', `the system keeps port ${port ?? 'of a container'}`, { hint }]
}

/** A file that is to be mounted; there is one for the user, and none where the engine runs. */
function unseen(said: string): Fact {
  const path = /(?:does not exist: |the path |statfs )(\/.*?)(?: is not shared|: no such file|$)/i.exec(said)?.[1]
  const hint =
    'an engine in a virtual machine sees the folders that are shared with it, most often those of your home: work there (`-C`), or share this one'
  return [
    'engine-refused',
    `the engine does not see ${path === undefined ? 'a file' : `"${path}"`} of this machine`,
    { hint },
  ]
}

function noAddresses(): Fact {
  const hint = 'remove networks that nothing uses: `docker network prune`; then run the command again'
  return ['engine-refused', 'the engine has no addresses left for another network', { hint }]
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

const loginFor = (registry: string): string =>
  registry === dockerHub ? '`docker login`' : `\`docker login ${registry}\``

/** A registry tells a stranger of an image that he may not see the same as of one that is not there. */
function notLetIn(_: string, image: string): Fact {
  const login = loginFor(registryOf(image))
  const hint = `is its name right? If it needs a login, say ${login} first; \`stack.images\` in platform.yaml names another`
  return ['image-missing', `there is no image "${image}", or not for this user`, { hint }]
}

function askedTooOften(_: string, image: string): Fact {
  const registry = registryOf(image)
  const hint = `a user who has logged in may ask more often: ${loginFor(registry)}; or wait an hour`
  return [
    'download-failed',
    `image "${image}" could not be fetched: ${registry} was asked too often from here`,
    { hint },
  ]
}

function unfetched(_: string, image: string): Fact {
  const hint = `the engine has to reach ${registryOf(image)}: look at its network and proxy, or name a registry that it reaches by \`stack.images\``
  return ['download-failed', `image "${image}" could not be fetched`, { hint }]
}
