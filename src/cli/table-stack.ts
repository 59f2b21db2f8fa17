// The commands of the stack: the servers that evplat runs on this machine.
import { listOutputOption, outputOption, targetOptions, yesOption } from './shared-options.ts'
import { type ArgumentSpec, command, type CommandSpec } from './spec.ts'

const { file } = targetOptions

const serverArgument = (more: string): ArgumentSpec => ({
  name: 'SERVER',
  about: `servers, as \`evplat status\` names them; ${more}`,
  many: true,
})

export const stackCommands: readonly CommandSpec[] = [
  command({
    path: 'up',
    summary: 'start the stack: Kafka, a Schema Registry, databases, on this machine',
    details:
      'Returns when every server has answered a request, and starts only what does not run. The servers go on running; their state, data and logs are in .evplat beside platform.yaml. `stack.runtime` in platform.yaml says on what: `embedded` is a broker within Node for development, tests and CI; `native` is Apache Kafka on the Java of this machine, from KAFKA_HOME, else fetched once by Maven. `docker` is containers of the images that people know, one project with docker compose. `auto` is containers where an engine of this machine answers, else embedded, and stays what it was once.',
    arguments: [serverArgument('all when left out; what it depends on is started, too')],
    options: {
      file,
      pull: {
        kind: 'choice',
        value: 'WHEN',
        choices: ['missing', 'always', 'never'],
        about: 'when the images of containers are pulled; missing when left out',
      },
      'remove-orphans': {
        kind: 'flag',
        about: 'remove containers of servers that platform.yaml does not name any more',
      },
      'print-compose': {
        kind: 'flag',
        about: 'print the stack as a file for docker compose, to lie beside platform.yaml, and start nothing',
      },
      ...listOutputOption,
    },
    examples: [
      'evplat up',
      'evplat up kafka postgres',
      'evplat up -o json',
      'evplat up --print-compose > compose.yaml',
    ],
    load: () => import('../commands/stack/up.ts'),
  }),
  command({
    path: 'down',
    summary: 'stop the stack; its data stays unless --volumes is given',
    options: {
      file,
      volumes: { kind: 'flag', about: 'delete all topics, records, schemas and databases of the stack' },
      ...yesOption,
      ...outputOption,
    },
    examples: ['evplat down', 'evplat down --volumes --yes'],
    load: () => import('../commands/stack/down.ts'),
  }),
  command({
    path: 'restart',
    summary: 'stop servers of the stack and start them again',
    arguments: [serverArgument('all when left out')],
    options: { file, ...listOutputOption },
    examples: ['evplat restart', 'evplat restart kafka'],
    load: () => import('../commands/stack/restart.ts'),
  }),
  command({
    path: 'status',
    summary: 'where the servers of the stack and the services are, and how they do',
    details:
      'A service is asked on its port whether it is ready; one without a port is judged by the members of its group. LAG counts the records that wait for the group, and is empty while it has not committed where there are some.',
    options: {
      file,
      watch: { kind: 'flag', short: 'w', about: 'look again every two seconds until Ctrl-C' },
      ...listOutputOption,
    },
    examples: ['evplat status', 'evplat status --watch', 'evplat status -o json'],
    load: () => import('../commands/stack/status.ts'),
  }),
  command({
    path: 'logs',
    summary: 'what the servers of the stack write to their logs',
    arguments: [{ name: 'SERVER', about: 'one server, as `evplat status` names it; all when left out' }],
    options: {
      file,
      follow: { kind: 'flag', about: 'go on with new lines until Ctrl-C' },
      number: { kind: 'number', short: 'n', value: 'LINES', about: 'last lines of each server; 100 when left out' },
      output: { kind: 'choice', short: 'o', value: 'FORMAT', choices: ['text', 'json'], about: 'form of the output' },
    },
    examples: ['evplat logs', 'evplat logs kafka --follow', 'evplat logs schema-registry -n 20'],
    load: () => import('../commands/stack/logs.ts'),
  }),
  command({
    path: 'doctor',
    summary: 'whether the stack could start here, and what to do if not',
    details:
      'Looks at container engines, Node, Java, Maven, the ports of platform.yaml, open files and the disk, and changes nothing. What the declared stack needs and is not there is `missing` (exit 1); what other runtimes would need is a warning.',
    options: { file, ...outputOption },
    examples: ['evplat doctor', 'evplat doctor -o json'],
    load: () => import('../commands/doctor.ts'),
  }),
]
