// The commands that operate a cluster: plan, apply, verify, and those by noun.
import { outputOption, listOutputOption, targetOptions, yesOption } from './shared-options.ts'
import { command, type CommandSpec } from './spec.ts'

const repartitionOption = {
  'allow-repartition': { kind: 'flag', about: 'more partitions on topics with keys are meant, although keys move' },
} as const
const planOptions = {
  ...targetOptions,
  ...repartitionOption,
  'detailed-exitcode': { kind: 'flag', about: 'exit with 2 when there are changes' },
  ...outputOption,
} as const
const applyOptions = { ...targetOptions, ...repartitionOption, ...yesOption, ...outputOption } as const

const planDetails =
  'Compares platform.yaml with the cluster and the registry, and lets both prove that apply will succeed: what they would refuse is BLOCKED here, in their own words (exit 3).'
const applyDetails =
  'Shows the plan, asks, and runs exactly that plan. Nothing is done while something is BLOCKED. Never deletes.'

const platformCommands: readonly CommandSpec[] = [
  command({
    path: 'plan',
    summary: 'show what apply would change, proven to succeed',
    details: planDetails,
    options: planOptions,
    examples: ['evplat plan', 'evplat plan --env staging --detailed-exitcode', 'evplat plan -o json'],
    load: () => import('../commands/plan.ts'),
  }),
  command({
    path: 'apply',
    summary: 'make topics and schemas as platform.yaml declares them',
    details: applyDetails,
    options: applyOptions,
    examples: ['evplat apply', 'evplat apply --env staging --yes'],
    load: () => import('../commands/apply.ts'),
  }),
  command({
    path: 'types',
    summary: 'write TypeScript for services from their schemas and topics',
    details:
      'Writes src/generated/types.ts and src/generated/topics.ts of each service of platform.yaml whose folder has a tsconfig.json, as far as they differ.',
    options: {
      file: targetOptions.file,
      check: { kind: 'flag', about: 'write nothing; exit with 2 when a file differs, and name it' },
      ...outputOption,
    },
    examples: ['evplat types', 'evplat types --check'],
    load: () => import('../commands/types.ts'),
  }),
  command({
    path: 'verify',
    summary: 'the gate in CI: check platform.yaml, and that all is as it says',
    details:
      'Exit 0 when everything passed, 2 when something was found. --offline needs no network. On `local` the declared services are looked at, too: one that runs has to be ready, and every partition that it consumes assigned to a member of its group; one whose folder has a package.json and that does not run is a warning.',
    options: {
      ...targetOptions,
      offline: { kind: 'flag', about: 'check the file alone' },
      strict: { kind: 'flag', about: 'warnings count as errors' },
      output: {
        kind: 'choice',
        short: 'o',
        value: 'FORMAT',
        choices: ['text', 'json', 'yaml', 'junit', 'github'],
        about: 'form of the output',
      },
    },
    examples: [
      'evplat verify',
      'evplat verify --offline --strict',
      'evplat verify --env staging -o junit > report.xml',
    ],
    load: () => import('../commands/verify.ts'),
  }),
]

const topicCommands: readonly CommandSpec[] = [
  command({
    path: 'topics plan',
    summary: 'show what apply would change of the topics',
    details: planDetails,
    options: planOptions,
    examples: ['evplat topics plan'],
    load: () => import('../commands/topics/plan.ts'),
  }),
  command({
    path: 'topics apply',
    summary: 'make the topics as platform.yaml declares them',
    details: applyDetails,
    options: applyOptions,
    examples: ['evplat topics apply --yes'],
    load: () => import('../commands/topics/apply.ts'),
  }),
  command({
    path: 'topics list',
    summary: 'list the topics of the cluster',
    options: { ...targetOptions, internal: { kind: 'flag', about: 'internal topics, too' }, ...listOutputOption },
    examples: ['evplat topics list', 'evplat topics list --bootstrap kafka:9092 -o json'],
    load: () => import('../commands/topics/list.ts'),
  }),
  command({
    path: 'topics describe',
    summary: 'show a topic: configs, partitions, offsets',
    arguments: [{ name: 'TOPIC', about: 'name of the topic', required: true }],
    options: {
      ...targetOptions,
      all: { kind: 'flag', about: 'every config, not only those set on the topic' },
      ...outputOption,
    },
    examples: ['evplat topics describe orders.placed', 'evplat topics describe orders.placed --all -o json'],
    load: () => import('../commands/topics/describe.ts'),
  }),
  command({
    path: 'topics delete',
    summary: 'delete topics with all their records',
    details: 'Shows what is lost and asks for the name. Topics of the cluster itself are refused.',
    arguments: [{ name: 'TOPIC', about: 'names of topics', required: true, many: true }],
    options: { ...targetOptions, ...yesOption, ...outputOption },
    examples: ['evplat topics delete orders.test'],
    load: () => import('../commands/topics/delete.ts'),
  }),
]

const schemaCommands: readonly CommandSpec[] = [
  command({
    path: 'schemas plan',
    summary: 'show what apply would change of the schemas',
    details: planDetails,
    options: planOptions,
    examples: ['evplat schemas plan'],
    load: () => import('../commands/schemas/plan.ts'),
  }),
  command({
    path: 'schemas apply',
    summary: 'register the schemas that platform.yaml declares',
    details: applyDetails,
    options: applyOptions,
    examples: ['evplat schemas apply --yes'],
    load: () => import('../commands/schemas/apply.ts'),
  }),
  command({
    path: 'schemas check',
    summary: 'ask whether the registry would take the declared schemas',
    details:
      'Checks every new or changed schema against all versions that its level names. Exit 3 when one would be refused.',
    options: { ...targetOptions, ...outputOption },
    examples: ['evplat schemas check', 'evplat schemas check --env staging -o json'],
    load: () => import('../commands/schemas/check.ts'),
  }),
  command({
    path: 'schemas list',
    summary: 'list the subjects of the registry',
    options: { ...targetOptions, ...listOutputOption },
    examples: ['evplat schemas list', 'evplat schemas list -o json'],
    load: () => import('../commands/schemas/list.ts'),
  }),
  command({
    path: 'schemas show',
    summary: 'show a version of a subject',
    arguments: [{ name: 'SUBJECT', about: 'name of the subject', required: true }],
    options: {
      ...targetOptions,
      'schema-version': { kind: 'number', value: 'N', min: 1, about: 'the version; the latest when left out' },
      ...outputOption,
    },
    examples: ['evplat schemas show orders.placed-value', 'evplat schemas show orders.placed-value --schema-version 1'],
    load: () => import('../commands/schemas/show.ts'),
  }),
  command({
    path: 'schemas delete',
    summary: 'delete subjects; ids stay readable unless it is permanent',
    details: 'Shows what is lost and asks for the name.',
    arguments: [{ name: 'SUBJECT', about: 'names of subjects', required: true, many: true }],
    options: {
      ...targetOptions,
      permanent: { kind: 'flag', about: 'remove the subject for good' },
      ...yesOption,
      ...outputOption,
    },
    examples: ['evplat schemas delete orders.test-value', 'evplat schemas delete orders.test-value --permanent --yes'],
    load: () => import('../commands/schemas/delete.ts'),
  }),
]

const groupCommands: readonly CommandSpec[] = [
  command({
    path: 'groups list',
    summary: 'list the consumer groups of the cluster',
    options: { ...targetOptions, ...listOutputOption },
    examples: ['evplat groups list'],
    load: () => import('../commands/groups/list.ts'),
  }),
  command({
    path: 'groups describe',
    summary: 'show a group: members, offsets, lag',
    arguments: [{ name: 'GROUP', about: 'name of the group', required: true }],
    options: { ...targetOptions, ...outputOption },
    examples: ['evplat groups describe billing', 'evplat groups describe billing -o json'],
    load: () => import('../commands/groups/describe.ts'),
  }),
]

export const operateCommands: readonly CommandSpec[] = [
  ...platformCommands,
  ...topicCommands,
  ...schemaCommands,
  ...groupCommands,
]
