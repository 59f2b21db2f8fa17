// Every command of evplat: what it is called, what it takes, and where its code is. Loading this loads no command.
import { evplatOption, targetOptions } from './shared-options.ts'
import { command, type CommandSpec } from './spec.ts'
import { newCommands } from './table-new.ts'
import { operateCommands } from './table-operate.ts'
import { stackCommands } from './table-stack.ts'
import { streamCommands } from './table-stream.ts'

const startCommands: readonly CommandSpec[] = [
  command({
    path: 'init',
    summary: 'write a new platform: platform.yaml, schemas, services, CI',
    details:
      'Asks on a terminal; every question has an option, and --yes takes the defaults. Nothing is ever overwritten.',
    arguments: [{ name: 'DIR', about: 'the folder to write to; the present one when left out' }],
    options: {
      name: { kind: 'text', value: 'NAME', about: 'name of the platform; the name of the folder when left out' },
      runtime: {
        kind: 'choice',
        value: 'RUNTIME',
        choices: ['embedded', 'docker', 'native'],
        about:
          'what the stack runs on: a broker within Node, or Apache Kafka, in containers or on the Java of this machine',
      },
      kafka: { kind: 'choice', value: 'VERSION', choices: ['3.9', '4.3'], about: 'docker, native: version of Kafka' },
      coordination: {
        kind: 'choice',
        value: 'KIND',
        choices: ['zookeeper', 'kraft'],
        about: 'docker, native: how the brokers coordinate',
      },
      brokers: { kind: 'choice', value: 'N', choices: ['1', '3'], about: 'docker, native: how many brokers' },
      ports: {
        kind: 'choice',
        value: 'PORTS',
        choices: ['fixed', 'auto'],
        about: '9092 and 8081, or whichever are free',
      },
      ci: {
        kind: 'choice',
        value: 'SYSTEM',
        choices: ['github', 'gitlab'],
        about: 'write a workflow that runs verify',
      },
      bare: { kind: 'flag', about: 'topics and schemas alone: no services, and no npm workspace for them' },
      ...evplatOption,
      yes: { kind: 'flag', short: 'y', about: 'ask nothing' },
    },
    examples: ['evplat init shop', 'evplat init shop --runtime native --kafka 4.3 --ci github --yes'],
    load: () => import('../commands/init.ts'),
  }),
  command({
    path: 'demo',
    summary: 'the whole path on a stack of its own, and away with it',
    options: {
      events: { kind: 'number', value: 'N', min: 1, about: 'events to produce; 10000 when left out' },
      runtime: {
        kind: 'choice',
        value: 'RUNTIME',
        choices: ['embedded', 'docker', 'native'],
        about: 'a broker within Node, the default, or Apache Kafka, in containers or on the Java of this machine',
      },
      keep: { kind: 'flag', about: 'leave the stack running and the folder in place' },
    },
    examples: ['evplat demo', 'evplat demo --runtime native', 'evplat demo --events 100000 --keep'],
    load: () => import('../commands/demo.ts'),
  }),
  command({
    path: 'dev',
    summary: 'the stack, what is declared, and every service under watch, in one log',
    details:
      'Starts the stack, applies platform.yaml, writes the types of services, installs packages that are missing, and runs the script `start` of every service that has a folder. A service is started anew when its code or its settings change; a change of platform.yaml or of a schema is applied first. One that ends is started again, with growing pauses, while the others go on. Services are given KAFKA_BOOTSTRAP_SERVERS, SCHEMA_REGISTRY_URL and, where platform.yaml names a port, SERVER_PORT. Ctrl-C stops the services, and the stack where it did not run before.',
    arguments: [{ name: 'SERVICE', about: 'services of platform.yaml; all when left out', many: true }],
    options: { file: targetOptions.file },
    examples: ['evplat dev', 'evplat dev orders billing'],
    load: () => import('../commands/service/dev.ts'),
  }),
  command({
    path: 'completion',
    summary: 'print a completion script for bash, zsh or fish',
    arguments: [{ name: 'SHELL', about: 'bash, zsh or fish', required: true }],
    options: {},
    examples: ['evplat completion bash > ~/.local/share/bash-completion/completions/evplat'],
    load: async () => ({ run: (await import('./completion.ts')).completionOf(commandTable) }),
  }),
]

export const commandTable: readonly CommandSpec[] = [
  ...startCommands,
  ...newCommands,
  ...stackCommands,
  ...operateCommands,
  ...streamCommands,
]
