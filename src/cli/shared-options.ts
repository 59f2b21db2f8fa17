// Options that mean the same in every command that has them.

/** Which cluster and registry. */
export const targetOptions = {
  file: { kind: 'text', short: 'f', value: 'FILE', about: 'the platform file; platform.yaml when left out' },
  env: {
    kind: 'text',
    short: 'e',
    value: 'NAME',
    about: 'the environment; local, the stack of this machine, when left out',
  },
  bootstrap: {
    kind: 'text',
    value: 'HOST:PORT',
    about: 'brokers of the cluster, separated by commas, instead of the environment',
  },
  registry: { kind: 'text', value: 'URL', about: 'the Schema Registry, instead of that of the environment' },
} as const

/** How the result is printed. */
export const outputOption = {
  output: {
    kind: 'choice',
    short: 'o',
    value: 'FORMAT',
    choices: ['text', 'json', 'yaml'],
    about: 'form of the output',
  },
} as const

export const listOutputOption = {
  output: {
    kind: 'choice',
    short: 'o',
    value: 'FORMAT',
    choices: ['text', 'table', 'json', 'yaml'],
    about: 'form of the output',
  },
} as const

export const yesOption = { yes: { kind: 'flag', short: 'y', about: 'answer every question with yes' } } as const

/** Where a new package takes evplat's own packages from. */
export const evplatOption = {
  evplat: {
    kind: 'text',
    value: 'VERSION',
    about:
      'take this published version of evplat for services and tests; when left out, the one that runs is carried in vendor/',
  },
} as const
