// What may happen to a log, at random.
import fc from 'fast-check'
import { recordTime, type TestRecord } from './log-fixture.ts'

export type Operation =
  | { readonly do: 'append'; readonly records: readonly TestRecord[]; readonly codec: number }
  | { readonly do: 'send'; readonly again: boolean; readonly count: number }
  | { readonly do: 'read'; readonly at: number; readonly maxBytes: number; readonly atLeastOne: boolean }
  | { readonly do: 'time'; readonly ms: number }
  | { readonly do: 'delete'; readonly at: number }
  | { readonly do: 'clean'; readonly ms: number }
  | { readonly do: 'settle' | 'restart' | 'kill' | 'power' | 'full' | 'refuse sync' }

const record = fc.record({
  key: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  value: fc.option(fc.string({ maxLength: 30 }), { nil: null, freq: 4 }),
  timestamp: fc.nat(60).map((ms) => recordTime + ms),
})
const weigh = <T>(weight: number, arbitrary: fc.Arbitrary<T>): fc.WeightedArbitrary<T> => ({ weight, arbitrary })
const one = <const D extends string>(name: D): fc.Arbitrary<{ do: D }> => fc.constant({ do: name })
export const operation: fc.Arbitrary<Operation> = fc.oneof(
  weigh(
    12,
    fc.record({
      do: fc.constant('append' as const),
      records: fc.array(record, { minLength: 1, maxLength: 4 }),
      codec: fc.oneof(weigh(6, fc.constant(0)), weigh(2, fc.constantFrom(1, 2, 4)), weigh(1, fc.constant(3))),
    }),
  ),
  weigh(4, fc.record({ do: fc.constant('send' as const), again: fc.boolean(), count: fc.integer({ min: 1, max: 3 }) })),
  weigh(
    4,
    fc.record({
      do: fc.constant('read' as const),
      at: fc.nat(1000),
      maxBytes: fc.nat(700),
      atLeastOne: fc.boolean(),
    }),
  ),
  weigh(2, fc.record({ do: fc.constant('time' as const), ms: fc.nat(70) })),
  weigh(1, fc.record({ do: fc.constant('delete' as const), at: fc.nat(1000) })),
  weigh(2, fc.record({ do: fc.constant('clean' as const), ms: fc.nat(40) })),
  weigh(3, one('settle')),
  weigh(1, one('restart')),
  weigh(1, one('kill')),
  weigh(1, one('power')),
  weigh(1, one('full')),
  weigh(1, one('refuse sync')),
)
