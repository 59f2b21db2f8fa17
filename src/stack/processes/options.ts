import type { Layout } from '../layout.ts'
import { withLock } from './lock.ts'
import type { ProcessIdentity } from './operating-system.ts'

/** What every command that changes the stack needs of its caller. */
export interface StackOptions {
  /** the folder of platform.yaml, absolute */
  readonly folder: string
  readonly signal: AbortSignal
  /** a line that stays */
  readonly say: (message: string) => void
  /** a line that the next one replaces */
  readonly progress: (message: string) => void
}

/** How long another evplat may work on the same stack; its first start may have to fetch Kafka. */
const patienceMs = 900_000

/** Does `work` while no other evplat changes the stack. Throws `stack-busy` when another one does for too long. */
export function withStackLock<T>(layout: Layout, options: StackOptions, work: () => Promise<T>): Promise<T> {
  const { folder, signal, say } = options
  const onWait = ({ pid }: ProcessIdentity): void =>
    say(`another evplat (process ${pid}) is working on this stack, waiting for it`)
  return withLock(layout.lock, { title: `the stack in "${folder}"`, timeoutMs: patienceMs, signal, onWait }, work)
}
