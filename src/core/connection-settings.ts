// How to reach a cluster and a registry: what platform.yaml or the command line says, and what the clients take.

export const saslMechanisms = ['plain', 'scram-sha-256', 'scram-sha-512'] as const
export type SaslMechanism = (typeof saslMechanisms)[number]

export interface TlsSettings {
  /** certificates in PEM that are trusted instead of the system's */
  readonly ca?: string
}

/** A Kafka cluster. The password is never printed. */
export interface ClusterSettings {
  /** `host:port` of one or more brokers */
  readonly bootstrap: readonly string[]
  /** any other cluster is refused */
  readonly clusterId?: string
  readonly tls?: TlsSettings
  readonly sasl?: { readonly mechanism: SaslMechanism; readonly username: string; readonly password: string }
}

/** A Schema Registry. Password and token are never printed. */
export interface RegistrySettings {
  readonly url: string
  readonly username?: string
  readonly password?: string
  readonly token?: string
  readonly tls?: TlsSettings
}

const address = /^(\[[\da-fA-F:.]+\]|[^\s:/,@]+):\d{1,5}$/

/** The addresses in a text, `host:port` with commas between them; undefined where one is none. */
export function brokerAddresses(text: string): string[] | undefined {
  const addresses = text.split(',').map((part) => part.trim())
  return addresses.every((part) => address.test(part)) ? addresses : undefined
}

/** Whether a text is a URL with http or https. */
export const isHttpUrl = (text: string): boolean => /^https?:\/\//i.test(text) && URL.canParse(text)
