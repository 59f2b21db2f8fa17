// What a start has opened, to be let go of in the other order where the start fails.

export interface Opened {
  add(close: () => unknown): void
  /** Never throws: the error of the start is the one to tell. */
  closeAll(): Promise<void>
}

export function opened(): Opened {
  const closes: (() => unknown)[] = []
  return {
    add: (close) => void closes.push(close),
    async closeAll() {
      for (const close of closes.splice(0).toReversed())
        await Promise.resolve()
          .then(close)
          .catch(() => undefined)
    },
  }
}
