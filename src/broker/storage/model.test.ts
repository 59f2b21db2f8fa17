// A log against a specification of a few lines, under random operations, restarts, kills and power losses.
// EVPLAT_MODEL_RUNS sets the number of runs; a failure prints its seed, which EVPLAT_MODEL_SEED plays again.
import fc from 'fast-check'
import { describe, test } from 'vitest'
import { compacted, defaultConfig } from '../../../test/support/log-fixture.ts'
import { Run } from '../../../test/support/log-model.ts'
import { operation } from '../../../test/support/log-operations.ts'
import type { LogConfig } from '../log-config.ts'

const runs = Number(process.env['EVPLAT_MODEL_RUNS'] ?? 150)
const seedGiven = process.env['EVPLAT_MODEL_SEED']

const small = { ...defaultConfig, 'segment.bytes': 500, 'index.interval.bytes': 120, 'retention.ms': -1 }
const configs: readonly (readonly [name: string, config: LogConfig])[] = [
  ['a log without limits', small],
  ['retention', { ...small, 'retention.ms': 80, 'retention.bytes': 1500 }],
  ['compaction', { ...small, ...compacted, 'min.cleanable.dirty.ratio': 0.3, 'delete.retention.ms': 60 }],
  ['both', { ...small, 'cleanup.policy': { delete: true, compact: true }, 'retention.bytes': 2000 }],
]

describe.each(configs)('%s', (_, config) => {
  test.each(['process', 'disk'] as const)(
    'does as the specification says, with durability `%s`',
    async (durability) => {
      const plan = fc.array(operation, { minLength: 5, maxLength: 60, size: 'max' })
      await fc.assert(
        fc.asyncProperty(plan, fc.nat(), (operations, seed) => new Run(durability, config, seed).play(operations)),
        {
          numRuns: Math.ceil(runs / 8),
          ...(seedGiven !== undefined && { seed: Number(seedGiven), endOnFailure: true }),
        },
      )
    },
    3_600_000,
  )
})
