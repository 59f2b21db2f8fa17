// One sync for all who wait for the same file: the group commit of `durability: disk`.
import type { LogFile } from './files.ts'

export class GroupSync {
  private readonly waiting = new Map<LogFile, Promise<void>>()
  private readonly running = new Map<LogFile, Promise<void>>()

  /**
   * Resolves when all that has been written to the file so far is on the device; rejects with what the device says.
   * A sync that already runs may have begun before the write, so the next one counts; all calls until it begins share it.
   */
  after(file: LogFile): Promise<void> {
    const found = this.waiting.get(file)
    if (found) return found
    const before = this.running.get(file) ?? Promise.resolve()
    const next = before
      .catch(() => undefined) // it was told to those who waited for it
      .then(() => {
        this.waiting.delete(file)
        const running = file.sync().finally(() => {
          if (this.running.get(file) === running) this.running.delete(file)
        })
        this.running.set(file, running)
        return running
      })
    this.waiting.set(file, next)
    return next
  }

  /** Resolves when no sync is under way or waited for; what failed was told to those who waited. */
  async idle(): Promise<void> {
    while (this.waiting.size + this.running.size > 0)
      await Promise.allSettled([...this.waiting.values(), ...this.running.values()])
  }
}
