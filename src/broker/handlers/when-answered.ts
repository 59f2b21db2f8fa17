// Requests to the coordinator that may wait: what is answered at once goes out at once, the rest is parked while its connection lives.
import type { Reply, Waiting } from '../groups/parked.ts'
import type { Call } from '../handler.ts'

/** `ask` puts the request to the coordinator; `tell` makes the message of its answer. */
export function whenAnswered<A, R>(
  call: Call,
  ask: (reply: Reply<A>) => Waiting,
  tell: (answer: A) => R,
): R | Promise<R> {
  let atOnce: { readonly answer: A } | undefined
  let resolve: Reply<A> | undefined
  const waiting = ask((answer) => {
    if (resolve) resolve(answer)
    else atOnce = { answer }
  })
  if (atOnce) return tell(atOnce.answer)
  return new Promise((settle) => {
    const forget = call.onGone(() => waiting.cancel())
    resolve = (answer) => {
      forget()
      settle(tell(answer))
    }
  })
}
