// `policies` of platform.yaml.
import * as z from 'zod/mini'
import { about, choice, text, wholeNumber } from './leaf.ts'
import { keyed, optional } from './shape-parts.ts'

const common = () => ({
  severity: optional(about('How much it counts; error unless said.', choice('error', 'warning', 'info'))),
  environments: optional(
    about(
      'Where the rule holds; everywhere unless said.',
      z.array(text('an environment', 'prod')).check(z.minLength(1)),
    ),
  ),
})

const rules = [
  keyed({
    rule: about('Topic names match a pattern.', z.literal('topic-name')),
    pattern: about('A regular expression that every topic name matches.', text('a regular expression', '^[a-z.]+$')),
    ...common(),
  }),
  keyed({ rule: about('Every topic has an owner.', z.literal('topic-owner')), ...common() }),
  keyed({
    rule: about('Topics have enough copies.', z.literal('replication')),
    min: about('The smallest number of copies.', wholeNumber(1, 32_767, '3')),
    ...common(),
  }),
  keyed({ rule: about('A plan deletes nothing.', z.literal('no-deletes')), ...common() }),
] as const

export const policiesShape = z.array(z.discriminatedUnion('rule', rules))

export type PolicyInput = z.infer<typeof policiesShape>[number]
