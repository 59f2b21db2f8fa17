import { describeGroup } from '../../kafka/admin/groups.ts'
import { groupText } from '../../views/group.ts'
import { withCluster } from '../connections.ts'
import type { Context, Outcome } from '../context.ts'
import type { TargetInput } from '../addresses.ts'
import { target } from '../target.ts'

interface DescribeInput extends TargetInput {
  readonly words: readonly string[]
}

/** One group: its members, and how far it is behind in every partition. */
export async function run(input: DescribeInput, context: Context): Promise<Outcome> {
  const to = await target(input, context)
  const group = await withCluster(to, context, (cluster) => describeGroup(cluster, input.words[0]!))
  const lag = group.offsets.reduce((sum, offset) => sum + Math.max(0, offset.lag), 0)
  return { value: { ...group, lag }, text: (style) => groupText(group, lag, style) }
}
