// Who wants to hear when something moves. Listeners may come and go while they are told.

export class Listeners {
  private readonly all = new Set<{ readonly call: () => void }>()

  add(call: () => void): () => void {
    const listener = { call }
    this.all.add(listener)
    return () => this.all.delete(listener)
  }

  tell(): void {
    if (this.all.size === 0) return
    for (const listener of Array.from(this.all)) if (this.all.has(listener)) listener.call()
  }
}
