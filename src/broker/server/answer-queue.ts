// Answers go out in the order of the requests, whatever order they are ready in (Kafka's rule for a connection).

export type Chunks = readonly Buffer[]

/** A place in the queue, kept for one request. */
export interface Place {
  /** the answer; undefined for a request that gets none */
  fill(answer: Chunks | undefined): void
}

function sizeOf(answer: Chunks = []): number {
  return answer.reduce((sum, { length }) => sum + length, 0)
}

export class AnswerQueue {
  private readonly places: { answer: Chunks | undefined; isReady: boolean }[] = []
  private readonly write: (answer: Chunks) => void
  private held = 0

  constructor(write: (answer: Chunks) => void) {
    this.write = write
  }

  /** requests that wait for their answer, or for that of an earlier one */
  get length(): number {
    return this.places.length
  }

  /** bytes of answers that wait for that of an earlier request */
  get heldBytes(): number {
    return this.held
  }

  open(): Place {
    const place: { answer: Chunks | undefined; isReady: boolean } = { answer: undefined, isReady: false }
    this.places.push(place)
    return {
      fill: (answer) => {
        if (place.isReady) return
        place.answer = answer
        place.isReady = true
        this.held += sizeOf(answer)
        this.drain()
      },
    }
  }

  private drain(): void {
    while (this.places[0]?.isReady === true) {
      const { answer } = this.places.shift()!
      this.held -= sizeOf(answer)
      if (answer) this.write(answer)
    }
  }
}
