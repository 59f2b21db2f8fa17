// The published types of `evplat/testing` are written by hand, so that they name nothing of the house but what `@evplat/service` has;
// here they meet the real ones.
import { readFileSync } from 'node:fs'
import { expect, expectTypeOf, test } from 'vitest'
import type { Topic, Topics } from '../../src/service/definition.ts'
import * as real from '../../src/testing/start-service.ts'
import type * as published from '../../types/testing.d.ts'

interface Orders extends Topics {
  readonly orders: Topic<string, { readonly cents: bigint }, { readonly cents?: bigint }>
}

test('the types of `evplat/testing` are those of its sources', () => {
  expectTypeOf<published.TestOptions>().toEqualTypeOf<real.TestOptions>()
  expectTypeOf<published.TestedService<Orders>>().toEqualTypeOf<real.TestedService<Orders>>()
  expectTypeOf<published.BytesToSend>().toEqualTypeOf<real.BytesToSend>()
  expectTypeOf<typeof published.startService>().toEqualTypeOf<typeof real.startService>()
})

test('`evplat/testing` exports what its types declare, and nothing else', () => {
  const declared = readFileSync('types/testing.d.ts', 'utf8').matchAll(
    /^export (?:declare )?(?:function|const) (\w+)/gm,
  )
  expect(Object.keys(real)).toEqual([...declared].map(([, name]) => name))
})
