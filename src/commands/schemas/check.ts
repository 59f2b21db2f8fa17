// evplat schemas check: would the declared schemas be accepted? Nothing is registered.
import { exitCode } from '../../core/exit-codes.ts'
import type { Context, Outcome } from '../context.ts'
import { type PlanInput, showPlan } from '../plan.ts'

/** The verdict on every declared schema: 0 when all would be accepted, 3 when one would not. */
export async function run(
  input: Omit<PlanInput, 'allowRepartition' | 'detailedExitcode'>,
  context: Context,
): Promise<Outcome> {
  const planned = await showPlan({ ...input, allowRepartition: false, detailedExitcode: false }, context, 'subject')
  const { changes, summary } = planned.value as {
    changes: { name: string; blocked?: { code: string; message: string } }[]
    summary: { unchanged: number }
  }
  const subjects = changes.map(({ name, blocked }) => ({
    name,
    compatible: blocked === undefined,
    ...(blocked && { blocked }),
  }))
  return {
    value: { subjects, unchanged: summary.unchanged },
    exit: planned.exit ?? exitCode.ok,
    text: (style) => {
      const lines = subjects.map(({ name, blocked }) =>
        blocked
          ? `${style.red('no')}  ${name}: ${blocked.code}: ${blocked.message.replaceAll('\n', '\n    ')}`
          : `${style.green('ok')}  ${name}`,
      )
      return [...lines, `${subjects.length} new or changed, ${summary.unchanged} unchanged`].join('\n') + '\n'
    },
  }
}
