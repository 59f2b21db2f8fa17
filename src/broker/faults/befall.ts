// What befalls a request that a fault rule meets.
import type { Api } from '../../protocol/api.ts'
import { type ErrorName, errorCode } from '../../protocol/error-table.ts'
import type { Broker } from '../broker.ts'
import { type Answer, type Handler, hangUp, noAnswer } from '../handler.ts'
import { groupsIn } from './names-in.ts'
import { refuseAll } from './refuse-all.ts'
import type { FaultRule } from './rule.ts'

interface Request {
  readonly broker: Broker
  readonly handler: Handler
  readonly request: object
  readonly version: number
  /** does what the request asks for */
  readonly work: () => Answer<Api> | Promise<Answer<Api>>
  /** keeps the client's later requests waiting, as a slow broker does */
  readonly hold: () => () => void
}

type Result = Answer<Api> | Promise<Answer<Api>>

/** Does the request or not, and answers or not, as the rule says. */
export function befall(
  { do: deed, value }: FaultRule,
  { broker, handler, request, version, work, hold }: Request,
): Result {
  const then = (change: (answer: Answer<Api>) => Answer<Api>): Result => {
    const answer = work()
    return answer instanceof Promise ? answer.then(change) : change(answer)
  }
  switch (deed) {
    case 'error': {
      const code = errorCode(value as ErrorName)
      return handler.refuse
        ? handler.refuse(request as never, code)
        : refuseAll(handler.api, request, { version, code })
    }
    case 'delay': {
      const release = hold()
      const doLate = (): Result => {
        try {
          return work()
        } finally {
          release()
        }
      }
      return new Promise<void>((resolve) => void broker.waits.start(value as number, resolve)).then(doLate)
    }
    case 'move-coordinator':
      for (const group of groupsIn(request)) broker.groups.move(group, value as number)
      return work()
    case 'drop':
      return then(() => noAnswer)
    case 'disconnect-before':
      return hangUp
    case 'disconnect-after':
      return then(() => hangUp)
    case 'throttle':
      return then((answer) => (typeof answer === 'symbol' ? answer : { ...answer, throttleTimeMs: value as number }))
  }
}
