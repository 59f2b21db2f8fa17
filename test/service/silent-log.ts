// A log for tests that look at something else.
import type { Log } from '../../src/service/definition.ts'

const nothing = (): void => undefined

export const silentLog = (): Log => ({ debug: nothing, info: nothing, warn: nothing, error: nothing })
