import { listGroups } from '../../kafka/admin/groups.ts'
import { columnLines } from '../../views/table.ts'
import { withCluster } from '../connections.ts'
import type { Context, Outcome } from '../context.ts'
import type { TargetInput } from '../addresses.ts'
import { target } from '../target.ts'

/** The consumer groups of the cluster by name. */
export async function run(input: TargetInput, context: Context): Promise<Outcome> {
  const to = await target(input, context)
  const groups = await withCluster(to, context, listGroups)
  const table = { head: ['GROUP', 'STATE', 'TYPE'], rows: groups.map(({ name, state, type }) => [name, state, type]) }
  return { value: groups, table, text: () => columnLines(table).join('\n') + '\n' }
}
