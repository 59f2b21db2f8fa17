import { EvplatError } from '../core/errors.ts'
import type { StackSettings } from '../platform/platform.ts'

/** The runtime that the stack runs on. Throws `not-in-this-version` for one that is not built yet. */
export function chooseRuntime({ runtime, places }: StackSettings): 'native' {
  if (runtime === 'auto' || runtime === 'native') return 'native'
  throw new EvplatError('not-in-this-version', `the runtime "${runtime}" is not in this version`, {
    ...(places?.runtime && { at: places.runtime }),
    hint: 'set `stack.runtime` in platform.yaml to `native`, which runs Kafka on the Java of this machine',
  })
}
