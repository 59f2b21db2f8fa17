// The published types of `evplat/embedded` are written by hand, so that they name nothing of the house; here they meet the real ones.
import { readFileSync } from 'node:fs'
import { expect, expectTypeOf, test } from 'vitest'
import type * as options from '../../src/stack/embedded/options.ts'
import * as real from '../../src/stack/embedded/start-embedded.ts'
import type * as published from '../../types/embedded.d.ts'

test('the types of `evplat/embedded` are those of its sources', () => {
  expectTypeOf<published.EmbeddedOptions>().toEqualTypeOf<options.EmbeddedOptions>()
  expectTypeOf<published.Embedded>().toEqualTypeOf<real.Embedded>()
  expectTypeOf<published.EmbeddedFaults>().toEqualTypeOf<real.EmbeddedFaults>()
  expectTypeOf<typeof published.startEmbedded>().toEqualTypeOf<typeof real.startEmbedded>()
})

test('`evplat/embedded` exports what its types declare, and nothing else', () => {
  const declared = readFileSync('types/embedded.d.ts', 'utf8').matchAll(
    /^export (?:declare )?(?:function|const) (\w+)/gm,
  )
  expect(Object.keys(real)).toEqual([...declared].map(([, name]) => name))
})
