// A small image registry (OCI distribution specification, pulls alone) with one image, made up on the spot.
import { createHash, randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import { serveHttp } from './strangers.ts'

export interface ImageRegistry {
  /** `127.0.0.1:40123`: engines take plain HTTP from this machine */
  readonly name: string
  /** `127.0.0.1:40123/shop/tiny:1` */
  readonly image: string
  /** the same image for a processor that no engine has */
  readonly strange: string
  /** bytes of its layers */
  readonly layerBytes: number
}

const docker = 'application/vnd.docker'

/** One empty file as tar(5) has it, and noise that no compression makes small. */
function layer(): Buffer {
  const noise = randomBytes(300_000)
  const head = Buffer.alloc(512)
  head.write('noise', 0)
  head.write('0000644\0' + '0000000\0'.repeat(2), 100)
  head.write(`${noise.length.toString(8).padStart(11, '0')}\0${'0'.repeat(11)}\0`, 124)
  head.write('        0', 148)
  head.write('ustar\x0000', 257)
  const sum = head.reduce((total, byte) => total + byte, 0)
  head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return Buffer.concat([head, noise, Buffer.alloc((512 - (noise.length % 512)) % 512), Buffer.alloc(1024)])
}

const digestOf = (content: Buffer): string => `sha256:${createHash('sha256').update(content).digest('hex')}`

/** Serves the image to those who know the password, `user:password`; to anybody where there is none. Layers wait for `held`. */
export async function serveImages(
  password?: string,
  held: Promise<unknown> = Promise.resolve(),
): Promise<ImageRegistry> {
  const tars = [layer(), layer()]
  const layers = tars.map((tar) => gzipSync(tar))
  const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value))
  const config = json({
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    os: 'linux',
    config: { Cmd: ['/noise'] },
    rootfs: { type: 'layers', diff_ids: tars.map(digestOf) },
  })
  const part = (mediaType: string, content: Buffer): object => ({
    mediaType,
    size: content.length,
    digest: digestOf(content),
  })
  const manifestType = `${docker}.distribution.manifest.v2+json`
  const manifest = json({
    schemaVersion: 2,
    mediaType: manifestType,
    config: part(`${docker}.container.image.v1+json`, config),
    layers: layers.map((each) => part(`${docker}.image.rootfs.diff.tar.gzip`, each)),
  })
  const listType = `${docker}.distribution.manifest.list.v2+json`
  const strange = { ...part(manifestType, manifest), platform: { architecture: 'mips', os: 'plan9' } }
  const list = json({ schemaVersion: 2, mediaType: listType, manifests: [strange] })
  const blobs = new Map([config, ...layers].map((content) => [digestOf(content), content]))
  const manifests = new Map([
    ['1', [manifestType, manifest]],
    [digestOf(manifest), [manifestType, manifest]],
    ['strange', [listType, list]],
    [digestOf(list), [listType, list]],
  ] as const)

  const port = await serveHttp((request, response) => {
    const wanted = password === undefined ? undefined : `Basic ${Buffer.from(password).toString('base64')}`
    if (wanted !== undefined && request.headers.authorization !== wanted) return refuse(response, 401, 'UNAUTHORIZED')
    const [, kind, name = ''] = /^\/v2\/shop\/tiny\/(manifests|blobs)\/(.+)$/.exec(request.url ?? '') ?? []
    if (kind === undefined)
      return request.url === '/v2/' ? void response.end('{}') : refuse(response, 404, 'NAME_UNKNOWN')
    const [type, content] = manifests.get(name) ?? ['application/octet-stream', blobs.get(name)]
    if (!content) return refuse(response, 404, 'MANIFEST_UNKNOWN')
    const answer = (): void => give(request, response, { type, content })
    return type === 'application/octet-stream' && content !== config ? void held.then(answer) : answer()
  })
  const name = `127.0.0.1:${port}`
  const layerBytes = layers.reduce((total, each) => total + each.length, 0)
  return { name, image: `${name}/shop/tiny:1`, strange: `${name}/shop/tiny:strange`, layerBytes }
}

function refuse(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/json', 'www-authenticate': 'Basic realm="images"' })
  response.end(JSON.stringify({ errors: [{ code, message: code.toLowerCase().replace('_', ' ') }] }))
}

function give(
  request: IncomingMessage,
  response: ServerResponse,
  { type, content }: { readonly type: string; readonly content: Buffer },
): void {
  response.writeHead(200, {
    'content-type': type,
    'content-length': content.length,
    'docker-content-digest': digestOf(content),
  })
  response.end(request.method === 'HEAD' ? undefined : content)
}
