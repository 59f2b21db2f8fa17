// The commands through which records flow.
import { targetOptions, outputOption } from './shared-options.ts'
import { command, type CommandSpec } from './spec.ts'

const topicArgument = [{ name: 'TOPIC', about: 'name of the topic', required: true }] as const
const avroJsonOption = {
  'avro-json': { kind: 'flag', about: "Avro values in the Avro specification's own JSON encoding" },
} as const

export const streamCommands: readonly CommandSpec[] = [
  command({
    path: 'produce',
    summary: 'write lines of input as records of a topic',
    details:
      'A line is a value: JSON where the topic has a schema or is declared as json, else text. With --input json a line is a record as `evplat consume -o json` prints it. Records are acknowledged by all in-sync replicas; their order is kept.',
    arguments: topicArgument,
    options: {
      ...targetOptions,
      key: { kind: 'text', short: 'k', value: 'KEY', about: 'key of every record' },
      'key-separator': { kind: 'text', value: 'TEXT', about: 'a line is a key, this text, and a value' },
      header: { kind: 'list', short: 'H', value: 'NAME=VALUE', about: 'a header of every record; may be repeated' },
      partition: {
        kind: 'number',
        short: 'p',
        value: 'N',
        about: "partition of every record; by its key, as Java's clients do it, when left out",
      },
      timestamp: {
        kind: 'text',
        value: 'TIME',
        about: 'time of every record, ISO 8601 or milliseconds; now when left out',
      },
      tombstone: { kind: 'flag', about: 'write one record without a value for the --key, and read no input' },
      input: {
        kind: 'choice',
        value: 'FORM',
        choices: ['lines', 'json'],
        about: 'what a line is: a value, or a record',
      },
      example: { kind: 'flag', about: "print a valid value of the topic's schema, and write nothing" },
      ...avroJsonOption,
      ...outputOption,
    },
    examples: [
      'echo \'{"id": 1}\' | evplat produce orders.audit',
      'evplat produce orders.placed --example | evplat produce orders.placed --key order-1',
      'evplat consume orders.placed --exit -o json | evplat produce orders.copy --input json',
    ],
    load: () => import('../commands/stream/produce.ts'),
  }),
  command({
    path: 'consume',
    summary: 'print the records of a topic',
    details:
      'Starts at the start and follows, unless told otherwise. Text on a terminal, JSON lines in a pipe. Only committed records of transactions are shown. A record that can not be decoded is shown as bytes, with the reason.',
    arguments: topicArgument,
    options: {
      ...targetOptions,
      from: {
        kind: 'text',
        value: 'PLACE',
        about: 'where to start: start, end, an OFFSET, -N (the last N), @TIME or @10m',
      },
      partition: {
        kind: 'list',
        short: 'p',
        value: 'N',
        about: 'this partition alone; may be repeated, or a list with commas',
      },
      number: { kind: 'number', short: 'n', value: 'N', about: 'stop after N records' },
      exit: { kind: 'flag', about: 'stop where the end is now' },
      group: { kind: 'text', short: 'g', value: 'GROUP', about: 'read as a member of a consumer group, and commit' },
      ...avroJsonOption,
      output: {
        kind: 'choice',
        short: 'o',
        value: 'FORMAT',
        choices: ['text', 'json', 'raw'],
        about: 'form of the output',
      },
    },
    examples: [
      'evplat consume orders.placed',
      'evplat consume orders.placed --from -10 --exit -o json',
      'evplat consume orders.placed --group billing',
    ],
    load: () => import('../commands/stream/consume.ts'),
  }),
]
