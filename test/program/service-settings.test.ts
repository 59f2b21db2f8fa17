// What a service says of settings that are wrong: every text whole.
import { describe, expect, test } from 'vitest'
import { type Setup, errorOf } from '../support/service-settings.ts'

const kafka = 'kafka: { bootstrapServers: "a:1" }\n'

const told = async (setup: Setup): Promise<string> => `\n${await errorOf(setup)}\n`

describe('the settings of a service', () => {
  test('without a Kafka', async () => {
    expect(await told({})).toMatchInlineSnapshot(`
      "
      error[settings-invalid]: no Kafka is set: "kafka.bootstrapServers" has no value, and no local stack is there
        try: \`evplat up\` in the folder of the platform, or set \`kafka.bootstrapServers\` in application.yaml, or KAFKA_BOOTSTRAP_SERVERS
      "
    `)
    expect(await told({ env: { PROFILES_ACTIVE: 'prod' } })).toMatchInlineSnapshot(`
      "
      error[settings-invalid]: no Kafka is set: "kafka.bootstrapServers" has no value, and production takes no local stack
        try: set \`kafka.bootstrapServers\` in application.yaml, or KAFKA_BOOTSTRAP_SERVERS
      "
    `)
  })

  test('without the registry that its topics need', async () => {
    const value = { kind: 'avro', subject: 'orders-value', schema: 'string' } as const
    const orders = { key: { kind: 'string' }, value, produced: true, consumed: false } as const
    expect(await told({ yaml: kafka, topics: { orders } })).toMatchInlineSnapshot(`
      "
      error[settings-invalid]: no Schema Registry is set, and topic "orders" has an Avro schema: "schemaRegistry.url" has no value
        try: set \`schemaRegistry.url\` in application.yaml, or SCHEMA_REGISTRY_URL
      "
    `)
  })

  test('a file with everything wrong', async () => {
    const yaml = `
sevrer: { port: 1 }
server: { prot: 80, port: 80800, grace: soon, address: }
spring: { kafka: { bootstrap-servers: a:1 } }
management:
  endpoints: { web: { exposure: { include: [health, metrcs] } } }
  endpoint: { health: always }
kafka:
  bootstrap-servers: http://a
  sasl: { mechanism: gssapi, password: \${KAFKA_PASSWORD} }
  tls: { ca: certs/none.pem }
schemaRegistry: { url: 'https://ann:secret@registry/x y', password: other }
producer: { keys: { ordres: id } }
server.port: 8080
logging: { level: { kafka: loud }, format: [json] }
app: 5
`
    const orders = { key: { kind: 'string' }, value: { kind: 'json' }, produced: true, consumed: false } as const
    expect(await told({ yaml, topics: { orders } })).toMatchInlineSnapshot(`
      "
      error[settings-invalid]: the settings of service "orders" have 18 errors

      error[unknown-key]: "sevrer" is not a key of the settings
        --> application.yaml:2:1
      2 | sevrer: { port: 1 }
        | ^^^^^^
        = did you mean "server"?

      error[unknown-key]: "prot" is not a key of "server"
        --> application.yaml:3:11
      3 | server: { prot: 80, port: 80800, grace: soon, address: }
        |           ^^^^
        = did you mean "port"?

      error[invalid-value]: "server.port" must be a whole number from 0 to 65535, not "80800"
        --> application.yaml:3:27
      3 | server: { prot: 80, port: 80800, grace: soon, address: }
        |                           ^^^^^
        = for example \`server.port: 8080\`

      error[invalid-value]: "server.grace" must be a duration from 0 to 24d, not "soon"
        --> application.yaml:3:41
      3 | server: { prot: 80, port: 80800, grace: soon, address: }
        |                                         ^^^^
        = durations are \`500ms\`, \`10s\`, \`1m\`, \`1h30m\`; a bare number is milliseconds

      error[invalid-value]: "server.address" has no value
        --> application.yaml:3:47
      3 | server: { prot: 80, port: 80800, grace: soon, address: }
        |                                               ^^^^^^^
        = for example \`server.address: 127.0.0.1\`

      error[unknown-key]: "spring" is not a key of the settings
        --> application.yaml:4:1
      4 | spring: { kafka: { bootstrap-servers: a:1 } }
        | ^^^^^^
        = leave "spring" out: \`kafka.bootstrapServers\`, \`profiles.active\`

      error[invalid-value]: "management.endpoints.web.exposure.include" must be names of endpoints, not "health,metrcs"
        --> application.yaml:6:35
      6 |   endpoints: { web: { exposure: { include: [health, metrcs] } } }
        |                                   ^^^^^^^
        = did you mean "metrics"?

      error[invalid-value]: "management.endpoint.health" must be a map, not a value
        --> application.yaml:7:23
      7 |   endpoint: { health: always }
        |                       ^^^^^^
        = known keys: showDetails

      error[invalid-value]: "kafka.bootstrapServers" must be host:port of brokers, not "http://a"
        --> application.yaml:9:22
      9 |   bootstrap-servers: http://a
        |                      ^^^^^^^^
        = leave the scheme out

      error[invalid-value]: "kafka.sasl.mechanism" must be one of plain, scram-sha-256, scram-sha-512, not "gssapi"
        --> application.yaml:10:22
      10 |   sasl: { mechanism: gssapi, password: \${KAFKA_PASSWORD} }
         |                      ^^^^^^
        = SASL GSSAPI is not in this version of evplat

      error[missing-key]: "kafka.sasl" lacks "username"
        --> application.yaml:10:22
      10 |   sasl: { mechanism: gssapi, password: \${KAFKA_PASSWORD} }
         |                      ^^^^^^
        = set \`kafka.sasl.username\` in application.yaml, or KAFKA_SASL_USERNAME

      error[unset-variable]: the variable "KAFKA_PASSWORD" has no value
        --> application.yaml:10:40
      10 |   sasl: { mechanism: gssapi, password: \${KAFKA_PASSWORD} }
         |                                        ^^^^^^^^^^^^^^^^^
        = set it in the environment or in a file ".env", or give it one here: \`\${KAFKA_PASSWORD:-value}\`

      error[file-missing]: the file "certs/none.pem" does not exist
        --> application.yaml:11:14
      11 |   tls: { ca: certs/none.pem }
         |              ^^^^^^^^^^^^^^
        = paths start at the folder of the service; the file holds lines from "-----BEGIN CERTIFICATE-----" on

      error[invalid-value]: "producer.keys" names "ordres", which the service does not produce
        --> application.yaml:13:29
      13 | producer: { keys: { ordres: id } }
         |                             ^^
        = did you mean "orders"?

      error[yaml-duplicate-key]: "server.port" stands here for the second time
        --> application.yaml:14:1
      14 | server.port: 8080
         | ^^^^^^^^^^^
        = it stands in line 3 already: keep one of them

      error[invalid-value]: "logging.level.kafka" must be one of trace, debug, info, warn, error, fatal, silent, not "loud"
        --> application.yaml:15:28
      15 | logging: { level: { kafka: loud }, format: [json] }
         |                            ^^^^
        = for example \`logging.level.kafka: trace\`

      error[invalid-value]: "logging.format" must be one of json, text, not a list
        --> application.yaml:15:36
      15 | logging: { level: { kafka: loud }, format: [json] }
         |                                    ^^^^^^
        = for example \`logging.format: json\`

      error[invalid-value]: "app" must be a map, not a value
        --> application.yaml:16:6
      16 | app: 5
         |      ^
        = known keys: those of the service
      "
    `)
  })

  test('variables, arguments and profiles that are wrong', async () => {
    const input = {
      yaml: kafka,
      files: { 'services/orders/application-dev.yaml': 'profiles: { active: [late] }\n' },
      env: { SERVER_PORT: 'tcp://10.0.0.1:80', KAFKA_SASL_USERNAME: 'ann', PROFILES_ACTIVE: 'dev' },
      args: [
        '--server.prot',
        '5',
        'start',
        '--server.grace',
        '--kafka.tls=on',
        '--schema-registry.url=http://r',
        '--schema-registry.token=t',
        '--schema-registry.username=u',
      ],
    }
    expect(await told(input)).toMatchInlineSnapshot(`
      "
      error[settings-invalid]: the settings of service "orders" have 8 errors

      error[invalid-value]: "profiles.active" has no effect in the file of a profile
        --> application-dev.yaml:1:13
      1 | profiles: { active: [late] }
        |             ^^^^^^
        = set it in application.yaml, or PROFILES_ACTIVE

      error[unknown-key]: argument --server.prot is no setting
        = did you mean "server.port"?

      error[unknown-key]: argument 3 is no setting
        = settings are \`--server.port=8081\`

      error[missing-key]: argument --server.grace has no value
        = for example \`--server.grace=5s\`

      error[invalid-value]: argument --kafka.tls: "kafka.tls" must be true or false, not "on"
        = write \`true\`

      error[invalid-value]: environment SERVER_PORT: "server.port" must be a whole number from 0 to 65535, not "tcp://10.0.0.1:80"
        = for example \`SERVER_PORT=8080\`

      error[missing-key]: environment KAFKA_SASL_USERNAME: "kafka.sasl" lacks "mechanism" and "password"
        = set \`kafka.sasl.mechanism\` in application.yaml, or KAFKA_SASL_MECHANISM

      error[invalid-value]: argument --schema-registry.username: the registry needs both "username" and "password"
        = give both, or none
      "
    `)
    expect(await told({ yaml: kafka, args: ['--profile=../x'] })).toMatchInlineSnapshot(`
      "
      error[settings-invalid]: the settings of service "orders" have an error

      error[invalid-value]: argument --profile: "profiles.active" must be names of letters, digits, dots and dashes, not "../x"
        = for example \`--profile=staging\`
      "
    `)
  })

  test('YAML that is none', async () => {
    expect(await told({ yaml: 'server:\n\tport: 1\n' })).toMatchInlineSnapshot(`
      "
      error[settings-invalid]: the settings of service "orders" have an error

      error[yaml-syntax]: a tab indents this line
        --> application.yaml:2:1
      2 |  port: 1
        | ^
        = indent with spaces
      "
    `)
    expect(await told({ yaml: '- server\n' })).toMatchInlineSnapshot(`
      "
      error[settings-invalid]: the settings of service "orders" have an error

      error[yaml-empty]: the file is no map of keys and values
        --> application.yaml:1:1
      1 | - server
        | ^^^^^^^^
        = for example \`server:\`, and below it \`  port: 8080\`
      "
    `)
    expect(await told({ yaml: Buffer.from([0x61, 0x3a, 0xff]) })).toMatchInlineSnapshot(`
      "
      error[settings-invalid]: the settings of service "orders" have an error

      error[yaml-encoding]: the file is not UTF-8
        --> application.yaml:1:3
      1 | a:�
        |   ^
        = save it as UTF-8
      "
    `)
  })
})
