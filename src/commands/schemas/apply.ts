import { type ApplyInput, applyPlan } from '../apply.ts'
import type { Context, Outcome } from '../context.ts'

export const run = (input: ApplyInput, context: Context): Promise<Outcome> => applyPlan(input, context, 'subject')
