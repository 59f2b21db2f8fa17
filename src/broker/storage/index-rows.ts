// Rows of the sparse indexes of a segment, in Kafka's own formats, so that its tools read them.
import type { Files } from './files.ts'
import { lastOf } from './last-of.ts'

/** offset - base, then the position of the batch that ends with this offset; both 32 bits */
export const offsetRow = 8
/** the largest timestamp so far in 64 bits, then the last offset - base of the batch that has it in 32 */
export const timeRow = 12

export interface Rows {
  readonly count: number
  /** the bytes of row `n` */
  row(n: number): Buffer
}

/** Rows of a segment that is written to. */
export class GrowingRows implements Rows {
  private readonly width: number
  private buffer: Buffer = Buffer.alloc(0)
  count = 0

  constructor(width: number) {
    this.width = width
  }

  row(n: number): Buffer {
    return this.buffer.subarray(n * this.width, (n + 1) * this.width)
  }

  /** an empty row at the end, to be filled */
  add(): Buffer {
    const size = (this.count + 1) * this.width
    if (size > this.buffer.length) {
      const grown = Buffer.alloc(Math.max(this.width * 16, this.buffer.length * 2))
      this.buffer.copy(grown)
      this.buffer = grown
    }
    return this.row(this.count++)
  }

  bytes(): Buffer {
    return this.buffer.subarray(0, this.count * this.width)
  }
}

/** Rows that stay in their file: a search reads a few of them, and none is kept in memory. The file is first touched then. */
export function storedRows(files: Files, path: string, width: number): Rows {
  let count: number | undefined
  return {
    get count() {
      return (count ??= Math.floor(files.file(path).size() / width))
    },
    row: (n) => files.file(path).read(n * width, width),
  }
}

/** The same rows, to be added to. */
export function growingRows(rows: Rows, width: number): GrowingRows {
  if (rows instanceof GrowingRows) return rows
  const grown = new GrowingRows(width)
  for (let n = 0; n < rows.count; n++) rows.row(n).copy(grown.add())
  return grown
}

/** The last row whose key satisfies `isBefore`, which must hold for the first rows and fail for the rest; -1 when there is none. */
export function lastRow(rows: Rows, isBefore: (row: Buffer) => boolean): number {
  return lastOf(rows.count, (n) => isBefore(rows.row(n)))
}
