// The shape of platform.yaml: the one definition behind validation, its types and the JSON Schema for editors.
import * as z from 'zod/mini'
import { compatibilityLevels } from '../avro/compatibility-level.ts'
import { about, choice, duration, editor, leaf, text, truth, variable, wholeNumber } from './leaf.ts'
import { config, environmentsShape, partitions, replication, topicDefaultsShape } from './shape-environments.ts'
import { keyed, maybe, named, optional } from './shape-parts.ts'
import { policiesShape } from './shape-policies.ts'

export const apiVersion = 'evplat/v1'

const port = () => wholeNumber(1, 65_535, '8080')
const portOrAuto = () =>
  leaf({
    expected: 'a port from 1 to 65535, or auto',
    example: '9092',
    read: (value) =>
      value === 'auto' ? 'auto' : /^\d{1,5}$/.test(value) && +value >= 1 && +value < 65_536 ? +value : undefined,
    json: {
      anyOf: [{ const: 'auto' }, { type: 'integer', minimum: 1, maximum: 65_535 }, variable],
    },
  })

const version = leaf({
  expected: 'a version of Kafka from 3.0 on',
  example: '"3.9"',
  read: (value) => (/^[34]\.\d{1,2}(\.\d{1,3})?$/.test(value) ? value : undefined),
  json: { type: ['string', 'number'] },
})
const brokers = leaf({
  expected: '1 or 3',
  example: '3',
  read: (value) => (value === '1' ? 1 : value === '3' ? 3 : undefined),
  json: { enum: [1, 3] },
})

const server = (name: string) => about(`${name}, without settings of its own.`, maybe(keyed({})))

export const stackServers = ['kafka', 'zookeeper', 'schema-registry', 'postgres', 'mongodb', 'kafka-ui'] as const

const stack = keyed({
  runtime: optional(about('How the stack runs on this machine.', choice('auto', 'embedded', 'docker', 'native'))),
  kafka: optional(
    about(
      'The brokers.',
      maybe(
        keyed({
          version: optional(about('The version of Kafka.', version)),
          coordination: optional(
            about('What the brokers agree by; Kafka 4 has kraft only.', choice('zookeeper', 'kraft')),
          ),
          brokers: optional(about('Number of brokers.', brokers)),
        }),
      ),
    ),
  ),
  registry: optional(about('Whose Schema Registry runs in docker.', choice('confluent', 'evplat'))),
  images: optional(
    about(
      'Images of the docker runtime, by server.',
      maybe(
        keyed(
          Object.fromEntries(
            stackServers.map((name) => [name, optional(about(`Image of ${name}.`, text('an image', 'postgres:17')))]),
          ),
        ),
      ),
    ),
  ),
  imagePrefix: optional(
    about(
      'A registry that has the usual images, where the usual one is out of reach.',
      text('a registry, with or without a path', 'registry.example:5000/mirror', /^[^\s/]+(\/[^\s/]+)*$/),
    ),
  ),
  ports: optional(
    about(
      'Ports on this machine; `auto` takes free ones.',
      z.union([
        choice('auto'),
        keyed({
          kafka: optional(about('The first broker; others take the ports that follow.', portOrAuto())),
          registry: optional(about('The Schema Registry.', portOrAuto())),
          postgres: optional(about('PostgreSQL.', portOrAuto())),
          mongodb: optional(about('MongoDB.', portOrAuto())),
          'kafka-ui': optional(about('The web page over the cluster.', portOrAuto())),
        }),
      ]),
    ),
  ),
  services: optional(
    about(
      'More servers; a database is there when a service asks for one.',
      maybe(
        keyed({
          postgres: optional(server('PostgreSQL')),
          mongodb: optional(server('MongoDB')),
          'kafka-ui': optional(server('A web page over the cluster')),
        }),
      ),
    ),
  ),
})

const subjectPattern = /^[^\s\p{Cc}]+$/u
const format = () =>
  z.union([
    choice('string', 'json', 'bytes'),
    keyed({
      schema: about(
        'An Avro schema, a path from the folder of this file.',
        text('the path of a file', 'schemas/order-placed.avsc'),
      ),
      subject: optional(
        about(
          'The subject, instead of the name of the topic with -key or -value.',
          text('a name without spaces', 'orders-value', subjectPattern),
        ),
      ),
      compatibility: optional(about('What a new version must keep to.', choice(...compatibilityLevels))),
    }),
  ])

const topic = keyed({
  owner: optional(about('Who answers for the topic.', text('a name', 'team-checkout'))),
  partitions: optional(partitions()),
  replication: optional(replication()),
  config: optional(config()),
  key: optional(about('How keys are written; bytes unless said.', format())),
  value: optional(about('How values are written; bytes unless said.', format())),
  external: optional(about('Others produce it.', truth())),
})

const names = (description: string) => about(description, z.array(text('a name', 'orders.placed')))

/** The name is a folder, an npm package, a container and a host name. */
export const serviceName = /^[a-z][a-z\d-]{0,62}$/

const failures = keyed({
  attempts: optional(about('How often a record is tried.', wholeNumber(1, 1000, '3'))),
  retry: optional(about('Delays of the retry topics.', z.array(duration('10s')))),
  then: optional(about('What happens to a record that fails to the end.', choice('dlt', 'skip', 'stop'))),
})

const service = keyed({
  dir: optional(about('Its folder; services/NAME unless said.', text('the path of a folder', 'services/billing'))),
  port: optional(about('Its HTTP port.', port())),
  database: optional(about('The database that it gets.', choice('postgres', 'mongodb'))),
  group: optional(
    about('Its consumer group; its name unless said.', text('a name without spaces', 'billing', subjectPattern)),
  ),
  produces: optional(names('Topics that it writes.')),
  consumes: optional(names('Topics that it reads.')),
  failures: optional(about('What it does about records that fail.', failures)),
})

const topics = named(maybe(topic))
editor.add(topics, { propertyNames: { pattern: String.raw`^[\w.-]{1,249}$` } })
const services = named(maybe(service))
editor.add(services, { propertyNames: { pattern: serviceName.source } })

export const platformShape = keyed({
  apiVersion: about('The version of this format.', choice(apiVersion)),
  name: about(
    'The name of the platform.',
    text('a name of small letters, digits, dashes and underscores', 'shop', /^[a-z\d][a-z\d_-]{0,62}$/),
  ),
  stack: optional(about('The servers that `evplat up` runs on this machine.', maybe(stack))),
  environments: optional(about('The places that the platform is applied to.', maybe(environmentsShape))),
  owns: optional(
    about(
      'What belongs to this platform.',
      maybe(
        keyed({
          prefixes: optional(
            about('Only topics that start so may ever be deleted.', z.array(text('the start of a name', 'orders.'))),
          ),
        }),
      ),
    ),
  ),
  topicDefaults: optional(about('What holds for every topic that does not say it itself.', maybe(topicDefaultsShape))),
  topics: optional(about('Topics by name.', maybe(topics))),
  schemas: optional(
    maybe(
      keyed({
        dir: optional(
          about(
            'Where types that a schema uses but does not define are found.',
            text('the path of a folder', 'schemas'),
          ),
        ),
      }),
    ),
  ),
  services: optional(about('Services by name.', maybe(services))),
  policies: optional(about('Rules that the platform keeps to.', maybe(policiesShape))),
})

export type PlatformInput = z.infer<typeof platformShape>
export type TopicInput = z.infer<typeof topic>
export type ServiceInput = z.infer<typeof service>
export type FormatInput = z.infer<ReturnType<typeof format>>
export type StackInput = z.infer<typeof stack>
