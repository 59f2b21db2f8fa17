// docs/commands.md: every command from the command table.
import { helpFor, optionAbout, optionLabel, usageLine } from '../../src/cli/help.ts'
import type { CommandSpec } from '../../src/cli/spec.ts'
import { commandTable } from '../../src/cli/table.ts'

function row(left: string, right: string): string {
  return `| \`${left.trim()}\` | ${right.replaceAll('|', '\\|')} |`
}

function section(spec: CommandSpec): string {
  const options = Object.entries(spec.options).map(([name, option]) =>
    row(optionLabel(name, option), optionAbout(option)),
  )
  const parts = [
    `## evplat ${spec.path}`,
    `${spec.summary[0]!.toUpperCase()}${spec.summary.slice(1)}.`,
    `    ${usageLine(spec)}`,
  ]
  if (spec.details !== undefined) parts.push(spec.details)
  if (spec.arguments.length > 0)
    parts.push(['| argument | |', '|---|---|', ...spec.arguments.map((a) => row(a.name, a.about))].join('\n'))
  if (options.length > 0) parts.push(['| option | |', '|---|---|', ...options].join('\n'))
  parts.push(spec.examples.map((example) => `    ${example}`).join('\n'))
  return parts.join('\n\n')
}

/** The whole page. */
export function commandsPage(): string {
  const intro =
    '# Commands\n\n<!-- generated from src/cli/table.ts by `npm run generate` -->\n\nEvery command takes `-C DIR` (work as if started in DIR) and `--help`.\n'
  return `${intro}\n\`\`\`\n${helpFor(commandTable, [])}\`\`\`\n\n${commandTable.map(section).join('\n\n')}\n`
}
