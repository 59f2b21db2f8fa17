// The commands that extend a platform: topics, services, listeners.
import { evplatOption, outputOption } from './shared-options.ts'
import { command, type CommandSpec } from './spec.ts'

const fileOption = {
  file: { kind: 'text', short: 'f', value: 'FILE', about: 'the platform file; platform.yaml when left out' },
} as const
const kept =
  'Comments, order and blank lines of platform.yaml stay. Nothing is written where the result would have errors.'

export const newCommands: readonly CommandSpec[] = [
  command({
    path: 'new topic',
    summary: 'declare a topic in platform.yaml',
    details: kept,
    arguments: [{ name: 'NAME', about: 'name of the topic', required: true }],
    options: {
      ...fileOption,
      partitions: { kind: 'number', value: 'N', min: 1, about: 'partitions; those of topicDefaults when left out' },
      value: { kind: 'text', value: 'FORMAT', about: 'string, json, bytes, or an Avro schema: FILE.avsc' },
      ...outputOption,
    },
    examples: [
      'evplat new topic orders.shipped --partitions 6',
      'evplat new topic orders.shipped --value schemas/order-shipped.avsc',
    ],
    load: () => import('../commands/new/topic.ts'),
  }),
  command({
    path: 'new service',
    summary: 'declare a service in platform.yaml and write its package',
    details: kept,
    arguments: [{ name: 'NAME', about: 'name of the service', required: true }],
    options: {
      ...fileOption,
      consumes: { kind: 'list', value: 'TOPIC', about: 'a declared topic that it listens to; may be repeated' },
      produces: { kind: 'list', value: 'TOPIC', about: 'a declared topic that it writes; may be repeated' },
      http: { kind: 'flag', about: 'with HTTP routes of its own' },
      template: {
        kind: 'choice',
        value: 'TEMPLATE',
        choices: ['service', 'plain'],
        about: 'on @evplat/service, or `plain`: on kafkajs, without a library of evplat; service when left out',
      },
      ...evplatOption,
      ...outputOption,
    },
    examples: [
      'evplat new service billing --consumes orders.placed --produces payments.settled',
      'evplat new service mailer --consumes orders.placed --template plain',
    ],
    load: () => import('../commands/new/service.ts'),
  }),
  command({
    path: 'new listener',
    summary: 'let a service listen to one more topic',
    details: kept,
    arguments: [{ name: 'TOPIC', about: 'a declared topic', required: true }],
    options: {
      ...fileOption,
      service: { kind: 'text', value: 'NAME', about: 'the declared service that listens' },
      ...outputOption,
    },
    examples: ['evplat new listener orders.placed --service billing'],
    load: () => import('../commands/new/listener.ts'),
  }),
  command({
    path: 'new tracing',
    summary: 'let a service record spans, with the SDK of OpenTelemetry',
    details:
      'Writes src/tracing.ts, adds its packages to package.json of the service, and lets src/main.ts begin with it. What is there stays as it is.',
    arguments: [{ name: 'SERVICE', about: 'a declared service', required: true }],
    options: { ...fileOption, ...outputOption },
    examples: ['evplat new tracing billing'],
    load: () => import('../commands/new/tracing.ts'),
  }),
]
