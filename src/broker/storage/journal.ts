// The append log of what the broker remembers beside records: topics and their configs, offsets of groups.
import type { Files } from './files.ts'
import { type Cut, FramedFile } from './framed-file.ts'
import type { GroupSync } from './group-sync.ts'
import type { Journal } from './store.ts'

export interface JournalOptions {
  readonly files: Files
  /** given where a record counts only when the device has it */
  readonly sync: GroupSync | undefined
  readonly onCut: (cut: Cut) => void
}

/** The journal in the file `<name>.journal`. */
export function openJournal(name: string, { files, sync, onCut }: JournalOptions): Journal {
  const path = `${name}.journal`
  const framed = new FramedFile(files, path)
  let rewritten = 0 // what an earlier process wrote counts whole: it may pay to rewrite it
  return {
    replay: (each) => {
      let isWhole = true
      framed.replay(each, (cut) => {
        isWhole = false
        onCut(cut)
      })
      return isWhole
    },
    append: (record) => {
      framed.append(record)
      return sync?.after(framed.file)
    },
    rewrite: (records) => {
      framed.rewrite(records)
      rewritten = framed.file.size()
    },
    get size() {
      return Math.max(0, framed.file.size() - rewritten)
    },
  }
}
