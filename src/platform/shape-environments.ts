// `environments` of platform.yaml: where a cluster and its registry are, and what differs there.
import * as z from 'zod/mini'
import { brokerAddresses, isHttpUrl, saslMechanisms as mechanisms } from '../core/connection-settings.ts'
import { about, editor, leaf, text, truth, variable, wholeNumber } from './leaf.ts'
import { configJson, configValue, keyed, maybe, named, optional } from './shape-parts.ts'
import { topicConfigs } from './topic-configs.ts'

export const partitions = () => about('Number of partitions.', wholeNumber(1, 1_000_000, '6'))
export const replication = () => about('Number of copies of each partition.', wholeNumber(1, 32_767, '3'))

/** Editors complete the names of Kafka's configs; others pass, because the broker has the last word. */
const configShape = named(configValue())
editor.add(configShape, {
  id: 'configs',
  properties: Object.fromEntries([...topicConfigs].map(([name, config]) => [name, configJson(config)])),
})

export const config = () =>
  about(
    'Configs of topics by the names that Kafka gives them; durations and sizes as `7d`, `512MiB`.',
    maybe(configShape),
  )

export const topicDefaultsShape = keyed({
  partitions: optional(partitions()),
  replication: optional(replication()),
  config: optional(config()),
})
const topicDefaults = () => about('What holds for every topic that does not say it itself.', maybe(topicDefaultsShape))

const clientCertificates = (): z.ZodMiniTransform<never, unknown> =>
  leaf<never>({
    expected: 'left out',
    example: '',
    read: () => undefined,
    later: () => 'TLS with client certificates',
    json: { not: {} },
  })

const tls = () =>
  about(
    'TLS: `true` trusts the certificates of the system, `ca` names a file with others.',
    z.union([
      truth(),
      keyed({
        ca: about('A file with certificates in PEM.', text('the path of a file', 'certs/ca.pem')),
        cert: optional(clientCertificates()),
        key: optional(clientCertificates()),
      }),
    ]),
  )

const mechanism = leaf({
  expected: `one of ${mechanisms.join(', ')}`,
  example: 'scram-sha-512',
  read: (value) => mechanisms.find((name) => name === value.toLowerCase()),
  later: (value) => (/^(oauthbearer|gssapi|aws_msk_iam)$/i.test(value) ? `SASL ${value.toUpperCase()}` : undefined),
  json: { anyOf: [{ enum: mechanisms }, variable] },
})

const bootstrap = (): z.ZodMiniTransform<string[], unknown> =>
  leaf({
    expected: 'host:port of a broker',
    example: 'kafka-1.example:9093',
    read: brokerAddresses,
    json: { type: 'string', minLength: 1 },
    hint: (value) => (value.includes('://') ? 'leave the scheme out' : undefined),
  })

const name = () => text('a name', '${KAFKA_USER}')
const secret = () => text('a text', '${KAFKA_PASSWORD}')

const kafka = keyed({
  bootstrap: about('Addresses of one or more brokers, host:port.', z.array(bootstrap()).check(z.minLength(1))),
  clusterId: optional(
    about('The id of the cluster: any other cluster is refused.', text('a text', '4L6g3nShT-eMCtK--X86sw')),
  ),
  tls: optional(tls()),
  sasl: optional(
    about(
      'How evplat says who it is.',
      keyed({
        mechanism: about('The SASL mechanism.', mechanism),
        username: about('The name of the user.', name()),
        password: about('The password, from a variable.', secret()),
      }),
    ),
  ),
})

const url = leaf({
  expected: 'a URL with http or https',
  example: 'https://registry.example',
  read: (value) => (isHttpUrl(value) ? value : undefined),
  json: { type: 'string', minLength: 1 },
})

const registry = keyed({
  url: about('Where the Schema Registry answers.', url),
  username: optional(about('The name of the user.', name())),
  password: optional(about('The password, from a variable.', secret())),
  token: optional(about('A bearer token, from a variable, instead of name and password.', secret())),
  tls: optional(tls()),
})

const environment = keyed({
  kafka: about('The Kafka cluster.', kafka),
  registry: optional(about('The Schema Registry.', registry)),
  topicDefaults: optional(topicDefaults()),
})

export const environmentsShape = z.catchall(
  z.object({
    local: optional(
      about('What differs on the stack of this machine.', maybe(keyed({ topicDefaults: optional(topicDefaults()) }))),
    ),
  }),
  environment,
)

export type EnvironmentInput = z.infer<typeof environment>
export type TlsInput = NonNullable<EnvironmentInput['kafka']['tls']>
export type TopicDefaultsInput = z.infer<typeof topicDefaultsShape>
