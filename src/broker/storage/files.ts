// The file system as far as the broker needs it. Synchronous: one thread owns the state, and a write into the page cache takes
// microseconds; only syncing to the device is waited for. Implementations: disk, memory, and one that injects faults into another.

/** Paths are relative to the data folder, with `/` between their parts. */
export interface Files {
  /** names in a folder; empty when there is none */
  list(folder: string): string[]
  makeFolder(path: string): void
  /** a file that is opened when it is first used, and may be closed and opened again in between: handles are few */
  file(path: string): LogFile
  /** the whole of a small file, or undefined */
  read(path: string): Buffer | undefined
  /** replaces a small file so that a crash leaves the old or the new content; synced to the device */
  replace(path: string, content: Buffer): void
  /** gives a file the name `to`; a file that had it is gone */
  rename(from: string, to: string): void
  /** removes a file; nothing happens when it is not there */
  remove(path: string): void
  /** removes a folder with all that is in it; nothing happens when it is not there */
  removeFolder(path: string): void
  /** Throws `data-locked` when another process holds the data; the answer releases it. A lock of a dead process is taken over. */
  lock(): () => void
  /** closes what is open */
  close(): void
}

export interface LogFile {
  readonly path: string
  /** in bytes; 0 for a file that is not there yet */
  size(): number
  /** up to `length` bytes from `position`; fewer at the end */
  read(position: number, length: number): Buffer
  /** Writes at the end; answers the position of the first byte. Throws what the device says; then a part may have been written. */
  append(chunks: readonly Buffer[]): number
  /** cuts off what is from `size` on */
  truncate(size: number): void
  /** resolves when everything that was written before the call is on the device */
  sync(): Promise<void>
  syncNow(): void
}
