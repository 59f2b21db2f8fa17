// Shell completion from the command table. The scripts are static: they start no process when Tab is pressed.
import { didYouMean } from '../core/did-you-mean.ts'
import { EvplatError } from '../core/errors.ts'
import type { CommandSpec, Run } from './spec.ts'

type Table = readonly CommandSpec[]

/** Every path of words, with what may follow it: commands, then options and their choices. */
function followers(table: Table): Map<string, string[]> {
  const map = new Map<string, string[]>([['', ['--help', '--version']]])
  for (const spec of table) {
    const words = spec.path.split(' ')
    words.forEach((word, i) => {
      const before = words.slice(0, i).join(' ')
      const known = map.get(before) ?? []
      if (!known.includes(word)) known.push(word)
      map.set(before, known)
    })
    map.set(spec.path, [...Object.keys(spec.options).map((name) => `--${name}`), '--directory', '--help'])
  }
  return map
}

/** `--output` -> its choices, over all commands. */
function choices(table: Table): Map<string, readonly string[]> {
  const map = new Map<string, readonly string[]>()
  for (const spec of table)
    for (const [name, option] of Object.entries(spec.options))
      if (option.kind === 'choice') map.set(`--${name}`, option.choices)
  return map
}

function bash(table: Table): string {
  const cases = [...followers(table)].map(([path, next]) => `    "${path}") words="${next.join(' ')}" ;;`)
  const values = [...choices(table)].map(([flag, list]) => `    ${flag}) words="${list.join(' ')}" ;;`)
  const paths = [...followers(table).keys()].filter((p) => p !== '').map((p) => `"${p}"`)
  return `# bash completion for evplat
_evplat() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" path="" word try words=""
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    try="\${path:+$path }$word"
    case "$try" in ${paths.join('|')}) path="$try" ;; esac
  done
  case "$previous" in
${values.join('\n')}
    -f|--file) COMPREPLY=($(compgen -f -- "$current")); return ;;
    -C|--directory) COMPREPLY=($(compgen -d -- "$current")); return ;;
  esac
  if [ -z "$words" ]; then case "$path" in
${cases.join('\n')}
  esac; fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _evplat evplat
`
}

function zsh(table: Table): string {
  return `#compdef evplat
autoload -U +X bashcompinit && bashcompinit
${bash(table)}`
}

function fish(table: Table): string {
  const lines = ['# fish completion for evplat', 'complete -c evplat -f']
  for (const spec of table) {
    const words = spec.path.split(' ')
    const before = words.slice(0, -1).map((w) => `__fish_seen_subcommand_from ${w}`)
    const when = before.length > 0 ? before.join('; and ') : '__fish_use_subcommand'
    lines.push(`complete -c evplat -n '${when}' -a ${words.at(-1)} -d '${spec.summary.replaceAll("'", '')}'`)
    const here = words.map((w) => `__fish_seen_subcommand_from ${w}`).join('; and ')
    for (const [name, option] of Object.entries(spec.options)) {
      const values =
        option.kind === 'flag' ? '' : option.kind === 'choice' ? ` -x -a '${option.choices.join(' ')}'` : ' -r'
      lines.push(`complete -c evplat -n '${here}' -l ${name}${values} -d '${option.about.replaceAll("'", '')}'`)
    }
  }
  for (const noun of new Set(table.filter((s) => s.path.includes(' ')).map((s) => s.path.split(' ')[0]!)))
    lines.push(`complete -c evplat -n __fish_use_subcommand -a ${noun}`)
  return lines.join('\n') + '\n'
}

const scripts: Readonly<Record<string, (table: Table) => string>> = { bash, zsh, fish }

/** The command that prints the completion script of one shell, for the commands of a table. */
export function completionOf(table: Table): Run<{ readonly words: readonly string[] }> {
  return (input) => {
    const shell = input.words[0]!
    const script = scripts[shell]
    if (!script) {
      const guess = didYouMean(shell, Object.keys(scripts))
      throw new EvplatError('usage', `there is no completion for "${shell}"`, {
        hint: guess || 'one of bash, zsh, fish',
      })
    }
    const text = script(table)
    return Promise.resolve({ value: text, text: () => text })
  }
}
