// evplat plan, topics plan, schemas plan: what apply would do, proven, and nothing done.
import { prove } from '../apply/prove.ts'
import { readActual } from '../apply/read-actual.ts'
import type { Ports } from '../apply/ports.ts'
import { EvplatError } from '../core/errors.ts'
import { exitCode, type ExitCode } from '../core/exit-codes.ts'
import { makePlan } from '../plan/make-plan.ts'
import { type Plan, summarise } from '../plan/plan.ts'
import { evaluatePolicies } from '../platform/policies.ts'
import { planText, publishPlan } from '../views/plan.ts'
import { withPorts } from './connections.ts'
import type { Context, Outcome } from './context.ts'
import { type PlatformTarget, declaredTarget } from './platform-target.ts'
import type { TargetInput } from './addresses.ts'

export type PlanKind = 'topic' | 'subject'

export interface PlanInput extends TargetInput {
  readonly allowRepartition: boolean
  readonly detailedExitcode: boolean
}

export interface PlanningOptions {
  readonly allowRepartition: boolean
  readonly only?: PlanKind
  /** told before each step, for a progress line */
  readonly onStep: (text: string) => void
}

/** Reads, compares and proves. */
export async function provenPlan(to: PlatformTarget, ports: Ports, options: PlanningOptions): Promise<Plan> {
  const { platform } = to
  const { onStep } = options
  if (platform.subjects.length > 0 && options.only !== 'topic' && !ports.registry)
    throw new EvplatError('usage', 'platform.yaml declares schemas, and no Schema Registry is named', {
      hint: 'name it with --registry URL, or as `registry` of the environment',
    })
  onStep('reading the cluster and the registry')
  const actual = await readActual(platform, ports, options)
  const plan = makePlan(platform, actual, {
    ...options,
    policyFindings: evaluatePolicies(platform),
    findings: to.findings,
  })
  onStep('asking whether they would make the changes')
  return prove(plan, platform, ports)
}

/** 3 when something is blocked (77 when all of it for want of rights), 2 for changes when asked for, else 0. */
export function exitCodeOf(plan: Plan, detailed: boolean): ExitCode {
  const blocked = plan.changes.flatMap((change) => change.blocked ?? [])
  if (blocked.length > 0)
    return blocked.every(({ code }) => code === 'not-authorised') ? exitCode.unauthorised : exitCode.blocked
  return detailed && plan.changes.length > 0 ? exitCode.changes : exitCode.ok
}

/** Shows the plan for everything, or for one kind. */
export async function showPlan(input: PlanInput, context: Context, only?: PlanKind): Promise<Outcome> {
  const to = await declaredTarget(input, context)
  const { allowRepartition } = input
  const progress = context.progress('planning')
  const options = { allowRepartition, onStep: (text: string) => progress.update(text), ...(only && { only }) }
  const plan = await withPorts(to, context, (ports) => provenPlan(to, ports, options)).finally(() => progress.end())
  return {
    value: publishPlan(plan, summarise(plan)),
    text: (style) => planText(plan, summarise(plan), style),
    exit: exitCodeOf(plan, input.detailedExitcode),
  }
}

export const run = (input: PlanInput, context: Context): Promise<Outcome> => showPlan(input, context)
