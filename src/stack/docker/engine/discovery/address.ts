// Where a container engine listens, as DOCKER_HOST and docker contexts write it.

/** Files of certificates in PEM, absolute. */
export interface TlsFiles {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  /** false where the user switched off that the certificate of the engine is looked at */
  readonly verify: boolean
}

export type EngineAddress =
  | { readonly kind: 'socket'; readonly path: string }
  | { readonly kind: 'host'; readonly host: string; readonly port: number; readonly tls?: TlsFiles }

export const systemSocket = '/var/run/docker.sock'
const plainPort = 2375
const tlsPort = 2376

/**
 * Reads `unix:///path`, `tcp://host:port`, `http(s)://host:port` or `host:port`; with `tls`, a host is spoken to by TLS.
 * What evplat can't speak to, ssh first of all, is answered as `{ problem }`.
 */
export function parseAddress(text: string, tls?: TlsFiles): EngineAddress | { readonly problem: string } {
  const [, scheme = 'tcp', rest = ''] = /^(?:([a-z]+):\/\/)?(.*)$/is.exec(text.trim()) ?? []
  switch (scheme.toLowerCase()) {
    case 'unix':
      return { kind: 'socket', path: rest === '' ? systemSocket : rest }
    case 'https':
      return parseHost(rest, tls ?? { verify: true }, text)
    case 'tcp':
    case 'http':
      return parseHost(rest, tls, text)
    case 'ssh':
      return { problem: 'evplat does not speak to an engine by ssh' }
    default:
      return { problem: `evplat does not speak to an engine by ${scheme}` }
  }
}

function parseHost(
  text: string,
  tls: TlsFiles | undefined,
  whole: string,
): EngineAddress | { readonly problem: string } {
  const url = URL.canParse(`tcp://${text}`) ? new URL(`tcp://${text}`) : undefined
  if (url === undefined || url.hostname === '') return { problem: `"${whole}" is no address of an engine` }
  return {
    kind: 'host',
    host: url.hostname.replaceAll(/^\[|\]$/g, ''),
    port: url.port === '' ? (tls ? tlsPort : plainPort) : Number(url.port),
    ...(tls && { tls }),
  }
}

/** The address in one form: `unix:///var/run/docker.sock`, `tcp://127.0.0.1:2375`. */
export function addressText(address: EngineAddress): string {
  if (address.kind === 'socket') return `unix://${address.path}`
  return `tcp://${address.host.includes(':') ? `[${address.host}]` : address.host}:${address.port}`
}

/** Whether the engine runs its containers on this machine, as far as the address tells. */
export function isOnThisMachine(address: EngineAddress): boolean {
  return address.kind === 'socket' || /^(?:localhost|127\.[\d.]+|::1)$/i.test(address.host)
}
