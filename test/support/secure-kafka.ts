// One broker that asks who one is: listeners with SASL over TLS, TLS alone, and neither; users with many rights and with few.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { waitFor } from '../../src/core/deadline.ts'
import { killedBrokerMs } from '../../src/stack/desired/broker-properties.ts'
import { type Properties, propertiesText } from '../../src/stack/desired/properties-text.ts'
import { releaseFor } from '../../src/stack/desired/releases.ts'
import { newClusterId } from '../../src/stack/native/format.ts'
import { choosePorts } from '../../src/stack/processes/free-ports.ts'
import { findKafka } from '../../src/stack/native/jars/find-kafka.ts'
import { layoutOf } from '../../src/stack/layout.ts'
import { probe } from '../../src/stack/processes/probes.ts'
import { runProgram } from '../../src/stack/native/run-program.ts'
import { createAuthority } from './certificate.ts'
import { needed } from './found.ts'
import { type KafkaShell, startKafkaShell, toolJars } from './kafka-shell.ts'
import { stackSettings } from './stack-settings.ts'

/**
 * Every user by name, with the password. `admin` may do everything; `clerk` may describe, read and write topics whose names start
 * with `clerk.`, and read with groups whose names do; `nobody` is known and may do nothing.
 */
export const users = { admin: 'admin-secret', clerk: 'clerk=secret', nobody: 'nobody-secret' } as const

export type Mechanism = 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512'
export const mechanisms: readonly Mechanism[] = ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512']

export interface SecureKafka {
  readonly clusterId: string
  /** SASL with each mechanism, over TLS: host:port */
  readonly saslSsl: string
  /** TLS without a user: whoever comes may do everything */
  readonly ssl: string
  /** neither; whoever comes may do everything. For judges that are to see all */
  readonly plaintext: string
  /** the certificate of the authority that the broker's comes from, PEM */
  readonly ca: string
  /** the same as a file */
  readonly caFile: string
  readonly java: KafkaShell
  /** gives rights with Kafka's own program: `--allow-principal User:clerk --operation Describe --topic orders` */
  allow(...rights: readonly string[]): Promise<void>
  /** options with which kcat comes as a user */
  kcatArgs(user: keyof typeof users, mechanism: Mechanism): string[]
  close(): Promise<void>
}

const release = releaseFor({ kafka: { version: '3.9', coordination: 'kraft', brokers: 1 } })
const javaOptions = ['-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1']
interface Places {
  readonly folder: string
  readonly saslSsl: string
  readonly ssl: string
  readonly plaintext: string
  readonly controller: string
}

function jaas(loginModule: string, options: Readonly<Record<string, string>> = {}): string {
  const pairs = Object.entries(options).map(([name, value]) => ` ${name}="${value.replaceAll(/[\\"]/g, '\\$&')}"`)
  return `org.apache.kafka.common.security.${loginModule} required${pairs.join('')};`
}

function brokerProperties({ folder, saslSsl, ssl, plaintext, controller }: Places): Properties {
  const plainUsers = Object.fromEntries(Object.entries(users).map(([name, password]) => [`user_${name}`, password]))
  const own = [`SASL_SSL://${saslSsl}`, `SSL://${ssl}`, `PLAINTEXT://${plaintext}`].join(',')
  const scram = jaas('scram.ScramLoginModule')
  return {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@${controller}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: `${own},CONTROLLER://${controller}`,
    'advertised.listeners': own,
    'listener.security.protocol.map': 'SASL_SSL:SASL_SSL,SSL:SSL,PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'PLAINTEXT',
    'sasl.enabled.mechanisms': mechanisms.join(','),
    'listener.name.sasl_ssl.plain.sasl.jaas.config': jaas('plain.PlainLoginModule', plainUsers),
    'listener.name.sasl_ssl.scram-sha-256.sasl.jaas.config': scram,
    'listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config': scram,
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': join(folder, 'broker.pem'),
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users': 'User:admin;User:ANONYMOUS',
    'log.dirs': join(folder, 'data'),
    'auto.create.topics.enable': false,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 4,
    'group.initial.rebalance.delay.ms': 0,
    'log.cleaner.dedupe.buffer.size': 8_388_608,
    'broker.session.timeout.ms': killedBrokerMs,
    'broker.heartbeat.interval.ms': 1000,
  }
}

/** Starts the broker; it is gone, with all that it wrote, after `close`. */
export async function startSecureKafka(): Promise<SecureKafka> {
  const folder = await mkdtemp(join(tmpdir(), 'evplat-secure-'))
  let broker: ChildProcess | undefined
  let java: KafkaShell | undefined
  const close = async (): Promise<void> => {
    await Promise.all([java?.close(), broker && stop(broker)])
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  }
  try {
    const jars = await findKafka(release, { env: process.env, say: () => undefined, progress: () => undefined })
    const settings = stackSettings({
      kafka: { coordination: 'kraft', brokers: 3 },
      ports: { kafka: 'auto', registry: 'auto' },
    })
    const ports = await choosePorts('native', settings, undefined)
    const [saslSsl, ssl, plaintext, controller] = [...ports.brokers, ports.controllers![0]!].map(
      (port) => `127.0.0.1:${port}`,
    ) as [string, string, string, string]
    const places = { folder, saslSsl, ssl, plaintext, controller }
    const authority = createAuthority()
    const caFile = join(folder, 'ca.pem')
    await writeFile(caFile, authority.cert)
    const command = await prepare(places, join(jars, '*'), authority)
    const [tools, started] = await Promise.all([toolJars(), startBroker(command, folder)])
    broker = started
    java = await startKafkaShell(needed(tools))
    const clusterId = await ready(plaintext, broker, folder)
    const shell = java
    const allow = async (...rights: readonly string[]): Promise<void> =>
      void (await shell.ask('kafka.admin.AclCommand', ['--bootstrap-server', plaintext, '--add', '--force', ...rights]))
    await allowClerk(allow)
    return {
      clusterId,
      saslSsl,
      ssl,
      plaintext,
      ca: authority.cert,
      caFile,
      java,
      allow,
      kcatArgs: (user, mechanism) =>
        [
          `bootstrap.servers=${saslSsl}`,
          'security.protocol=SASL_SSL',
          `ssl.ca.location=${caFile}`,
          `sasl.mechanism=${mechanism}`,
          `sasl.username=${user}`,
          `sasl.password=${users[user]}`,
        ].flatMap((option) => ['-X', option]),
      close,
    }
  } catch (thrown) {
    await close()
    throw thrown
  }
}

async function allowClerk(allow: SecureKafka['allow']): Promise<void> {
  const clerk = ['--allow-principal', 'User:clerk', '--resource-pattern-type', 'prefixed']
  const operations = ['Describe', 'Read', 'Write'].flatMap((operation) => ['--operation', operation])
  await allow(...clerk, ...operations, '--topic', 'clerk.')
  await allow(...clerk, '--operation', 'Read', '--group', 'clerk.')
}

/** Writes the broker's files and formats its data folder with the users of SCRAM (KIP-900). Returns how it is started. */
async function prepare(
  places: Places,
  classPath: string,
  authority: ReturnType<typeof createAuthority>,
): Promise<string[]> {
  const { folder } = places
  const { cert, key } = authority.issue(['localhost', '127.0.0.1'])
  const [properties, logging] = [join(folder, 'server.properties'), join(folder, 'log4j.properties')]
  await Promise.all([
    writeFile(join(folder, 'broker.pem'), key + cert + authority.cert),
    writeFile(properties, propertiesText(brokerProperties(places))),
    writeFile(logging, loggingProperties(folder)),
  ])
  const java = [...javaOptions, `-Dlog4j.configuration=file:${logging}`, '-cp', classPath]
  const scramUsers = mechanisms
    .filter((mechanism) => mechanism !== 'PLAIN')
    .flatMap((mechanism) =>
      Object.entries(users).flatMap(([name, password]) => [
        '--add-scram',
        `${mechanism}=[name=${name},password=${password}]`,
      ]),
    )
  const format = ['kafka.tools.StorageTool', 'format', '--cluster-id', newClusterId(), '--config', properties]
  const { code, output } = await runProgram('java', [...java, ...format, ...scramUsers], { env: process.env })
  if (code !== 0) throw new Error(`the data folder could not be formatted: ${output}`)
  return [...java, 'kafka.Kafka', properties]
}

function loggingProperties(folder: string): string {
  return propertiesText({
    'log4j.rootLogger': 'WARN, file',
    'log4j.appender.file': 'org.apache.log4j.FileAppender',
    'log4j.appender.file.File': join(folder, 'kafka.log'),
    'log4j.appender.file.layout': 'org.apache.log4j.PatternLayout',
    'log4j.appender.file.layout.ConversionPattern': '%d %p %m (%c)%n',
  })
}

function startBroker(command: readonly string[], cwd: string): Promise<ChildProcess> {
  const child = spawn('java', command, { cwd, stdio: 'ignore' })
  return new Promise((resolve, reject) => child.once('error', reject).once('spawn', () => resolve(child)))
}

/** The id of the cluster, when the broker has answered a real request. */
async function ready(address: string, broker: ChildProcess, folder: string): Promise<string> {
  const last = async (): Promise<string> =>
    (await readFile(join(folder, 'kafka.log'), 'utf8').catch(String)).slice(-3000)
  const clusterId = await waitFor(
    async () => {
      if (broker.exitCode !== null) throw new Error(`the broker ended with ${broker.exitCode}:\n${await last()}`)
      return (
        await probe(
          { name: 'kafka-1', endpoint: address },
          { layout: layoutOf(folder), brokerCount: 1, isStarting: true },
        )
      ).clusterId
    },
    { timeoutMs: 60_000 },
  )
  if (clusterId === undefined) throw new Error(`the broker is not ready after a minute:\n${await last()}`)
  return clusterId
}

/** Ends the broker in good order; a broker that does not end within its time is killed. */
async function stop(broker: ChildProcess): Promise<void> {
  if (broker.exitCode !== null || broker.signalCode !== null) return
  const ended = once(broker, 'exit')
  broker.kill('SIGTERM')
  const timer = setTimeout(() => broker.kill('SIGKILL'), 30_000)
  await ended
  clearTimeout(timer)
}
