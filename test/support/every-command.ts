// A command line for every command of the table and every form of its output: a new command is in it by itself.
import { commandTable } from '../../src/cli/table.ts'

export interface CommandLine {
  /** the words that name the command */
  readonly path: string
  readonly args: readonly string[]
  /** the form of its output; undefined for commands that have but one */
  readonly output: string | undefined
  readonly input?: string
  /** takes `--env`, `--bootstrap` and `--registry` */
  readonly hasTarget: boolean
}

/** by the names that the table gives to arguments */
const words: Readonly<Record<string, string>> = {
  TOPIC: 'orders',
  SUBJECT: 'orders-value',
  GROUP: 'billing',
  SHELL: 'bash',
  DIR: 'new-platform',
  SERVER: 'kafka',
  SERVICE: 'mailer',
  NAME: 'mailer',
}

/** what keeps a command from asking, or from waiting for more */
const givenOptions: Readonly<Record<string, readonly string[]>> = {
  yes: ['--yes'],
  exit: ['--exit'],
  events: ['--events', '10'],
  service: ['--service', 'mailer'],
}

/** Further ways of commands that do something else with an option. */
const variants: Readonly<Record<string, readonly (readonly string[])[]>> = {
  consume: [['--group', 'billing', '-n', '1']],
  produce: [['--example'], ['--key', 'k', '--tombstone'], ['--input', 'json']],
  down: [['--volumes']],
  verify: [['--offline']],
}

/** Throws where an argument is new here. */
export function everyCommand(): CommandLine[] {
  return commandTable.flatMap(({ path, arguments: takes, options }) => {
    const named = takes.map(({ name }) => {
      const word = words[name]
      if (word === undefined) throw new Error(`what is a ${name} of evplat ${path}?`)
      return word
    })
    const given = Object.keys(options).flatMap((name) => givenOptions[name] ?? [])
    const { output } = options
    const outputs = output?.kind === 'choice' ? output.choices : [undefined]
    return outputs.flatMap((form) =>
      [[], ...(form === 'table' ? [] : (variants[path] ?? []))].map((more): CommandLine => {
        const isWaiting = more.includes('--group') ? given.filter((option) => option !== '--exit') : given
        return {
          path,
          args: [...path.split(' '), ...named, ...isWaiting, ...more, ...(form === undefined ? [] : ['-o', form])],
          output: form,
          hasTarget: 'env' in options,
          ...(path === 'produce' && { input: '{"value":1}\n' }),
        }
      }),
    )
  })
}
