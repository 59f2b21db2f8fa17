// A proxy before the brokers of a cluster that counts every request, and can cut connections when a request is on its way.
import { type AddressInfo, type Server, type Socket, connect, createServer } from 'node:net'
import { allApis } from './all-apis.ts'

/** One request of a client, in the order in which they came. */
export interface SeenRequest {
  /** the name of its API: Metadata, Produce, ... */
  readonly api: string
  /** how many of this API came before */
  readonly count: number
}

/**
 * `before`: the connection is cut, and the broker never gets the request. `after`: the broker gets it and answers, and the connection
 * is cut in place of the answer. `hang`: the broker never gets the request, and the client waits.
 */
export type Cut = 'before' | 'after' | 'hang' | undefined

export interface KafkaProxy {
  /** addresses for a client in place of the brokers' */
  readonly bootstrap: string
  /** requests by API since the last `reset`; handshakes of connections (ApiVersions, Sasl...) are left out */
  counts(): Readonly<Record<string, number>>
  reset(): void
  /** all cuts so far */
  readonly cuts: () => number
  close(): Promise<void>
}

const handshakes = ['ApiVersions', 'SaslHandshake', 'SaslAuthenticate']
/** answers that tell where brokers are: Metadata, FindCoordinator, DescribeCluster */
const tellsAddresses = [3, 10, 60]

/** Starts a proxy for each broker of `bootstrap` (127.0.0.1:PORT, comma-separated: all of them). `alter` may change answers in place. */
export async function startKafkaProxy(
  bootstrap: string,
  intervene: (request: SeenRequest) => Cut = () => undefined,
  alter: (api: string, answer: Buffer) => void = () => undefined,
): Promise<KafkaProxy> {
  const names = new Map([...(await allApis()).values()].map((api) => [api.key, api.name]))
  const counts = new Map<string, number>()
  const ports = new Map<number, number>()
  const servers: Server[] = []
  const sockets = new Set<Socket>()
  let cuts = 0
  const decide = (apiKey: number): Cut => {
    const api = names.get(apiKey) ?? `api ${apiKey}`
    const count = counts.get(api) ?? 0
    counts.set(api, count + 1)
    const cut = intervene({ api, count })
    if (cut !== undefined) cuts++
    return cut
  }
  for (const address of bootstrap.split(',')) {
    const upstream = Number(address.slice(address.lastIndexOf(':') + 1))
    const server = createServer((client) => {
      const broker = connect(upstream, '127.0.0.1')
      for (const socket of [client, broker]) {
        sockets.add(socket)
        socket.setNoDelay(true)
        socket.on('error', () => undefined)
        socket.on('close', () => {
          sockets.delete(socket)
          client.destroy()
          broker.destroy()
        })
      }
      const translate = (apiKey: number, frame: Buffer): void => {
        if (tellsAddresses.includes(apiKey)) rewritePorts(frame, ports)
        alter(names.get(apiKey) ?? `api ${apiKey}`, frame)
      }
      relay(client, broker, { decide, translate })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    servers.push(server)
    ports.set(upstream, (server.address() as AddressInfo).port)
  }
  return {
    bootstrap: [...ports.values()].map((port) => `127.0.0.1:${port}`).join(','),
    counts: () => Object.fromEntries([...counts].filter(([api]) => !handshakes.includes(api))),
    reset: () => counts.clear(),
    cuts: () => cuts,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
    },
  }
}

interface Relay {
  readonly decide: (apiKey: number) => Cut
  readonly translate: (apiKey: number, frame: Buffer) => void
}

function relay(client: Socket, broker: Socket, { decide, translate }: Relay): void {
  const underWay = new Map<number, { apiKey: number; cut: Cut }>()
  const requests = frameCutter((frame) => {
    const apiKey = frame.readInt16BE(4)
    const cut = decide(apiKey)
    if (cut === 'before') {
      client.destroy()
      return
    }
    if (cut === 'hang') return
    underWay.set(frame.readInt32BE(8), { apiKey, cut })
    broker.write(frame)
  })
  const answers = frameCutter((frame) => {
    const { apiKey, cut } = underWay.get(frame.readInt32BE(4)) ?? { apiKey: -1, cut: undefined }
    underWay.delete(frame.readInt32BE(4))
    if (cut === 'after') {
      client.destroy()
      return
    }
    translate(apiKey, frame)
    if (!client.write(frame)) {
      broker.pause()
      client.once('drain', () => broker.resume())
    }
  })
  client.on('data', requests)
  broker.on('data', answers)
}

/** Calls with every whole frame, its size in front. */
function frameCutter(onFrame: (frame: Buffer) => void): (chunk: Buffer) => void {
  let pieces: Buffer[] = []
  let length = 0
  return (chunk) => {
    pieces.push(chunk)
    length += chunk.length
    for (;;) {
      if (length < 4) return
      if (pieces[0]!.length < 4) pieces = [Buffer.concat(pieces)]
      const size = 4 + pieces[0]!.readInt32BE(0)
      if (length < size) return
      const all = Buffer.concat(pieces)
      pieces = [all.subarray(size)]
      length -= size
      onFrame(all.subarray(0, size))
    }
  }
}

/** An address is a host and four bytes of port in every version of these answers, so a frame keeps its size. */
function rewritePorts(frame: Buffer, ports: ReadonlyMap<number, number>): void {
  const host = Buffer.from('127.0.0.1')
  for (let at = frame.indexOf(host); at >= 0; at = frame.indexOf(host, at + 1)) {
    const port = ports.get(frame.readInt32BE(at + host.length))
    if (port !== undefined) frame.writeInt32BE(port, at + host.length)
  }
}
