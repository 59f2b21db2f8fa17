// docs/service-settings.md: every key of application.yaml, and where values come from.
import { type Fallback, type Key, keys } from '../../src/service/config/keys.ts'
import { variableName } from '../../src/service/config/names.ts'

const sources = [
  'arguments: `--server.port=8081`, `--server.port 8081`, `--profile=prod`; one that is no setting is an error',
  'variables of the environment: `SERVER_PORT`; one that is empty counts as not set, and others are left alone',
  '`.env` beside the service, then `.env` beside `platform.yaml` (not in production)',
  '`application-PROFILE.yaml` of each active profile; of several profiles the later one wins',
  '`application.yaml`',
  'the nearest `.evplat/stack.json`: the addresses of the local stack, where `kafka.bootstrapServers` is set nowhere (not in production)',
  '`platform.yaml`: the port that it declares for the service',
  'the defaults below',
]

const sections: readonly (readonly [title: string, prefixes: readonly string[]])[] = [
  ['Profiles', ['profiles']],
  ['The HTTP server', ['server']],
  ['The actuator', ['management']],
  ['Kafka and the Schema Registry', ['kafka', 'schemaRegistry']],
  ['Producing', ['producer']],
  ['Listeners', ['listener']],
  ['Logs', ['logging']],
]

const rules = [
  '**Names** bind relaxed: `server.maxBodySize`, `max-body-size` below `server`, and `SERVER_MAX_BODY_SIZE` or `SERVER_MAXBODYSIZE` are one. Durations are `500ms`, `10s`, `1h30m` (a bare number is milliseconds), sizes are `512kB`, `1MiB` (a bare number is bytes), and a list may be one text with commas.',
  '**Production** is a profile `prod` or `production`, or `NODE_ENV=production`. It reads no `.env` and takes no local stack, so that a service never talks to the wrong cluster by accident.',
  '**Variables**: `${NAME}`, `${NAME:-default}` and `${NAME:?message}` in files are filled in from the environment, then from `.env`; `$$` is a dollar sign. Only the value that wins needs its variables.',
  '**Files** are named from the folder of the service, where `application.yaml` stands (`.yml` is read as well).',
  '**Secrets** (passwords, tokens, keys of APIs, and what is made of variables with such names) are never shown: not by the actuator, not in errors.',
  '**Editors** with a YAML language server complete and check `application.yaml`: its first line names the JSON Schema of these keys, `application.schema.json` in `node_modules/@evplat/service`.',
  '**Mistakes** end the start with exit code 1: unknown keys and wrong values are told all at once, with file, line and column.',
]

const own = [
  'What stands under `app` is checked by `config` of `defineService`, a schema of zod, valibot or any library that keeps to Standard Schema. Without one it is given as it stands.',
  'A variable means the key with the same letters: with `app: { max-orders: 5 }`, `APP_MAX_ORDERS=6` sets it. One that no file has is written in camelCase (`APP_OPEN_AT` is `app.openAt`), and `__` goes a level down (`APP_SHOP__CITY` is `app.shop.city`). What is written without quotes is a number, `true`, `false` or text, whichever the schema takes.',
]

const sentence = (fallback: Fallback): string =>
  typeof fallback === 'string'
    ? `\`${fallback}\``
    : `\`${fallback.production}\` in production, else \`${fallback.otherwise}\``

function row([name, key]: readonly [string, Key<unknown>]): string {
  const isNamed = key.isMap === true
  const without = key.fallback === undefined ? (key.without ?? '') : sentence(key.fallback)
  const takes = `${key.kind.expected.replaceAll('|', '\\|')}${key.isSecret ? ' (secret)' : ''}`
  const variable = `${variableName(name)}${isNamed ? '_NAME' : ''}`
  return `| \`${name}${isNamed ? '.NAME' : ''}\` | \`${variable}\` | ${key.about} | ${takes} | ${without} |`
}

function section(title: string, prefixes: readonly string[]): string {
  const rows = Object.entries<Key<unknown>>(keys).filter(([name]) => prefixes.includes(name.split('.')[0]!))
  const head = ['| key | variable | what it says | takes | without it |', '|---|---|---|---|---|']
  return [`## ${title}`, [...head, ...rows.map(row)].join('\n')].join('\n\n')
}

/** The whole page. */
export function serviceSettingsPage(): string {
  return (
    [
      '# Settings of a service',
      '<!-- generated from src/service/config/keys.ts by `npm run generate` -->',
      'A service reads its settings once, when it starts. The first of these that has a value wins:',
      sources.map((source, at) => `${at + 1}. ${source}`).join('\n'),
      rules.map((rule) => `- ${rule}`).join('\n'),
      ...sections.map(([title, prefixes]) => section(title, prefixes)),
      '## Your own',
      ...own,
    ].join('\n\n') + '\n'
  )
}
