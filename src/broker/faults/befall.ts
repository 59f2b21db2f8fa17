// What befalls a request that a fault rule meets.
import type { Api, ResponseWritten } from '../../protocol/api.ts'
import { type ErrorName, errorCode } from '../../protocol/error-table.ts'
import type { Broker } from '../broker.ts'
import { type Answer, type Call, type Handler, hangUp, noAnswer } from '../handler.ts'
import { groupsIn } from './names-in.ts'
import { refuseAll } from './refuse-all.ts'
import { divide, join } from './refuse-topic.ts'
import type { FaultRule } from './rule.ts'

type Result = Answer<Api> | Promise<Answer<Api>>

interface Request {
  readonly broker: Broker
  readonly handler: Handler
  readonly request: object
  readonly call: Call
  /** does what a request asks for: this one, or a part of it */
  readonly work: (request: object) => Result
  /** keeps the client's later requests waiting, as a slow broker does */
  readonly hold: () => () => void
}

function refuse({ value, match }: FaultRule, { broker, handler, request, call, work }: Request): Result {
  // nobody listens for an answer
  if ((request as { readonly acks?: number }).acks === 0) return hangUp
  const code = errorCode(value as ErrorName)
  const say = (part: object): ResponseWritten<Api> =>
    handler.refuse
      ? handler.refuse(part as never, code, { broker, call })
      : refuseAll(handler.api, part, { version: call.version, code })
  if (match.topic === undefined) return say(request)
  const { refused, rest } = divide(request, match.topic, (id) => broker.topics.byId(id)?.name)
  const told = say(refused)
  return rest ? after(work(rest), (done) => (typeof done === 'symbol' ? done : join(done, told))) : told
}

function after(answer: Result, change: (answer: Answer<Api>) => Answer<Api>): Result {
  return answer instanceof Promise ? answer.then(change) : change(answer)
}

/** Does the request or not, and answers or not, as the rule says. */
export function befall(rule: FaultRule, asked: Request): Result {
  const { broker, request, work, hold } = asked
  const ms = rule.value as number
  switch (rule.do) {
    case 'error':
      return refuse(rule, asked)
    case 'delay': {
      const release = hold()
      const doLate = (): Result => {
        try {
          return work(request)
        } finally {
          release()
        }
      }
      return new Promise<void>((resolve) => void broker.waits.start(ms, resolve)).then(doLate)
    }
    case 'move-coordinator':
      for (const group of groupsIn(request)) broker.groups.move(group, ms)
      return work(request)
    case 'drop':
      return after(work(request), () => noAnswer)
    case 'disconnect-before':
      return hangUp
    case 'disconnect-after':
      return after(work(request), () => hangUp)
    case 'throttle':
      return after(work(request), (answer) => (typeof answer === 'symbol' ? answer : { ...answer, throttleTimeMs: ms }))
  }
}
