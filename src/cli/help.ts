// Help pages from the command table; also the source of docs/commands.md. Loads nothing.
import type { CommandSpec, OptionSpec } from './spec.ts'

const groups: readonly (readonly [title: string, ...paths: string[]])[] = [
  ['Start', 'init', 'demo', 'completion'],
  ['Stack', 'up', 'down', 'restart', 'status', 'logs', 'doctor'],
  ['Operate', 'plan', 'apply', 'verify', 'topics', 'schemas', 'groups'],
  ['Stream', 'produce', 'consume'],
  ['Services', 'dev', 'new', 'types'],
]

function columns(rows: readonly (readonly [string, string])[], indent = '  '): string {
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `${indent}${left.padEnd(width)}  ${right}`.trimEnd()).join('\n')
}

/** `-o, --output FORMAT`, as help shows it. */
export function optionLabel(name: string, option: OptionSpec): string {
  const short = option.short === undefined ? '    ' : `-${option.short}, `
  return option.kind === 'flag' ? `${short}--${name}` : `${short}--${name} ${option.value}`
}

/** What an option does, with its choices. */
export function optionAbout(option: OptionSpec): string {
  return option.kind === 'choice' ? `${option.about}: ${option.choices.join(', ')}` : option.about
}

/** `evplat produce TOPIC [OPTIONS]` */
export function usageLine(spec: CommandSpec): string {
  const words = spec.arguments.map(({ name, required, many }) => {
    const shown = many === true ? `${name}...` : name
    return required === true ? shown : `[${shown}]`
  })
  return ['evplat', spec.path, ...words, '[OPTIONS]'].join(' ')
}

const everywhere: readonly (readonly [string, string])[] = [
  ['-C, --directory DIR', 'work as if started in DIR'],
  ['-h, --help', 'this page'],
]

function commandPage(spec: CommandSpec): string {
  const parts = [spec.summary[0]!.toUpperCase() + spec.summary.slice(1) + '.', `Usage: ${usageLine(spec)}`]
  if (spec.details !== undefined) parts.push(spec.details)
  if (spec.arguments.length > 0) parts.push(columns(spec.arguments.map((a) => [a.name, a.about])))
  const options = Object.entries(spec.options).map(([name, o]) => [optionLabel(name, o), optionAbout(o)] as const)
  parts.push(`Options:\n${columns([...options, ...everywhere])}`)
  parts.push(`Examples:\n${spec.examples.map((e) => `  ${e}`).join('\n')}`)
  return parts.join('\n\n') + '\n'
}

function nounPage(noun: string, table: readonly CommandSpec[]): string {
  const children = table.filter((spec) => spec.path.startsWith(`${noun} `))
  const rows = children.map((spec) => [spec.path, spec.summary] as const)
  return `Usage: evplat ${noun} COMMAND [OPTIONS]\n\n${columns(rows)}\n\nSee \`evplat ${noun} COMMAND --help\`.\n`
}

function rootPage(table: readonly CommandSpec[]): string {
  const sections = groups.map(([title, ...nouns]) => {
    const rows = nouns.flatMap((noun) => table.filter((s) => s.path === noun || s.path.startsWith(`${noun} `)))
    return `${title}:\n${columns(rows.map((spec) => [spec.path, spec.summary]))}`
  })
  return (
    [
      'evplat: one file, platform.yaml, and one command line to run an event-driven platform on Apache Kafka.',
      'Usage: evplat COMMAND [OPTIONS]',
      ...sections,
      columns([...everywhere, ['-V, --version', 'the version']]),
      'See `evplat COMMAND --help`.',
    ].join('\n\n') + '\n'
  )
}

/** The help page for the words of a command line: of a command, of a noun with its commands, or of evplat. */
export function helpFor(table: readonly CommandSpec[], words: readonly string[]): string {
  for (let length = words.length; length > 0; length--) {
    const path = words.slice(0, length).join(' ')
    const spec = table.find((s) => s.path === path)
    if (spec) return commandPage(spec)
    if (table.some((s) => s.path.startsWith(`${path} `))) return nounPage(path, table)
  }
  return rootPage(table)
}
