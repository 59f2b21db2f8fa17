// A proxy before a container engine that writes down every request.
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface RecordingEngine {
  /** for DOCKER_HOST */
  readonly host: string
  /** `POST /containers/ID/start` since this was called last: without the version of the API and what follows a `?` */
  readonly take: () => string[]
  close(): Promise<void>
}

const plain = (path: string): string =>
  path
    .replace(/^\/v[\d.]+(?=\/)/, '')
    .replace(/\?.*$/, '')
    .replace(/[0-9a-f]{64}/, 'ID')

/** Listens before the engine at the socket `upstream`; `onRequest` is called with each request before the engine has it. */
export async function startRecordingEngine(
  upstream: string,
  onRequest: (request: string) => void = () => undefined,
): Promise<RecordingEngine> {
  const seen: string[] = []
  const server = createServer((incoming, outgoing) => {
    const { method = '', url: path = '', headers } = incoming
    const asked = `${method} ${plain(path)}`
    seen.push(asked)
    onRequest(asked)
    const onward = request({ socketPath: upstream, method, path, headers, agent: false }, (answer) => {
      outgoing.writeHead(answer.statusCode!, answer.headers)
      // a stream of events begins long before the first of them
      outgoing.flushHeaders()
      answer.once('error', () => outgoing.destroy()).pipe(outgoing)
    })
    onward.once('error', () => outgoing.destroy())
    // whoever hears no more ends what the engine still tells
    outgoing.once('close', () => onward.destroy())
    incoming.pipe(onward)
  })
  const folder = await mkdtemp(join(tmpdir(), 'evplat-engine-'))
  const socket = join(folder, 'e.sock')
  await new Promise<void>((resolve) => server.listen(socket, resolve))
  return {
    host: `unix://${socket}`,
    take: () => seen.splice(0),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await rm(folder, { recursive: true, force: true })
    },
  }
}
