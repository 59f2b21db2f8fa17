import { EvplatError } from '../core/errors.ts'
import type { StackSettings } from '../platform/platform.ts'

/** A runtime that this version has. */
export type RuntimeName = 'native' | 'embedded'

/** The runtime that the stack runs on. Throws `not-in-this-version` for one that is not built yet. */
export function chooseRuntime({ runtime, places }: StackSettings): RuntimeName {
  if (runtime === 'auto') return 'native'
  if (runtime === 'native' || runtime === 'embedded') return runtime
  throw new EvplatError('not-in-this-version', `the runtime "${runtime}" is not in this version`, {
    ...(places?.runtime && { at: places.runtime }),
    hint: 'set `stack.runtime` in platform.yaml to `embedded`, which needs nothing but Node, or to `native`, which needs Java',
  })
}
