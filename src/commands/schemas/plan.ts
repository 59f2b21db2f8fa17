import type { Context, Outcome } from '../context.ts'
import { type PlanInput, showPlan } from '../plan.ts'

export const run = (input: PlanInput, context: Context): Promise<Outcome> => showPlan(input, context, 'subject')
