// evplat apply, topics apply, schemas apply: shows the proven plan, asks, and runs that very plan.
import { type ChangeResult, run as runPlan } from '../apply/run.ts'
import { EvplatError } from '../core/errors.ts'
import { exitCode, type ExitCode } from '../core/exit-codes.ts'
import type { Style } from '../core/style.ts'
import { type Plan, summarise } from '../plan/plan.ts'
import { planText, publishPlan, resultsText } from '../views/plan.ts'
import { withPorts } from './connections.ts'
import type { Context, Outcome } from './context.ts'
import { exitCodeOf, type PlanKind, provenPlan } from './plan.ts'
import { declaredTarget } from './platform-target.ts'
import type { TargetInput } from './addresses.ts'

export interface ApplyInput extends TargetInput {
  readonly allowRepartition: boolean
  readonly yes: boolean
  readonly output: string | undefined
}

function exitOf(results: readonly ChangeResult[], signal: AbortSignal): ExitCode {
  if (signal.aborted) return exitCode.interrupted
  const isDone = (result: ChangeResult): boolean => result.outcome === 'done'
  if (results.every(isDone)) return exitCode.ok
  return results.some(isDone) ? exitCode.partial : exitCode.failed
}

function outcomeOf(plan: Plan, results: readonly ChangeResult[], exit: ExitCode, text: Outcome['text']): Outcome {
  return { value: { ...publishPlan(plan, summarise(plan)), results }, text, exit }
}

/** Asks for a yes; where records or their order are in danger, for the name of the environment. */
async function isConfirmed(plan: Plan, input: ApplyInput, context: Context): Promise<boolean> {
  if (input.yes) return true
  context.say(planText(plan, summarise(plan), context.messageStyle))
  const isDangerous = plan.changes.some((change) => change.danger !== undefined)
  return context.confirm(`Apply this to ${plan.environment}?`, isDangerous ? plan.environment : undefined)
}

/** Applies everything, or one kind. */
export async function applyPlan(input: ApplyInput, context: Context, only?: PlanKind): Promise<Outcome> {
  if (!input.yes && !(context.isTerminal.stdin && context.isTerminal.stderr))
    throw new EvplatError('needs-terminal', 'apply asks before it changes anything, and there is no terminal', {
      hint: 'look at `evplat plan`, then `evplat apply --yes`',
    })
  const to = await declaredTarget(input, context)
  return withPorts(to, context, async (ports) => {
    const progress = context.progress('planning')
    const onStep = (text: string): void => progress.update(text)
    const options = { allowRepartition: input.allowRepartition, onStep, ...(only && { only }) }
    const plan = await provenPlan(to, ports, options).finally(() => progress.end())
    const shown = (style: Style): string => planText(plan, summarise(plan), style)
    const blocked = exitCodeOf(plan, false)
    if (blocked !== exitCode.ok) {
      const none = plan.changes.map(({ kind, name }) => ({ kind, name, outcome: 'skipped' }) as const)
      return outcomeOf(plan, none, blocked, (style) => `${shown(style)}Nothing was applied.\n`)
    }
    if (plan.changes.length === 0) return outcomeOf(plan, [], exitCode.ok, shown)
    if (!(await isConfirmed(plan, input, context)))
      throw new EvplatError('interrupted', 'not confirmed, nothing was applied')
    const results = await runPlan(plan, ports, { signal: context.signal, onStep }).finally(() => progress.end())
    const before = (style: Style): string => (input.yes ? shown(style) : '')
    return outcomeOf(
      plan,
      results,
      exitOf(results, context.signal),
      (style) => before(style) + resultsText(results, style),
    )
  })
}

export const run = (input: ApplyInput, context: Context): Promise<Outcome> => applyPlan(input, context)
