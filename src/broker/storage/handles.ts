// Open files, few of them: the one that was not used for the longest time is closed when another is needed.
import fs from 'node:fs'

/** A file while it is open. `uses` counts work of the thread pool that must end before it is closed. */
interface Handle {
  readonly fd: number
  uses: number
  /** to be closed when the last use ends */
  isStale: boolean
}

export class Handles {
  private readonly most: number
  /** in the order of their last use */
  private readonly open = new Map<string, Handle>()

  constructor(most: number) {
    this.most = most
  }

  /** The descriptor of a file, good until the next call. With `create`, the file and its folder are made where they are missing. */
  fd(path: string, create: boolean): number {
    return this.handle(path, create).fd
  }

  /** Does asynchronous work on an open file, which stays open until `done` is called. */
  borrow(path: string): { readonly fd: number; done(): void } {
    const handle = this.handle(path, true)
    handle.uses++
    return {
      fd: handle.fd,
      done: () => {
        handle.uses--
        if (handle.isStale && handle.uses === 0) fs.closeSync(handle.fd)
      },
    }
  }

  /** Closes a file, once its last use has ended: another is to have its place, or its name. */
  close(path: string): void {
    const handle = this.open.get(path)
    if (!handle) return
    this.open.delete(path)
    if (handle.uses > 0) handle.isStale = true
    else fs.closeSync(handle.fd)
  }

  /** Closes all files below a folder. */
  closeFolder(path: string): void {
    for (const name of this.open.keys()) if (name.startsWith(`${path}/`)) this.close(name)
  }

  closeAll(): void {
    for (const path of this.open.keys()) this.close(path)
  }

  private handle(path: string, create: boolean): Handle {
    let handle = this.open.get(path)
    if (handle) this.open.delete(path)
    else {
      this.makeRoom()
      const flags = fs.constants.O_RDWR | (create ? fs.constants.O_CREAT : 0)
      handle = { fd: fs.openSync(path, flags), uses: 0, isStale: false }
    }
    this.open.set(path, handle) // last in the order
    return handle
  }

  private makeRoom(): void {
    while (this.open.size >= this.most) this.close(this.open.keys().next().value!)
  }
}
