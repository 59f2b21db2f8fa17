// argv -> the command and its typed input. Commander parses; the table says what there is.
import { Command, CommanderError, Option } from 'commander'
import { didYouMean } from '../core/did-you-mean.ts'
import { EvplatError } from '../core/errors.ts'
import type { CommandSpec, OptionSpec } from './spec.ts'

export interface Parsed {
  readonly spec: CommandSpec
  readonly input: Readonly<Record<string, unknown>> & { readonly words: readonly string[] }
  /** the folder given by `-C` */
  readonly folder: string | undefined
}

function toOption(name: string, spec: OptionSpec): Option {
  const flags = `${spec.short === undefined ? '' : `-${spec.short}, `}--${name}`
  const option = new Option(spec.kind === 'flag' ? flags : `${flags} <${spec.value}>`)
  if (spec.kind === 'flag') return option.default(false)
  if (spec.kind === 'list') return option.default([]).argParser((text, all: string[]) => [...all, text])
  if (spec.kind === 'choice')
    return option.argParser((text) => {
      if (spec.choices.includes(text)) return text
      const guess = didYouMean(text, spec.choices)
      throw new EvplatError(
        'usage',
        `--${name} takes ${listed(spec.choices)}, not "${text}"`,
        guess ? { hint: guess } : {},
      )
    })
  if (spec.kind === 'number')
    return option.argParser((text) => {
      const least = spec.min ?? 0
      if (/^-?\d+$/.test(text) && Number.isSafeInteger(Number(text)) && Number(text) >= least) return Number(text)
      throw new EvplatError('usage', `--${name} takes a whole number of at least ${least}, not "${text}"`)
    })
  return option
}

/** `a`, `a or b`, `a, b or c` */
function listed(choices: readonly string[]): string {
  return choices.length < 2 ? choices.join('') : `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`
}

function newCommand(name: string): Command {
  return new Command(name)
    .exitOverride()
    .configureOutput({ writeErr: () => undefined, writeOut: () => undefined })
    .helpOption(false)
    .helpCommand(false)
    .allowExcessArguments(false)
    .showSuggestionAfterError(false)
    .addOption(new Option('-C, --directory <DIR>'))
}

function buildTree(table: readonly CommandSpec[], found: (parsed: Parsed) => void): Command {
  const root = newCommand('evplat')
  for (const spec of table) {
    let parent = root
    const words = spec.path.split(' ')
    for (const word of words.slice(0, -1)) {
      let next = parent.commands.find((child) => child.name() === word)
      if (!next) parent.addCommand((next = newCommand(word)))
      parent = next
    }
    const leaf = newCommand(words.at(-1)!)
    for (const { name, required, many } of spec.arguments) {
      const inner = many === true ? `${name}...` : name
      leaf.argument(required === true ? `<${inner}>` : `[${inner}]`)
    }
    for (const [name, option] of Object.entries(spec.options)) leaf.addOption(toOption(name, option))
    leaf.action((...args) => {
      const words = (args.slice(0, -2) as (string | string[] | undefined)[]).flat().filter((w) => w !== undefined)
      const { directory, ...options } = leaf.optsWithGlobals()
      found({ spec, input: { ...options, words }, folder: directory as string | undefined })
    })
    parent.addCommand(leaf)
  }
  return root
}

/** The names under which what was typed could have been found: options of the command, or its sisters. */
function candidates(root: Command, argv: readonly string[]): { at: Command; options: string[]; commands: string[] } {
  let at = root
  for (const word of argv) at = at.commands.find((child) => child.name() === word) ?? at
  return {
    at,
    options: at.options.flatMap((o) => [o.long, o.short].filter((flag) => flag != null)),
    commands: at.commands.map((c) => c.name()),
  }
}

function pathOf(command: Command): string {
  const names: string[] = []
  for (let c: Command | null = command; c; c = c.parent) names.unshift(c.name())
  return names.join(' ')
}

function explain(error: CommanderError, root: Command, argv: readonly string[]): EvplatError {
  const { at, options, commands } = candidates(root, argv)
  const quoted = /'([^']*)'/.exec(error.message)?.[1] ?? ''
  const help = `\`${pathOf(at)} --help\``
  const hint = (guess: string): { hint: string } => ({ hint: guess === '' ? `see ${help}` : `${guess} See ${help}` })
  switch (error.code) {
    case 'commander.unknownOption':
      return new EvplatError('usage', `unknown option ${quoted}`, hint(didYouMean(quoted, options)))
    case 'commander.unknownCommand':
    case 'commander.excessArguments': {
      const extra =
        at.commands.length > 0 ? argv.find((word) => !word.startsWith('-') && !pathOf(at).includes(word)) : undefined
      if (extra !== undefined)
        return new EvplatError('usage', `unknown command "${extra}"`, hint(didYouMean(extra, commands)))
      return new EvplatError('usage', `too many words for ${pathOf(at)}`, hint(''))
    }
    case 'commander.missingArgument':
      return new EvplatError('usage', `${pathOf(at)} needs ${quoted}`, hint(''))
    case 'commander.optionMissingArgument':
      return new EvplatError('usage', `option ${/--[a-z-]+/.exec(quoted)?.[0] ?? quoted} needs a value`, hint(''))
    case 'commander.help':
      return new EvplatError('usage', `${pathOf(at).replace(/^evplat /, '')} needs a command`, hint(''))
    default:
      return new EvplatError('usage', error.message.replace(/^error: /, ''), hint(''))
  }
}

/** Finds the command that argv names and the values of its options. Throws `usage` with a suggestion when it can't. */
export function parse(table: readonly CommandSpec[], argv: readonly string[]): Parsed {
  let parsed: Parsed | undefined
  const root = buildTree(table, (p) => (parsed = p))
  try {
    root.parse(argv, { from: 'user' })
  } catch (thrown) {
    if (thrown instanceof CommanderError) throw explain(thrown, root, argv)
    throw thrown
  }
  if (!parsed) throw new EvplatError('usage', 'no command was named', { hint: 'see `evplat --help`' })
  return parsed
}
