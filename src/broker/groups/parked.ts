// A request that waits for its answer. It is answered once at most, and not at all when nobody listens any more.

/** Called at any time until the group is dead, also before the operation returns; it must not ask the coordinator anything itself. */
export type Reply<T> = (answer: T) => void

/** What the asker holds: when its connection is gone, nothing is answered. The member itself stays until its session ends. */
export interface Waiting {
  cancel(): void
}

export class Parked<T> implements Waiting {
  private reply: Reply<T> | undefined

  constructor(reply: Reply<T>) {
    this.reply = reply
  }

  answer(value: T): void {
    const { reply } = this
    this.reply = undefined
    reply?.(value)
  }

  cancel(): void {
    this.reply = undefined
  }
}
