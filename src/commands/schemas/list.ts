import { mapBounded } from '../../core/bounded.ts'
import { columnLines } from '../../views/table.ts'
import { withRegistry } from '../connections.ts'
import type { Context, Outcome } from '../context.ts'
import type { TargetInput } from '../addresses.ts'
import { registryTarget } from '../target.ts'

const width = 16

/** The subjects of the registry by name, with their latest version and the level that holds. */
export async function run(input: TargetInput, context: Context): Promise<Outcome> {
  const to = await registryTarget(input, context)
  return withRegistry(to, context, async (registry) => {
    const latest = await registry.latestVersions()
    const globalLevel = await registry.globalLevel()
    const sorted = latest.toSorted((a, b) => (a.subject < b.subject ? -1 : 1))
    const levels = await mapBounded(sorted, width, ({ subject }) => registry.level(subject))
    const subjects = sorted.map(({ subject, version, id, type }, i) => ({
      name: subject,
      version,
      id,
      type,
      compatibility: levels[i] ?? globalLevel,
    }))
    const table = {
      head: ['SUBJECT', 'VERSION', 'ID', 'TYPE', 'COMPATIBILITY'],
      rows: subjects.map((subject) => Object.values(subject).map(String)),
    }
    return { value: subjects, table, text: () => columnLines(table).join('\n') + '\n' }
  })
}
