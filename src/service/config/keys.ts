// Every key of application.yaml: what it means, what it takes, and what holds without it. The page of the settings is made of it, too.
import { brokerAddresses, isHttpUrl, saslMechanisms } from '../../core/connection-settings.ts'
import { didYouMean } from '../../core/did-you-mean.ts'
import { formatDuration } from '../../core/duration.ts'
import { formatSize } from '../../core/size.ts'
import { endpoints } from '../actuator/exposure.ts'
import { usualLimits } from '../listeners/words.ts'
import { type Kind, choice, duration, listOf, size, text, truth, wholeNumber } from './kinds.ts'
import { logLevels } from './settings.ts'

/** What holds without a value: one for production and one for elsewhere, where they differ. */
export type Fallback = string | { readonly production: string; readonly otherwise: string }

export interface Key<T> {
  readonly about: string
  readonly kind: Kind<unknown>
  readonly fallback?: Fallback
  /** what holds without a value, where it is no value of its own */
  readonly without?: string
  readonly isSecret?: true
  /** keys below it have names that the user gives */
  readonly isMap?: true
  /** never there: carries the type of the value */
  readonly type?: T
}

const key = <T>(about: string, kind: Kind<T>, fallback: Fallback): Key<T> => ({ about, kind, fallback })
const optional = <T>(about: string, kind: Kind<T>, without: string): Key<T | undefined> => ({ about, kind, without })
const secret = (about: string, example: string): Key<string | undefined> => ({
  ...optional(about, text('a text', example), 'none'),
  isSecret: true,
})

const port = (example: string): Kind<number> => wholeNumber(0, 65_535, example)
const count = wholeNumber(1, 1_000_000_000, '1000')
const GiB = 2 ** 30
const hostPattern = /^[\w.:-]+$/
const address = text('an address of this machine', '127.0.0.1', hostPattern)

const broker: Kind<string> = {
  expected: 'host:port of a broker',
  example: 'kafka-1.example:9093',
  read: (value) => brokerAddresses(value)?.[0],
  hint: (value) => (value.includes('://') ? 'leave the scheme out' : undefined),
}
const mechanism = choice(saslMechanisms, (value) =>
  /^(oauthbearer|gssapi|aws_msk_iam)$/i.test(value)
    ? `SASL ${value.toUpperCase()} is not in this version of evplat`
    : undefined,
)
const url: Kind<string> = {
  expected: 'a URL with http or https',
  example: 'https://registry.example',
  read: (value) => (isHttpUrl(value) ? value : undefined),
}
const endpoint: Kind<string> = {
  expected: 'the name of an endpoint',
  example: 'health',
  form: { is: 'word', words: [...endpoints, '*'] },
  read: (value) => [...endpoints, '*'].find((name) => name === value),
  hint: (value) => didYouMean(value, endpoints) || `the endpoints are ${endpoints.join(', ')}, and \`*\` for all`,
}
const profile = text('a name of letters, digits, dots and dashes', 'staging', /^[\w][\w.-]*$/)
const certificates = text('the path of a file', 'certs/ca.pem')

const limit = {
  records: (about: string, usual: number) => key(about, count, String(usual)),
  time: (about: string, usual: number, least = 1) => key(about, duration('10s', least), formatDuration(usual)),
}

const connection = {
  'kafka.bootstrapServers': optional(
    'Addresses of one or more brokers: a list, or one text with commas.',
    listOf('host:port of brokers', broker),
    'the local stack of the nearest `.evplat/stack.json`; never in production',
  ),
  'kafka.clusterId': optional('Any other cluster is refused.', text('a text', '4L6g3nShT-eMCtK--X86sw'), 'any'),
  'kafka.tls': optional(
    'TLS with the certificates of the system.',
    truth,
    'false, and true where `kafka.tls.ca` is set',
  ),
  'kafka.tls.ca': optional('A file with certificates in PEM that are trusted instead.', certificates, 'none'),
  'kafka.sasl.mechanism': optional('How the service says who it is.', mechanism, 'no SASL'),
  'kafka.sasl.username': optional('The name of the user.', text('a name', '${KAFKA_USER}'), 'none'),
  'kafka.sasl.password': secret('The password, from a variable.', '${KAFKA_PASSWORD}'),
  'schemaRegistry.url': optional('Where the Schema Registry answers.', url, 'as `kafka.bootstrapServers`'),
  'schemaRegistry.username': optional('The name of the user.', text('a name', '${REGISTRY_USER}'), 'none'),
  'schemaRegistry.password': secret('The password, from a variable.', '${REGISTRY_PASSWORD}'),
  'schemaRegistry.token': secret('A bearer token instead of name and password.', '${REGISTRY_TOKEN}'),
  'schemaRegistry.tls': optional('TLS with the certificates of the system.', truth, 'as the URL says'),
  'schemaRegistry.tls.ca': optional('A file with certificates in PEM that are trusted instead.', certificates, 'none'),
}

const outside = {
  'profiles.active': optional(
    'Which `application-PROFILE.yaml` hold; later ones win.',
    listOf('names of letters, digits, dots and dashes', profile),
    'none',
  ),
  'server.address': key('Where the service listens.', address, { production: '0.0.0.0', otherwise: '127.0.0.1' }),
  'server.port': key(
    'Its port; 0 for any free one. The port that platform.yaml declares comes before the default.',
    port('8080'),
    '8080',
  ),
  'server.maxBodySize': key('The largest body of a request.', size('1MiB', GiB), '1MiB'),
  'server.grace': key('How long readiness says no before connections are refused.', duration('5s', 0), '0'),
  'server.shutdown': key('The time of the whole shutdown.', duration('30s'), '30s'),
  'management.server.address': optional('Where the actuator listens.', address, 'as `server.address`'),
  'management.server.port': optional('A port of its own for the actuator.', port('8090'), 'on `server.port`'),
  'management.endpoints.web.exposure.include': key(
    'Endpoints that are open; `*` for all.',
    listOf('names of endpoints', endpoint),
    'health,info',
  ),
  'management.endpoints.web.exposure.exclude': optional(
    'Endpoints that are closed all the same.',
    listOf('names of endpoints', endpoint),
    'none',
  ),
  'management.endpoint.health.showDetails': key(
    'Whether health tells its components.',
    choice(['never', 'always']),
    'never',
  ),
  'management.health.maxLag': optional('Records of one partition that may wait.', count, 'no bound'),
  'management.health.stuck': key(
    'How long one record may be in work; above what a slow handler takes, as `max.poll.interval.ms` of Java.',
    duration('5m'),
    '5m',
  ),
  'management.health.stalled': key('How long a partition with lag may be quiet.', duration('5m'), '5m'),
  'management.health.joining': key(
    'How long who was put out of the group may be none of its members; a rebalance puts nobody out.',
    duration('5s'),
    '5s',
  ),
  'management.health.maxEventLoopDelay': key('How late the event loop may be.', duration('1s'), '1s'),
}

const inside = {
  'producer.delivery': key('A record that no broker took in this time is refused.', duration('10s'), '10s'),
  'producer.maxPending': key('Bytes that may wait for brokers.', size('32MiB', 16 * GiB), '32MiB'),
  'producer.keys': {
    ...optional('By topic: the field of an event that is its key.', text('a field', 'orderId'), 'none'),
    isMap: true,
  },
  'listener.waitingRecords': limit.records('Records of one partition that may wait.', usualLimits.waitingRecords),
  'listener.waitingSize': key('The same in bytes.', size('16MiB', 16 * GiB), formatSize(usualLimits.waitingBytes)),
  'listener.gap': limit.records('Records that may be handled behind one that is not.', usualLimits.gap),
  'listener.commitInterval': limit.time('How often offsets are committed.', usualLimits.commitMs),
  'listener.commitRecords': limit.records('And after how many records.', usualLimits.commitCount),
  'listener.drain': limit.time('How long handlers may go on when they have to end.', usualLimits.drainMs, 0),
  'listener.abort': limit.time('And after they were told to abort.', usualLimits.abortMs, 0),
  'listener.stalled': limit.time('A partition that stands still for this long is logged.', usualLimits.stalledMs),
  'listener.session': limit.time('A member that is silent for this long is dead.', usualLimits.sessionMs, 1000),
  'listener.rebalance': limit.time('How long members may take to join again.', usualLimits.rebalanceMs, 1000),
  'logging.format': key('Of log lines.', choice(['json', 'text']), { production: 'json', otherwise: 'text' }),
  'logging.level': {
    ...key('Of all loggers, or of one by its name; `ROOT` is the one above all.', choice(logLevels), 'info'),
    isMap: true,
  },
} as const

/** By full name. `app` is not among them: what stands there is the service's own. */
export const keys = { ...outside, ...connection, ...inside }
export type KeyName = keyof typeof keys
export type Values = { readonly [Name in KeyName]: (typeof keys)[Name] extends Key<infer T> ? T : never }
